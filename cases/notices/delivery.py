"""What became of a notice: sent, delivered, returned. Each is put on record once."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import transaction

from cases.models import Notice, RespondentPosition, Review, states
from cases.notices.documents import DOCUMENTS
from cases.notices.make import check_permitted
from cases.workflow.engine import Act, TransitionRefused
from cases.workflow.positions import Statement, answer_due, record_position

MEANS = {
    Notice.Means.MAIL: RespondentPosition.Means.LETTER,
    Notice.Means.EMAIL: RespondentPosition.Means.EMAIL,
    Notice.Means.IN_PERSON: RespondentPosition.Means.IN_PERSON,
    Notice.Means.PORTAL: RespondentPosition.Means.PORTAL,
}
"""How the position on record says what the notice says."""


@transaction.atomic
def record_sent(notice: Notice, act: Act, *, sent_on: date, means: str) -> Notice:
    """Put on record that it was sent; of one that asks, the position "notice sent" follows.

    What is waited for is then what is printed: a notice whose deadline counts from another day
    than that of sending is refused. Raises PermissionDenied, and TransitionRefused with every
    reason against it.
    """
    review, locked = _lock(notice, act)
    reasons = []
    if locked.sent_on is not None:
        reasons.append("It was sent already.")
    if DOCUMENTS[locked.kind].is_motion:
        reasons.append("A motion is filed with the court, from the review; it is not sent.")
    if sent_on > act.on:
        reasons.append("The day of sending is in the future.")
    if sent_on < locked.dated_on:
        reasons.append(f"It is dated {locked.dated_on}, after the day of sending.")
    if locked.asks:
        reasons += _no_longer_true(locked, review, sent_on)
    _refuse("send", reasons)
    _set(locked, sent_on=sent_on, sent_means=means, sent_recorded_by=act.by)
    if locked.asks:
        said = Statement(
            position=RespondentPosition.Position.NOTICE_SENT,
            stated_on=sent_on,
            means=MEANS[Notice.Means(means)],
            language=locked.language,
        )
        record_position(review, said, act)
    return _again(notice)


def _no_longer_true(notice: Notice, review: Review, sent_on: date) -> list[str]:
    reasons = []
    if review.status not in states.DECIDED or review.form_id != notice.form_id:
        reasons.append("What it speaks of is no longer what is decided: make it again.")
    if answer_due(review, sent_on) != notice.answer_due_on:
        reasons.append(
            f"The deadline printed in it, {notice.answer_due_on}, does not count from the day of "
            "sending: make it again for that day."
        )
    return reasons


@transaction.atomic
def record_delivered(notice: Notice, act: Act, *, delivered_on: date) -> Notice:
    """Put on record that it reached the respondent. Raises PermissionDenied, TransitionRefused."""
    _, locked = _lock(notice, act)
    reasons = _after_sending(locked, delivered_on, act)
    if locked.delivered_on is not None:
        reasons.append("It was delivered already.")
    if locked.returned_on is not None:
        reasons.append("It came back: send another.")
    _refuse("deliver", reasons)
    _set(locked, delivered_on=delivered_on, delivery_recorded_by=act.by)
    return _again(notice)


@transaction.atomic
def record_returned(notice: Notice, act: Act, *, returned_on: date, reason: str) -> Notice:
    """Put on record that it came back, also from where it had been delivered, and why.

    Then "not reached" can be recorded as the position; a person does that. Raises
    PermissionDenied, TransitionRefused.
    """
    _, locked = _lock(notice, act)
    reasons = _after_sending(locked, returned_on, act)
    if locked.returned_on is not None:
        reasons.append("It came back already.")
    if not reason.strip():
        reasons.append("Say why it came back, as the carrier wrote it.")
    _refuse("return", reasons)
    _set(locked, returned_on=returned_on, return_reason=reason.strip(), return_recorded_by=act.by)
    return _again(notice)


def _lock(notice: Notice, act: Act) -> tuple[Review, Notice]:
    """Return the review and the notice, the latter locked; without the bytes."""
    review = Review.objects.get(pk=notice.review_id)
    check_permitted(act, review, DOCUMENTS[notice.kind])
    rows = Notice.objects.without_pdf().select_for_update(of=("self",))
    return review, rows.get(pk=notice.pk)


def _after_sending(notice: Notice, day: date, act: Act) -> list[str]:
    if notice.sent_on is None:
        return ["It has not been sent."]
    if not notice.sent_on <= day <= act.on:
        return [f"The day is before that of sending, {notice.sent_on}, or in the future."]
    return []


def _refuse(what: str, reasons: list[str]) -> None:
    if reasons:
        raise TransitionRefused(what, reasons)


def _set(notice: Notice, **facts: Any) -> None:
    Notice.objects.filter(pk=notice.pk).update(**facts)


def _again(notice: Notice) -> Notice:
    notice.refresh_from_db()
    return notice
