"""What becomes of a notice, and what that lets be said of the respondent's position."""

from __future__ import annotations

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, transaction

from cases.models import Notice, RespondentPosition, Review
from cases.notices import make_notice, record_delivered, record_returned, record_sent
from cases.workflow import TransitionRefused, advance
from cases.workflow.positions import Statement, record_position
from tests.cases.notices.cast import decided, drafted, sent, with_order
from tests.cases.workflow.cast import ON, act, person, proposing

pytestmark = pytest.mark.django_db
CONSIDERATION = "notice-of-consideration"
LATER = date(2024, 8, 27)


@pytest.fixture
def clerk(db):
    return person("clerk")


@pytest.fixture
def review(db):
    return decided()


def positions(review):
    return list(review.positions.order_by("id").values_list("position", flat=True))


@pytest.mark.parametrize(
    ("means", "told"),
    [("mail", "letter"), ("e-mail", "e-mail"), ("in-person", "in-person"), ("portal", "portal")],
)
def test_sending_the_notice_records_the_position_and_waits_as_long_as_was_printed(
    review, clerk, means, told
):
    notice = make_notice(review, CONSIDERATION, "es", act(clerk))

    record_sent(notice, act(clerk), sent_on=ON, means=means)

    position = RespondentPosition.objects.current().get(review=review)
    assert (notice.sent_on, notice.sent_means, notice.sent_recorded_by) == (ON, means, clerk)
    assert (position.position, position.means, position.language) == ("notice-sent", told, "es")
    assert position.answer_due_on == notice.answer_due_on == date(2024, 9, 16)
    assert (position.stated_by, position.informed_of_consequences) == ("nobody", False)


def test_a_notice_of_an_order_asks_nothing_and_records_no_position(clerk):
    review = with_order("dismiss")
    notice = make_notice(review, "notice-of-order", "en", act(clerk))

    record_sent(notice, act(clerk), sent_on=ON, means="mail")

    assert positions(review) == []


def test_a_deadline_that_counts_from_another_day_is_not_sent(review, clerk):
    notice = make_notice(review, CONSIDERATION, "en", act(clerk))

    with pytest.raises(TransitionRefused, match="does not count from the day of sending"):
        record_sent(notice, act(clerk, LATER), sent_on=LATER, means="mail")

    assert Notice.objects.get().sent_on is None
    assert positions(review) == []


@pytest.mark.parametrize(
    ("sent_on", "reason"),
    [(LATER, "in the future"), (date(2024, 8, 14), "after the day of sending")],
)
def test_the_day_of_sending_is_neither_to_come_nor_before_its_date(review, clerk, sent_on, reason):
    notice = make_notice(review, CONSIDERATION, "en", act(clerk))

    with pytest.raises(TransitionRefused, match=reason):
        record_sent(notice, act(clerk), sent_on=sent_on, means="mail")


def test_a_notice_of_a_decision_that_no_longer_stands_is_not_sent(review, clerk):
    notice = make_notice(review, CONSIDERATION, "en", act(clerk))
    advance(review, "rescind", act(person("supervisor")))

    with pytest.raises(TransitionRefused, match="no longer what is decided"):
        record_sent(notice, act(clerk), sent_on=ON, means="mail")


def test_a_notice_of_another_form_is_not_sent(review, clerk):
    notice = make_notice(review, CONSIDERATION, "en", act(clerk))
    Review.objects.filter(pk=review.pk).update(form="termination", ground="relief")

    with pytest.raises(TransitionRefused, match="no longer what is decided"):
        record_sent(notice, act(clerk), sent_on=ON, means="mail")


def test_a_motion_is_filed_and_not_sent(clerk):
    attorney = person("attorney")
    motion = drafted("motion-to-dismiss")
    draft = make_notice(motion.review, "motion-to-dismiss", "en", act(attorney))

    with pytest.raises(TransitionRefused, match="it is not sent"):
        record_sent(draft, act(attorney), sent_on=ON, means="mail")


def test_each_fact_is_recorded_once(review, clerk):
    notice = sent(review, clerk)
    record_delivered(notice, act(clerk, LATER), delivered_on=LATER)
    record_returned(notice, act(clerk, LATER), returned_on=LATER, reason="Moved away")

    with pytest.raises(TransitionRefused, match="sent already"):
        record_sent(notice, act(clerk), sent_on=ON, means="mail")
    with pytest.raises(TransitionRefused, match="delivered already"):
        record_delivered(notice, act(clerk, LATER), delivered_on=LATER)
    with pytest.raises(TransitionRefused, match="came back already"):
        record_returned(notice, act(clerk, LATER), returned_on=LATER, reason="Again")
    for change in (
        {"sent_on": LATER},
        {"sent_means": "portal"},
        {"delivered_on": None, "delivery_recorded_by": None},
        {"return_reason": "Another"},
        {"returned_on": None, "return_reason": "", "return_recorded_by": None},
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            Notice.objects.filter(pk=notice.pk).update(**change)


def test_what_was_not_sent_neither_arrives_nor_comes_back(review, clerk):
    notice = make_notice(review, CONSIDERATION, "en", act(clerk))

    with pytest.raises(TransitionRefused, match="has not been sent"):
        record_delivered(notice, act(clerk), delivered_on=ON)
    with pytest.raises(TransitionRefused, match="has not been sent"):
        record_returned(notice, act(clerk), returned_on=ON, reason="Moved away")


@pytest.mark.parametrize("day", [date(2024, 8, 14), date(2024, 8, 28)])
def test_nothing_arrives_before_it_was_sent_or_in_the_future(review, clerk, day):
    notice = sent(review, clerk)

    with pytest.raises(TransitionRefused, match="before that of sending"):
        record_delivered(notice, act(clerk, LATER), delivered_on=day)


def test_what_came_back_says_why_and_does_not_arrive(review, clerk):
    notice = sent(review, clerk)

    with pytest.raises(TransitionRefused, match="Say why it came back"):
        record_returned(notice, act(clerk, LATER), returned_on=LATER, reason=" ")
    record_returned(notice, act(clerk, LATER), returned_on=LATER, reason="No such number")
    with pytest.raises(TransitionRefused, match="It came back: send another"):
        record_delivered(notice, act(clerk, LATER), delivered_on=LATER)


def not_reached(review, by):
    said = Statement(position="unreachable", stated_on=LATER)
    return record_position(review, said, act(by, LATER))


def test_only_returned_mail_lets_the_respondent_be_not_reached(review, clerk):
    notice = sent(review, clerk)

    with pytest.raises(TransitionRefused, match="has not come back"):
        not_reached(review, clerk)
    record_returned(notice, act(clerk, LATER), returned_on=LATER, reason="Moved away")
    not_reached(review, clerk)

    assert positions(review) == ["notice-sent", "unreachable"]


def test_of_several_notices_the_last_decides(review, clerk):
    first = sent(review, clerk)
    record_returned(first, act(clerk, LATER), returned_on=LATER, reason="Moved away")
    sent(review, clerk, on=LATER)

    with pytest.raises(TransitionRefused, match="has not come back"):
        not_reached(review, clerk)


def test_a_notice_that_the_office_sent_by_other_ways_leaves_it_to_the_person(review, clerk):
    record_position(review, Statement(position="notice-sent", stated_on=ON), act(clerk))

    not_reached(review, clerk)

    assert positions(review)[-1] == "unreachable"


def test_who_is_not_reached_goes_on_only_by_a_supervisor(review, clerk):
    attorney, supervisor = person("attorney"), person("supervisor")
    advance(review, "notify", act(clerk))
    notice = sent(review, clerk)
    record_returned(notice, act(clerk, LATER), returned_on=LATER, reason="Moved away")
    not_reached(review, clerk)

    with pytest.raises(TransitionRefused, match="not been reached"):
        advance(review, "accept-position", act(attorney, LATER))
    advance(review, "reconsider", act(attorney, LATER))
    advance(review, "go-on", act(supervisor, LATER))

    assert review.status != Review.Status.RECONSIDER


@pytest.mark.parametrize(
    "who",
    [
        pytest.param({"role": "recorder"}, id="without the permission"),
        pytest.param({"role": "clerk", "at": "LOS"}, id="the outsider"),
    ],
)
def test_who_may_not_record_is_refused(review, clerk, who):
    notice = sent(review, clerk)
    other = person(**who)

    with pytest.raises(PermissionDenied):
        record_delivered(notice, act(other, LATER), delivered_on=LATER)
    with pytest.raises(PermissionDenied):
        record_returned(notice, act(other, LATER), returned_on=LATER, reason="Moved away")
    with pytest.raises(PermissionDenied):
        record_sent(notice, act(other), sent_on=ON, means="mail")


def test_the_notice_may_be_given_again_after_another_decision(review, clerk):
    sent(review, clerk)
    attorney, supervisor = person("attorney"), person("supervisor")
    assert proposing(attorney).form is not None
    advance(review, "notify", act(clerk))
    advance(review, "reconsider", act(supervisor))

    sent(review, clerk, "en")

    assert positions(review) == ["notice-sent", "notice-sent"]
