"""Bulk reviews: plan the chunks, let any worker take the next one, read the progress from the rows.

A chunk is one transaction under a lock on its row, so a killed worker leaves it to be done, and a
message delivered twice finds nothing to do.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from time import monotonic

from celery import current_app
from django.contrib.auth.models import User
from django.db import connection, transaction
from django.db.models import Count, F, Max, Q, QuerySet, Sum
from django.utils.timezone import now

from cases.accounts import machine_account
from screening.gather import Selection
from screening.models import BulkReview, BulkReviewChunk, BulkReviewMove, PolicyVersion
from screening.screen import screen

CHUNK_CASES = 10_000
"""About half a second of work: small enough to resume, large enough for the set-based shape."""
MAX_ATTEMPTS = 3
TASK = "screening.tasks.screen_next_chunk"
"""By name: the task calls this module, so this module does not import the task."""
STALLED_AFTER = timedelta(seconds=60)

Status = BulkReview.Status
TRANSITIONS: dict[str, tuple[frozenset[str], str]] = {
    "start": (frozenset({Status.PLANNED}), Status.RUNNING),
    "complete": (frozenset({Status.RUNNING}), Status.COMPLETED),
    "fail": (frozenset({Status.RUNNING}), Status.FAILED),
    "cancel": (frozenset({Status.PLANNED, Status.RUNNING}), Status.CANCELLED),
    "resume": (frozenset({Status.FAILED}), Status.RUNNING),
}


class MoveRefused(Exception):
    """The bulk review is not where this transition starts."""


@dataclass(frozen=True, slots=True)
class Progress:
    chunks: int
    chunks_done: int
    cases: int
    cases_done: int
    seconds: float


@dataclass(frozen=True, slots=True)
class Result:
    """What a review came to; `leading`: outcome, the criterion it rests on, number of cases."""

    cases: int
    in_scope: int
    outcomes: dict[str, int]
    leading: list[tuple[str, str, int]]
    written: int
    seconds: float
    cases_per_second: float


@transaction.atomic
def plan(
    *,
    version: PolicyVersion,
    as_of: date,
    by: User,
    office_ids: list[int] | None = None,
    chunk_cases: int = CHUNK_CASES,
) -> BulkReview:
    """Put a bulk review and its chunks on record, start it, and queue its work on commit."""
    review = BulkReview.objects.create(
        policy_version=version,
        as_of=as_of,
        known_at=now(),
        office_ids=office_ids,
        requested_by=by,
    )
    with connection.cursor() as cursor:
        cursor.execute(
            """
            WITH chosen AS (
                SELECT respondent_id,
                       (row_number() OVER (ORDER BY respondent_id) - 1) / %(size)s AS chunk
                  FROM cases_case
                 WHERE %(offices)s::bigint[] IS NULL OR office_id = ANY (%(offices)s::bigint[])
            ), -- a respondent with several cases belongs whole to the chunk of the first of them
            people AS (
                SELECT respondent_id, min(chunk) AS chunk, count(*) AS cases
                  FROM chosen GROUP BY respondent_id
            )
            INSERT INTO screening_bulkreviewchunk
                   (bulk_review_id, first, before, cases, attempts, error, written, outcomes,
                    "leading")
            SELECT %(review)s, min(respondent_id), max(respondent_id) + 1, sum(cases), 0, '', 0,
                   '{}', '{}'
              FROM people GROUP BY chunk ORDER BY chunk
            """,
            {"size": chunk_cases, "offices": office_ids, "review": review.pk},
        )
    advance(review, "start", by=by)
    finish_if_done(review)
    nudge(review)
    return review


@transaction.atomic
def advance(review: BulkReview, transition: str, *, by: User, note: str = "") -> BulkReviewMove:
    """Move the review and record the move; under a lock, so of two callers one is refused.

    Raises MoveRefused where the review is not where the transition starts.
    """
    sources, target = TRANSITIONS[transition]
    locked = BulkReview.objects.select_for_update().get(pk=review.pk)
    if locked.status not in sources:
        raise MoveRefused(f"The bulk review is {locked.get_status_display()}.")
    move = BulkReviewMove.objects.create(
        bulk_review=locked,
        transition=transition,
        source=locked.status,
        target=target,
        note=note[:300],
        by=by,
    )
    locked.status = target
    locked.ended_at = None if target == Status.RUNNING else now()
    locked.save(update_fields=["status", "ended_at"])
    review.refresh_from_db()
    return move


def cancel(review: BulkReview, *, by: User) -> BulkReviewMove:
    """Stop before the next chunk; what is written stays written."""
    return advance(review, "cancel", by=by)


def to_do(review: BulkReview) -> QuerySet[BulkReviewChunk]:
    """Return the chunks not done yet."""
    return review.chunks.filter(done_at=None)


def nudge(review: BulkReview) -> int:
    """Queue one message for each chunk not done, on commit; one too many does no harm."""
    waiting = to_do(review).count()
    for _ in range(waiting):
        transaction.on_commit(
            partial(current_app.send_task, TASK, [str(review.uuid)], queue="bulk")
        )
    return waiting


def work(review: BulkReview) -> bool:
    """Take the next chunk that nobody works on and do it; return whether there was one.

    A failure is counted on the chunk once its transaction is rolled back, and surfaces.
    """
    if review.status != Status.RUNNING:
        return False
    started = monotonic()
    chunk: BulkReviewChunk | None = None
    try:
        with transaction.atomic():
            chunk = to_do(review).select_for_update(skip_locked=True).order_by("id").first()
            if chunk is not None:
                _do(review, chunk, started)
    except Exception as error:  # counted, never swallowed
        if chunk is not None:
            review.chunks.filter(pk=chunk.pk).update(
                attempts=F("attempts") + 1, error=type(error).__name__
            )
            finish_if_done(review)
        raise
    finish_if_done(review)
    return chunk is not None


def _do(review: BulkReview, chunk: BulkReviewChunk, started: float) -> None:
    tally = screen(
        Selection(
            first=chunk.first,
            before=chunk.before,
            office_ids=None if review.office_ids is None else tuple(review.office_ids),
        ),
        version=review.policy_version,
        as_of=review.as_of,
        known_at=review.known_at,
        by=review.requested_by,
        bulk_review_id=review.pk,
    )
    chunk.outcomes = dict(tally.outcomes)
    chunk.leading = {f"{outcome} {code}": n for (outcome, code), n in tally.leading.items()}
    chunk.written = tally.written
    chunk.seconds = monotonic() - started
    chunk.done_at = now()
    chunk.save(update_fields=["outcomes", "leading", "written", "seconds", "done_at"])


def finish_if_done(review: BulkReview) -> None:
    """Complete the review once no chunk is left; fail it when one has failed too often."""
    review.refresh_from_db()
    if review.status != Status.RUNNING:
        return
    by = machine_account("screening")
    hopeless = to_do(review).filter(attempts__gte=MAX_ATTEMPTS).first()
    try:
        if hopeless is not None:
            advance(review, "fail", by=by, note=f"chunk {hopeless.pk}: {hopeless.error}")
        elif not to_do(review).exists():
            advance(review, "complete", by=by)
    except MoveRefused:
        review.refresh_from_db()  # another worker was first


def stalled() -> QuerySet[BulkReview]:
    """Return running reviews on which nothing has been finished for a minute."""
    before = now() - STALLED_AFTER
    return (
        BulkReview.objects.filter(status=Status.RUNNING, requested_at__lt=before)
        .annotate(last_done_at=Max("chunks__done_at"))
        .filter(Q(last_done_at=None) | Q(last_done_at__lt=before))
    )


def progress(review: BulkReview) -> Progress:
    """Return how far the review is, from its chunks."""
    every = review.chunks.aggregate(chunks=Count("id"), cases=Sum("cases"))
    done = review.chunks.exclude(done_at=None).aggregate(
        chunks=Count("id"), cases=Sum("cases"), last=Max("done_at")
    )
    end = review.ended_at or done["last"] or now()
    return Progress(
        chunks=every["chunks"],
        chunks_done=done["chunks"],
        cases=every["cases"] or 0,
        cases_done=done["cases"] or 0,
        seconds=(end - review.requested_at).total_seconds(),
    )


def result(review: BulkReview) -> Result:
    """Return what the chunks done so far add up to."""
    outcomes: Counter[str] = Counter()
    leading: Counter[str] = Counter()
    written = 0
    for chunk in review.chunks.exclude(done_at=None).iterator():
        outcomes.update(chunk.outcomes)
        leading.update(chunk.leading)
        written += chunk.written
    far = progress(review)
    return Result(
        cases=far.cases_done,
        in_scope=outcomes.total(),
        outcomes=dict(outcomes),
        leading=[
            (outcome, code, n)
            for key, n in leading.most_common()
            for outcome, _, code in [key.partition(" ")]
        ],
        written=written,
        seconds=far.seconds,
        cases_per_second=far.cases_done / far.seconds if far.seconds else 0.0,
    )
