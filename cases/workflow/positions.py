"""The respondent's position: what may be recorded, after what, and on whose word."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.timezone import now

from cases.days import due
from cases.models import Notice, RespondentPosition, Review, states
from cases.workflow.conditions import AGAINST, CONSENT, Position
from cases.workflow.engine import Act, TransitionRefused

StatedBy = RespondentPosition.StatedBy
SILENT = (Position.NONE_SOUGHT, Position.NOTICE_SENT, Position.NO_RESPONSE, Position.UNREACHABLE)
STATEMENTS = (*CONSENT, *AGAINST)
AFTER_NOTICE = (Position.NO_RESPONSE, Position.UNREACHABLE, Position.DEEMED_UNOPPOSED)
FOLLOWS: dict[str, frozenset[str]] = {
    Position.NONE_SOUGHT: frozenset({""}),
    Position.NOTICE_SENT: frozenset({"", *Position.values}),
    **{statement: frozenset({"", *Position.values}) for statement in (*CONSENT, Position.OPPOSES)},
    **{silence: frozenset({Position.NOTICE_SENT, *AFTER_NOTICE}) for silence in AFTER_NOTICE},
    Position.WITHDREW_CONSENT: frozenset(CONSENT),
}
"""After which positions each may be recorded; "" where there is none yet."""

RECORDING = "cases.review_case"
TAKING_IN = "cases.open_review"


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """What is recorded: who stated it, how, in which language, and what they had been told."""

    position: str
    stated_on: date
    stated_by: str = StatedBy.NOBODY
    means: str = RespondentPosition.Means.NONE
    language: str = ""
    interpreter: bool | None = None
    informed_of_consequences: bool = False
    reasons: str = ""


def objections(review: Review, statement: Statement, act: Act) -> list[str]:
    """Return every reason why it cannot be recorded; empty means that it can."""
    current = RespondentPosition.objects.current().filter(review=review).first()
    before = current.position if current else ""
    label = Position(statement.position).label
    reasons = []
    if review.status in states.ENDED:
        reasons.append(f"The review has ended: it is {review.get_status_display()}.")
    if before not in FOLLOWS[statement.position]:
        was = f'"{Position(before).label}"' if before else "no position"
        reasons.append(f'"{label}" cannot follow {was}.')
    if statement.position in STATEMENTS and statement.stated_by == StatedBy.NOBODY:
        reasons.append("Say who stated it: silence is no statement.")
    if statement.position in SILENT and statement.stated_by != StatedBy.NOBODY:
        reasons.append(f'"{label}" is nobody\'s statement.')
    if statement.position == Position.OPPOSES and not statement.reasons.strip():
        reasons.append("Give the reasons of the opposition.")
    if statement.stated_on > act.on:
        reasons.append("The day of the statement is in the future.")
    if (
        statement.position == Position.NO_RESPONSE
        and current is not None
        and current.answer_due_on is not None
        and current.answer_due_on >= act.on
    ):
        reasons.append(f"The time to answer runs until {current.answer_due_on}.")
    if statement.position == Position.UNREACHABLE and _may_have_arrived(review):
        reasons.append("The notice that was sent last has not come back.")
    return reasons


def _may_have_arrived(review: Review) -> bool:
    """Return whether a notice on record was sent, and the last one sent is not known returned."""
    sent = Notice.objects.filter(review=review, answer_due_on__isnull=False, sent_on__isnull=False)
    last = sent.order_by("-sent_on", "-id").values_list("returned_on", flat=True)[:1]
    return list(last) == [None]


@transaction.atomic
def record_position(review: Review, statement: Statement, act: Act) -> RespondentPosition:
    """Put the respondent's position on record, in place of the one before.

    Raises PermissionDenied, and TransitionRefused with every reason against it.
    """
    if not (act.by.has_perm(RECORDING) or act.by.has_perm(TAKING_IN)):
        raise PermissionDenied(f"Recording a position needs {RECORDING} or {TAKING_IN}.")
    locked = Review.objects.select_for_update(of=("self",)).get(pk=review.pk)
    if reasons := objections(locked, statement, act):
        raise TransitionRefused(statement.position, reasons)
    at = now()
    RespondentPosition.objects.current().filter(review=locked).update(superseded_at=at)
    return RespondentPosition.objects.create(
        review=locked,
        position=statement.position,
        stated_on=statement.stated_on,
        stated_by=statement.stated_by,
        means=statement.means,
        language=statement.language,
        interpreter=statement.interpreter,
        informed_of_consequences=statement.informed_of_consequences,
        reasons=statement.reasons.strip(),
        answer_due_on=answer_due(locked, statement.stated_on)
        if statement.position == Position.NOTICE_SENT
        else None,
        recorded_at=at,
        recorded_by=act.by,
    )


def answer_due(review: Review, sent_on: date) -> date:
    """Return until when an answer to a notice is waited for: longer without counsel."""
    office = review.case.office
    days = office.answer_days if office else 30
    if review.case.represented is not True:
        days += office.more_days_without_counsel if office else 15
    return due(sent_on, days)
