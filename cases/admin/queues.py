"""The queues of reviews: what waits, for whom, and what has waited too long."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from django.contrib.auth.models import User
from django.db.models import Exists, OuterRef, Q, QuerySet

from cases.models import Motion, RespondentPosition, Review, states
from cases.workflow.motions import overdue as motions_overdue

COUNTED_AT_MOST = 1_000
"""A queue longer than this is shown as such; nobody needs to know how much longer."""

Status = states.Review
Rows = QuerySet[Review]


@dataclass(frozen=True, slots=True)
class Queue:
    name: str
    label: str
    about: str
    rows: Callable[[Rows, User, date], Rows]


def _standing(*status: str) -> Callable[[Rows, User, date], Rows]:
    return lambda reviews, _by, _on: reviews.filter(status__in=status)


def overdue(reviews: Rows, _by: User, on: date) -> Rows:
    """Return those where the respondent's time to answer, or that of a motion, has run out."""
    unanswered = RespondentPosition.objects.current().filter(
        review=OuterRef("pk"), answer_due_on__lt=on
    )
    late = motions_overdue(Motion.objects.filter(review=OuterRef("pk")), on)
    return reviews.filter(
        Q(Exists(unanswered), status=Status.AWAITING_POSITION)
        | Q(Exists(late), status=Status.MOTION_FILED)
    )


QUEUES = (
    Queue(
        "mine",
        "Mine",
        "Open reviews that you have taken up.",
        lambda reviews, by, _on: reviews.exclude(status__in=states.ENDED).filter(attorney=by),
    ),
    Queue(
        "to-take-up",
        "To take up",
        "Screened, and waiting for an attorney. Take up any of them, whatever the outcome.",
        _standing(Status.SCREENED),
    ),
    Queue(
        "attorney",
        "With an attorney",
        "An attorney reads the case, and proposes a form of discretion or declines.",
        _standing(Status.ATTORNEY_REVIEW),
    ),
    Queue(
        "supervisor",
        "With a supervisor",
        "Proposed, or to be reconsidered; someone other than who proposed it decides.",
        _standing(Status.SUPERVISOR_REVIEW, Status.RECONSIDER),
    ),
    Queue(
        "to-notify",
        "To notify",
        "Approved; the respondent has not been asked for a position yet.",
        _standing(Status.APPROVED),
    ),
    Queue(
        "position",
        "Waiting for position",
        "The respondent has been asked. Silence is not consent.",
        _standing(Status.AWAITING_POSITION),
    ),
    Queue(
        "to-file",
        "Ready to file",
        "The motion is drafted, signed by a person and filed; the case is screened anew that day.",
        _standing(Status.READY_TO_FILE),
    ),
    Queue(
        "in-court",
        "Before the judge",
        "The motion is filed; what the judge orders is recorded by its document.",
        _standing(Status.MOTION_FILED),
    ),
    Queue(
        "overdue",
        "Overdue",
        "The time to answer the notice, or the motion, has run out.",
        overdue,
    ),
    Queue(
        "suspended",
        "Suspended",
        "Something new has come up; a person resumes the review or closes it.",
        _standing(Status.SUSPENDED),
    ),
    Queue(
        "waiting",
        "Waiting for evidence",
        "Evidence was asked for, or the screening has not come round yet.",
        _standing(Status.AWAITING_EVIDENCE, Status.QUEUED),
    ),
    Queue("ended", "Ended", "Nothing more happens in these reviews.", _standing(*states.ENDED)),
)
BY_NAME = {queue.name: queue for queue in QUEUES}


def counted(reviews: Rows, *, by: User, on: date) -> list[tuple[Queue, str]]:
    """Return every queue with how many are in it; counting stops where it is long."""
    return [
        (queue, _many(queue.rows(reviews, by, on))) for queue in QUEUES if queue.name != "ended"
    ]


def _many(reviews: Rows) -> str:
    found = reviews.order_by()[: COUNTED_AT_MOST + 1].count()
    return f"{COUNTED_AT_MOST:,}+" if found > COUNTED_AT_MOST else f"{found:,}"
