"""Runs over the docket: plan the chunks, let any worker take the next one, read the progress.

A chunk is one transaction under a lock on its row, so a killed worker leaves it to be done, and a
message delivered twice finds nothing to do. What a chunk does is told by who calls.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from time import monotonic
from typing import Any, TypeVar

from celery import current_app
from django.contrib.auth.models import User
from django.db import connection, transaction
from django.db.models import Count, F, Max, QuerySet, Sum
from django.utils.timezone import now

from cases.accounts import machine_account
from screening.gather import Selection
from screening.models.runs import Chunk, Move, Run

R = TypeVar("R", bound=Run)

CHUNK_CASES = 10_000
"""About half a second of work: small enough to resume, large enough for the set-based shape."""
MAX_ATTEMPTS = 3
STALLED_AFTER = timedelta(seconds=60)

Status = Run.Status
TRANSITIONS: dict[str, tuple[frozenset[str], str]] = {
    "start": (frozenset({Status.PLANNED}), Status.RUNNING),
    "complete": (frozenset({Status.RUNNING}), Status.COMPLETED),
    "fail": (frozenset({Status.RUNNING}), Status.FAILED),
    "cancel": (frozenset({Status.PLANNED, Status.RUNNING}), Status.CANCELLED),
    "resume": (frozenset({Status.FAILED}), Status.RUNNING),
}


class MoveRefused(Exception):
    """The run is not where this transition starts."""


@dataclass(frozen=True, slots=True)
class Progress:
    chunks: int
    chunks_done: int
    cases: int
    cases_done: int
    seconds: float


def plan_chunks(run: Run, *, chunk_cases: int) -> None:
    """Put on record which respondents each chunk of the run has."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT min(respondent_id), max(respondent_id) + 1, count(*)::int
              FROM ( -- of one rank, a respondent's cases are all in the chunk of the first
                SELECT respondent_id,
                       (rank() OVER (ORDER BY respondent_id) - 1) / %(size)s AS chunk
                  FROM cases_case
                 WHERE %(offices)s::bigint[] IS NULL OR office_id = ANY (%(offices)s::bigint[])
              ) ranked
             GROUP BY chunk ORDER BY chunk
            """,
            {"size": chunk_cases, "offices": run.office_ids},
        )
        ranges = cursor.fetchall()
    chunk_of = run.chunks.model
    key = run.chunks.field.name
    chunk_of.objects.bulk_create(
        [
            chunk_of(**{key: run}, first=first, before=before, cases=cases)
            for first, before, cases in ranges
        ]
    )


def selection_of(run: Run, chunk: Chunk) -> Selection:
    """Return which cases the chunk is about."""
    return Selection(
        first=chunk.first,
        before=chunk.before,
        office_ids=None if run.office_ids is None else tuple(run.office_ids),
    )


@transaction.atomic
def advance(run: Run, transition: str, *, by: User, note: str = "") -> Move:
    """Move the run and record the move; under a lock, so of two callers one is refused.

    Raises MoveRefused where the run is not where the transition starts.
    """
    sources, target = TRANSITIONS[transition]
    locked = _locked(run)
    if locked.status not in sources:
        name = str(locked._meta.verbose_name)
        raise MoveRefused(f"The {name} is {locked.get_status_display()}.")
    move: Move = locked.moves.create(
        transition=transition, source=locked.status, target=target, note=note[:300], by=by
    )
    locked.status = target
    locked.ended_at = None if target == Status.RUNNING else now()
    locked.save(update_fields=["status", "ended_at"])
    run.refresh_from_db()
    return move


def _locked(run: R) -> R:
    manager = type(run)._default_manager
    return manager.select_for_update().get(pk=run.pk)


def to_do(run: Run) -> QuerySet[Any]:
    """Return the chunks not done yet."""
    chunks: QuerySet[Any] = run.chunks.filter(done_at=None)
    return chunks


def nudge(run: Run, task: str) -> int:
    """Queue one message for each chunk not done, on commit; one too many does no harm."""
    waiting = to_do(run).count()
    for _ in range(waiting):
        transaction.on_commit(partial(current_app.send_task, task, [str(run.uuid)], queue="bulk"))
    return waiting


def nothing(_run: Run) -> None:
    """Settle nothing."""


def work(
    run: R, do: Callable[[R, Any], list[str]], *, settle: Callable[[R], None] = nothing
) -> bool:
    """Take the next chunk that nobody works on and do it; return whether there was one.

    `do` fills the chunk and returns which of its fields it filled. A failure is counted on the
    chunk once its transaction is rolled back, and surfaces.
    """
    if run.status != Status.RUNNING:
        return False
    started = monotonic()
    chunk: Chunk | None = None
    try:
        with transaction.atomic():
            chunk = to_do(run).select_for_update(skip_locked=True).order_by("id").first()
            if chunk is not None:
                filled = do(run, chunk)
                chunk.seconds = monotonic() - started
                chunk.done_at = now()
                chunk.save(update_fields=[*filled, "seconds", "done_at"])
    except Exception as error:  # counted, never swallowed
        if chunk is not None:
            run.chunks.filter(pk=chunk.pk).update(
                attempts=F("attempts") + 1, error=type(error).__name__
            )
            finish_if_done(run, settle=settle)
        raise
    finish_if_done(run, settle=settle)
    return chunk is not None


def finish_if_done(run: R, *, settle: Callable[[R], None] = nothing) -> None:
    """Complete the run once no chunk is left; fail it when one has failed too often.

    `settle` puts on record what the run came to, in the transaction that completes it.
    """
    run.refresh_from_db()
    if run.status != Status.RUNNING:
        return
    by = machine_account("screening")
    hopeless = to_do(run).filter(attempts__gte=MAX_ATTEMPTS).first()
    try:
        if hopeless is not None:
            advance(run, "fail", by=by, note=f"chunk {hopeless.pk}: {hopeless.error}")
        elif not to_do(run).exists():
            with transaction.atomic():
                locked = _locked(run)
                if locked.status == Status.RUNNING:
                    settle(locked)
                advance(run, "complete", by=by)
    except MoveRefused:
        run.refresh_from_db()  # another worker was first


def stalled(runs: type[R]) -> QuerySet[R]:
    """Return running ones on which nothing has been finished for a minute."""
    before = now() - STALLED_AFTER
    running = runs._default_manager.filter(status=Status.RUNNING, requested_at__lt=before)
    return running.exclude(chunks__done_at__gte=before)


def progress(run: Run) -> Progress:
    """Return how far the run is, from its chunks."""
    every = run.chunks.aggregate(chunks=Count("id"), cases=Sum("cases"))
    done = run.chunks.exclude(done_at=None).aggregate(
        chunks=Count("id"), cases=Sum("cases"), last=Max("done_at")
    )
    end = run.ended_at or done["last"] or now()
    return Progress(
        chunks=every["chunks"],
        chunks_done=done["chunks"],
        cases=every["cases"] or 0,
        cases_done=done["cases"] or 0,
        seconds=(end - run.requested_at).total_seconds(),
    )
