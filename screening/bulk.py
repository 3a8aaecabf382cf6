"""Bulk reviews: a run over the docket that screens each chunk, and what it came to."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import QuerySet
from django.utils.timezone import now

from screening import runs
from screening.models import BulkReview, BulkReviewChunk, PolicyVersion
from screening.models.runs import Move
from screening.runs import (
    CHUNK_CASES,
    STALLED_AFTER,
    MoveRefused,
    Progress,
    advance,
    finish_if_done,
    progress,
    to_do,
)
from screening.screen import screen

__all__ = [
    "CHUNK_CASES",
    "STALLED_AFTER",
    "MoveRefused",
    "Progress",
    "Result",
    "advance",
    "cancel",
    "finish_if_done",
    "nudge",
    "plan",
    "progress",
    "result",
    "stalled",
    "to_do",
    "work",
]

TASK = "screening.tasks.screen_next_chunk"
"""By name: the task calls this module, so this module does not import the task."""


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
    runs.plan_chunks(review, chunk_cases=chunk_cases)
    advance(review, "start", by=by)
    finish_if_done(review)
    nudge(review)
    return review


def cancel(review: BulkReview, *, by: User) -> Move:
    """Stop before the next chunk; what is written stays written."""
    return advance(review, "cancel", by=by)


def nudge(review: BulkReview) -> int:
    """Queue one message for each chunk not done, on commit; one too many does no harm."""
    return runs.nudge(review, TASK)


def stalled() -> QuerySet[BulkReview]:
    """Return running reviews on which nothing has been finished for a minute."""
    return runs.stalled(BulkReview)


def work(review: BulkReview) -> bool:
    """Take the next chunk that nobody works on and do it; return whether there was one."""
    return runs.work(review, _do)


def _do(review: BulkReview, chunk: BulkReviewChunk) -> list[str]:
    tally = screen(
        runs.selection_of(review, chunk),
        version=review.policy_version,
        as_of=review.as_of,
        known_at=review.known_at,
        by=review.requested_by,
        bulk_review_id=review.pk,
    )
    chunk.outcomes = dict(tally.outcomes)
    chunk.leading = {f"{outcome} {code}": n for (outcome, code), n in tally.leading.items()}
    chunk.written = tally.written
    return ["outcomes", "leading", "written"]


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
