"""Closure batches: assembled, frozen, sampled, read blind, approved, executed item by item.

The gate is the one way in which many are approved together. Executing makes motions ready to sign;
people sign and file them.
"""

from __future__ import annotations

import secrets
from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta
from hashlib import sha256
from typing import Any

from celery import current_app
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db import connection, transaction
from django.db.models import Count, Exists, F, Max, OuterRef, QuerySet
from django.db.models.functions import Greatest
from django.utils.timezone import now

from cases.access import Access, of_user
from cases.models import (
    BatchItem,
    ClosureBatch,
    FormOfDiscretion,
    Office,
    Review,
    SampleReading,
    states,
)
from cases.samples import draw, sample_size
from cases.workflow import Act, TransitionRefused, advance, advance_many, begin, blockers
from cases.workflow.batch import READER
from cases.workflow.engine import among
from cases.workflow.motions import draft_motions

CHUNK_ITEMS = 2_000
"""Items of one transaction, where nothing else is asked for."""
STALLED_AFTER = timedelta(minutes=1)
TASK = "cases.tasks.execute_next_items"

FILTERS: dict[str, str] = {
    "courts": "case__court__code__in",
    "nationalities": "case__respondent__nationality__in",
    "represented": "case__represented",
    "filed_before": "case__asylum_filed_on__lt",
    "policy": "policy",
}
"""What a batch may be assembled by; the name people use, and the condition."""


class BatchChanged(Exception):
    """What is frozen is not what was looked at: `changes` say what moved, by item."""

    def __init__(self, changes: list[str]) -> None:
        super().__init__(f"{len(changes)} items have changed: {' '.join(changes[:5])}")
        self.changes = changes


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What a batch is assembled of, and what it proposes."""

    office: Office
    title: str
    form: FormOfDiscretion
    ground: str = ""
    authority: str = ""
    filters: dict[str, Any] | None = None
    limit: int | None = None
    planned_on: date | None = None
    confidence: float = 0.95
    tolerable_rate: float = 0.02


# Assembling and freezing


def eligible(wanted: Wanted, *, seen: Access) -> QuerySet[Review]:
    """Return the flagged reviews that wait for an attorney, and that the filter names.

    Only of cases that this access may see. Raises ValueError for a filter that there is not.
    """
    conditions = {}
    for name, value in (wanted.filters or {}).items():
        if name not in FILTERS:
            raise ValueError(f"There is no filter {name}; there are {', '.join(FILTERS)}.")
        conditions[FILTERS[name]] = value
    waiting = (
        Review.objects.visible_to(seen)
        .filter(
            status=states.Review.SCREENED,
            outcome="flagged",
            case__office=wanted.office,
            determination__isnull=False,
            stale=False,
            **conditions,
        )
        .exclude(Exists(_in_another_batch()))
        .order_by("pk")
    )
    return waiting[: wanted.limit] if wanted.limit else waiting


def _in_another_batch() -> QuerySet[BatchItem]:
    ended = (states.Batch.STOPPED, states.Batch.CANCELLED, states.Batch.RESCINDED)
    return BatchItem.objects.filter(review=OuterRef("pk"), status=BatchItem.Status.WAITING).exclude(
        batch__status__in=ended
    )


@transaction.atomic
def assemble(wanted: Wanted, *, by: User, on: date) -> ClosureBatch:
    """Put a batch of the eligible reviews on record. Raises PermissionDenied, ValueError."""
    # Of two who assemble in one office at once, the second sees what the first has taken.
    Office.objects.select_for_update().get(pk=wanted.office.pk)
    batch = ClosureBatch.objects.create(
        office=wanted.office,
        title=wanted.title,
        form=wanted.form,
        ground=wanted.ground,
        authority_cited=wanted.authority,
        filters={**(wanted.filters or {}), **({"limit": wanted.limit} if wanted.limit else {})},
        planned_on=wanted.planned_on,
        confidence=wanted.confidence,
        tolerable_rate=wanted.tolerable_rate,
        proposed_by=by,
    )
    begin(batch, "assemble", Act(by=by, on=on))
    reviews = eligible(wanted, seen=of_user(by))
    with connection.cursor() as cursor:
        cursor.execute(
            # Cases with the same criteria holding make a stratum: their profile.
            "INSERT INTO cases_batchitem (batch_id, review_id, number, determination,"
            " review_version, stratum, sampled, status, reasons)"
            " SELECT %s, id, row_number() OVER (ORDER BY id), determination, version,"
            " CASE WHEN length(profile) <= 100 THEN profile ELSE md5(profile) END,"
            " false, 'waiting', '{}'"
            " FROM (SELECT *, array_to_string(holds, ' ') AS profile FROM cases_review) r"
            " WHERE id = ANY (%s)",
            [batch.pk, list(reviews.values_list("pk", flat=True))],
        )
    return batch


def manifest(batch: ClosureBatch) -> str:
    """Return the hash over what the batch is about, as its reviews stand now.

    Over the ids of its reviews, their versions, determinations and policies, the form and its
    ground: whatever of these moves, moves the hash.
    """
    digest = sha256(f"{batch.office_id}/{batch.form_id}/{batch.ground}\n".encode())
    items = batch.items.order_by("number").values_list(
        "number",
        "review__uuid",
        "review__version",
        "review__determination",
        "review__policy",
        "review__stale",
    )
    for line in items.iterator(chunk_size=5_000):
        digest.update(("/".join(map(str, line)) + "\n").encode())
    return digest.hexdigest()


def changes(batch: ClosureBatch) -> list[str]:
    """Return what has moved since the batch was assembled, in sentences."""
    moved = batch.items.exclude(
        review__version=F("review_version"),
        review__determination=F("determination"),
        review__stale=False,
        review__status=states.Review.SCREENED,
    ).order_by("number")
    found = moved.values_list(
        "number", "review__status", "review__stale", "review__determination", "determination"
    )
    return [
        f"Item {number}: {_what_moved(status, stale, current != frozen)}."
        for number, status, stale, current, frozen in found
    ]


def _what_moved(status: str, stale: bool, screened_anew: bool) -> str:
    if status != states.Review.SCREENED:
        return f"the review is {states.Review(status).label}"
    if stale:
        return "there is new evidence"
    return "the case was screened again" if screened_anew else "the review has moved"


@transaction.atomic
def freeze(batch: ClosureBatch, *, seen: str, act: Act) -> None:
    """Freeze what was looked at: `seen` is the manifest that was shown.

    The seed of the sample is committed here, in the move, before anything is drawn. Raises
    BatchChanged where something moved since, PermissionDenied and TransitionRefused.
    """
    ClosureBatch.objects.select_for_update().get(pk=batch.pk)
    list(
        Review.objects.filter(batch_items__batch=batch)
        .select_for_update(of=("self",))
        .order_by("pk")
        .values_list("pk", flat=True)
    )
    if moved := changes(batch):
        raise BatchChanged(moved)
    if (found := manifest(batch)) != seen:
        raise BatchChanged(["What is in the batch is not what was shown; look at it again."])
    seed = secrets.token_hex(32)
    policies = batch.items.values_list("review__policy", flat=True).distinct().order_by()
    advance(
        batch,
        "freeze",
        Act(by=act.by, on=act.on, note=f"manifest {found}, seed {seed}", document=found[:100]),
    )
    batch.manifest_sha256, batch.seed = found, seed
    batch.items_frozen = batch.items.count()
    batch.policy = ", ".join(policies)[:50]
    batch.save(update_fields=["manifest_sha256", "seed", "items_frozen", "policy"])


# The sample


@transaction.atomic
def draw_sample(batch: ClosureBatch, act: Act) -> list[int]:
    """Draw what must be read, by the committed seed; return the numbers of the items."""
    drawn = redraw(batch)
    note = f"{len(drawn)} of {batch.items_frozen} by the committed seed"
    advance(batch, "draw", Act(by=act.by, on=act.on, note=note))
    batch.items.filter(number__in=drawn).update(sampled=True)
    return drawn


def redraw(batch: ClosureBatch) -> list[int]:
    """Return the numbers that the committed seed draws; anyone may check them."""
    strata: dict[str, list[int]] = defaultdict(list)
    for number, stratum in batch.items.order_by("number").values_list("number", "stratum"):
        strata[stratum].append(number)
    size = sample_size(
        batch.items_frozen or 0,
        confidence=float(batch.confidence),
        tolerable_rate=float(batch.tolerable_rate),
    )
    return draw(strata, size=size, seed=f"{batch.seed}:{batch.manifest_sha256}")


def to_read(batch: ClosureBatch, *, by: User) -> QuerySet[BatchItem]:
    """Return what this reader may still read of the sample; nothing for who proposed it."""
    if not by.has_perm(READER) or by.pk == batch.proposed_by_id:
        return batch.items.none()
    return batch.items.filter(sampled=True, reading=None)


@transaction.atomic
def read_item(item: BatchItem, *, would_close: bool, act: Act) -> SampleReading:
    """Put on record what a reader found, blind; the last reading passes or stops the batch.

    Raises PermissionDenied, and TransitionRefused where this person may not read this item.
    """
    if not act.by.has_perm(READER):
        raise PermissionDenied(f"Reading a sample needs {READER}.")
    batch = ClosureBatch.objects.select_for_update(of=("self",)).get(pk=item.batch_id)
    reasons = []
    if batch.status != states.Batch.READING:
        reasons.append(f"The batch is {batch.get_status_display()}.")
    if not ClosureBatch.objects.visible_to(of_user(act.by)).filter(pk=batch.pk).exists():
        reasons.append("It is not of an office whose cases you may see.")
    if not item.sampled:
        reasons.append("The item is not in the sample.")
    if SampleReading.objects.filter(item=item).exists():
        reasons.append("It has been read.")
    if batch.proposed_by_id == act.by.pk:
        reasons.append("You proposed this batch; someone else must read.")
    if not would_close and not act.note.strip():
        reasons.append("Say why you would not close it.")
    if reasons:
        raise TransitionRefused("read", reasons)
    reading = SampleReading.objects.create(
        item=item, reader=act.by, would_close=would_close, note=act.note.strip()
    )
    for name in ("pass", "stop"):
        if not blockers(batch, name, act):
            advance(batch, name, Act(by=act.by, on=act.on))
            if name == "stop":
                _drop_what_waits(batch, "The sample found an error; it is reviewed by itself.")
            break
    item.batch.refresh_from_db()
    return reading


# Approval and execution


@transaction.atomic
def approve(batch: ClosureBatch, act: Act) -> None:
    """Approve the batch as a second person. Raises PermissionDenied, TransitionRefused."""
    advance(batch, "approve", act)


@transaction.atomic
def execute(batch: ClosureBatch, act: Act, *, as_of: date | None = None) -> None:
    """Start, or go on after a pause; the work is queued on commit.

    `as_of` is the day on which each item is checked again, for a docket of the past; by default
    the day on which its turn comes.
    """
    advance(batch, "execute", act)
    nudge(batch, as_of=as_of)


def pause(batch: ClosureBatch, act: Act) -> None:
    """Stop before the next chunk; what is done stays done."""
    advance(batch, "pause", act)


@transaction.atomic
def cancel(batch: ClosureBatch, act: Act) -> None:
    """End it; what was approved by then stays approved, what waits drops out."""
    advance(batch, "cancel", act)
    _drop_what_waits(batch, "The batch was cancelled.")


@transaction.atomic
def rescind(batch: ClosureBatch, act: Act) -> None:
    """Take the whole batch back, as long as no motion of it has been filed."""
    advance(batch, "rescind", act)
    done = batch.items.filter(status=BatchItem.Status.DONE)
    advance_many(
        Review.objects.filter(pk__in=done.values("review"), status__in=states.DECIDED),
        "rescind",
        act,
    )
    done.update(status=BatchItem.Status.RESCINDED)
    _drop_what_waits(batch, "The batch was taken back.")


def _drop_what_waits(batch: ClosureBatch, reason: str) -> None:
    batch.items.filter(status=BatchItem.Status.WAITING).update(
        status=BatchItem.Status.DROPPED, reasons=[reason], ended_at=now()
    )


def nudge(batch: ClosureBatch, *, as_of: date | None = None) -> None:
    """Queue a message for the next chunk, on commit; one too many does no harm."""
    arguments = [str(batch.uuid), as_of and as_of.isoformat()]
    transaction.on_commit(lambda: current_app.send_task(TASK, arguments, queue="bulk"))


def stalled() -> list[ClosureBatch]:
    """Return the executing batches of which nothing has ended for a minute."""
    executing = ClosureBatch.objects.filter(status=states.Batch.EXECUTING)
    latest = Greatest(F("changed_at"), Max("items__ended_at"))
    return list(executing.alias(latest=latest).filter(latest__lt=now() - STALLED_AFTER))


@transaction.atomic
def work(batch: ClosureBatch, *, on: date, items: int = CHUNK_ITEMS) -> bool:
    """Execute the next items that nobody works on; return whether there may be more.

    One transaction: a killed worker leaves its items waiting, and a second one takes others.
    """
    # Shared: workers do not wait for each other, but a pause waits for them, and they for it.
    with connection.cursor() as cursor:
        cursor.execute("SELECT status FROM cases_closurebatch WHERE id = %s FOR SHARE", [batch.pk])
        if cursor.fetchone() != (states.Batch.EXECUTING,):
            return False
    waiting = batch.items.filter(status=BatchItem.Status.WAITING)
    locked = waiting.order_by("id").select_for_update(skip_locked=True, of=("self",))
    chunk = dict(locked.values_list("review", "pk")[:items])
    if not chunk:
        return False
    reasons = _changed_since(chunk)
    act = Act(
        by=_approver(batch),
        proposer=batch.proposed_by,
        on=on,
        note=f"Closure batch {batch.pk}, manifest {batch.manifest_sha256}.",
        criteria=("batch",),
        form=batch.form,
        ground=batch.ground,
        authority=batch.authority_cited,
        consequences_read=True,
    )
    unchanged = [pk for pk in chunk if pk not in reasons]
    made = advance_many(Review.objects.filter(pk__in=among(unchanged)), "approve-in-batch", act)
    draft_motions(Review.objects.filter(pk__in=among(made.moved)), act)
    _end(
        [chunk[pk] for pk in made.moved],
        {chunk[pk]: r for pk, r in (reasons | made.blocked).items()},
    )
    return True


def _approver(batch: ClosureBatch) -> User:
    if batch.approved_by is None:
        raise PermissionDenied("Nobody has approved the batch.")
    return batch.approved_by


def _changed_since(chunk: dict[int, int]) -> dict[int, list[str]]:
    moved = BatchItem.objects.filter(pk__in=among(chunk.values())).exclude(
        review__version=F("review_version"), review__determination=F("determination")
    )
    return {
        review: ["It has changed since the batch was frozen."]
        for review in moved.values_list("review", flat=True)
    }


def _end(done: list[int], dropped: dict[int, list[str]]) -> None:
    at = now()
    BatchItem.objects.filter(pk__in=among(done)).update(status=BatchItem.Status.DONE, ended_at=at)
    by_reasons: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for pk, reasons in dropped.items():
        by_reasons[tuple(reasons)].append(pk)
    for said, pks in by_reasons.items():
        BatchItem.objects.filter(pk__in=among(pks)).update(
            status=BatchItem.Status.DROPPED, reasons=list(said), ended_at=at
        )


@transaction.atomic
def finish_if_done(batch: ClosureBatch, *, on: date) -> bool:
    """Complete the batch whose every item has ended; return whether it is complete now."""
    locked = ClosureBatch.objects.select_for_update(of=("self",)).get(pk=batch.pk)
    waiting = locked.items.filter(status=BatchItem.Status.WAITING)
    if locked.status != states.Batch.EXECUTING or waiting.exists():
        return locked.status == states.Batch.COMPLETED
    advance(locked, "complete", Act(by=_approver(locked), on=on))
    ClosureBatch.objects.filter(pk=batch.pk).update(ended_at=now())
    return True


# What is shown of it


def progress(batch: ClosureBatch) -> dict[str, int]:
    """Return the number of items by status."""
    counted = batch.items.order_by().values_list("status").annotate(Count("pk"))
    return {str(value): 0 for value in BatchItem.Status.values} | dict(counted)


def dropped(batch: ClosureBatch) -> list[tuple[str, int]]:
    """Return why items dropped out, with how many, the most frequent first."""
    found = (
        batch.items.filter(status=BatchItem.Status.DROPPED)
        .order_by()
        .values_list("reasons")
        .annotate(Count("pk"))
    )
    counts: dict[str, int] = defaultdict(int)
    for reasons, count in found:
        for reason in reasons:
            counts[reason] += count
    return sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
