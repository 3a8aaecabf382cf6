"""An order recorded wrongly is put right: what was written first stays, and the days follow."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, transaction

from cases.models import Case, CourtOrder, Motion
from cases.workflow import TransitionRefused
from cases.workflow.corrections import correct_order
from cases.workflow.court import Order, record_act, record_order
from tests.cases.workflow.cast import (
    NOTE,
    ON,
    act,
    case_in_court,
    filed,
    make_review,
    person,
)

pytestmark = pytest.mark.django_db
EARLIER = ON - timedelta(days=9)


@pytest.fixture
def recorder(db):
    return person("recorder")


def ordered(recorder, kind="dismiss", **said) -> CourtOrder:
    return record_order(case_in_court(), Order(kind=kind, **said), act(recorder, document="DOC-1"))


def correct(order, by, *, ground="", with_prejudice=False, **said):
    given = {"document": "DOC-1", "actor": order.ordered_by, "happened_on": ON, "note": NOTE}
    return correct_order(
        order, act(by, **given | said), ground=ground, with_prejudice=with_prejudice
    )


def test_what_was_recorded_first_stays_beside_its_correction(recorder):
    order = ordered(recorder)

    made = correct(order, recorder, with_prejudice=True, ground="8 CFR 239.2(a)(7)")

    order.refresh_from_db()
    assert (made.corrects, made.why_corrected, made.recorded_by) == (order, NOTE, recorder)
    assert order.superseded_at == made.recorded_at
    assert (order.with_prejudice, made.with_prejudice) == (False, True)
    assert list(CourtOrder.objects.filter(superseded_at=None)) == [made]


def test_the_day_of_the_case_and_of_the_motion_follow(recorder):
    review = make_review()
    motion = filed(review, by=person("attorney"), supervisor=person("supervisor"))
    order = record_order(review.case, Order(kind="dismiss", motion=motion), act(recorder))

    correct(order, recorder, document=order.document, happened_on=EARLIER)

    case, motion = Case.objects.get(), Motion.objects.get()
    assert (case.completed_on, motion.ruled_on) == (EARLIER, EARLIER)
    assert case.status == Case.Status.DISMISSED


def test_no_day_follows_that_is_another_orders(recorder):
    order = ordered(recorder)
    record_act(order.case, "appeal", act(recorder))

    correct(order, recorder, happened_on=EARLIER)

    assert Case.objects.get().completed_on is None


def test_an_order_that_leaves_the_case_closed_moves_no_day_of_it(recorder):
    order = ordered(recorder, kind="close-administratively")
    refusal = record_order(order.case, Order(kind="refuse-to-recalendar"), act(recorder))

    correct(refusal, recorder, document=refusal.document, happened_on=EARLIER)

    assert Case.objects.get().completed_on == ON


def test_whoever_has_read_the_case_before_a_correction_reads_it_again(recorder):
    order = ordered(recorder)
    before = Case.objects.get().version

    correct(order, recorder, with_prejudice=True)

    assert Case.objects.get().version == before + 1


def test_a_correction_is_corrected_in_its_turn_and_the_first_no_more(recorder):
    order = ordered(recorder)
    second = correct(order, recorder, actor="Judge 21")
    third = correct(second, recorder, actor="Judge 22")

    with pytest.raises(TransitionRefused, match="corrected since"):
        correct(order, recorder, actor="Judge 23")
    assert (third.corrects, second.corrects) == (second, order)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({}, "Nothing differs from what is on record."),
        ({"note": "short"}, "Give the reason, in at least 20 characters."),
        ({"document": " "}, "Name the document of the act."),
        ({"actor": ""}, "Name who acted."),
        ({"happened_on": ON + timedelta(days=1)}, "it is not in the future"),
        ({"document": "DOC-2"}, "An order with this document is on record already."),
    ],
)
def test_a_correction_that_cannot_be_changes_nothing(recorder, change, reason):
    order = ordered(recorder)
    record_order(order.case, Order(kind="reopen"), act(recorder, document="DOC-2"))

    with pytest.raises(TransitionRefused, match=reason):
        correct(order, recorder, **change)

    order.refresh_from_db()
    assert order.superseded_at is None
    assert CourtOrder.objects.count() == 2


def test_what_ends_no_case_is_not_with_prejudice(recorder):
    with pytest.raises(TransitionRefused, match="Only a dismissal or a termination"):
        ordered(recorder, kind="close-administratively", with_prejudice=True)
    order = ordered(recorder, kind="close-administratively")

    with pytest.raises(TransitionRefused, match="Only a dismissal or a termination"):
        correct(order, recorder, with_prejudice=True)
    with pytest.raises(DatabaseError, match="is_with_prejudice"), transaction.atomic():
        CourtOrder.objects.create(
            case=order.case,
            kind="reopen",
            ordered_on=ON,
            ordered_by="Judge 21",
            document="DOC-3",
            recorded_by=recorder,
            with_prejudice=True,
        )


def test_who_may_not_record_orders_or_see_the_case_corrects_none(recorder):
    order = ordered(recorder)

    with pytest.raises(PermissionDenied):
        correct(order, person("attorney"), actor="Judge 21")
    with pytest.raises(TransitionRefused, match="not of an office whose cases you may see"):
        correct(order, person("recorder", at="LOS"), actor="Judge 21")


def test_the_database_refuses_a_correction_that_says_no_reason(recorder):
    order = ordered(recorder)

    with pytest.raises(DatabaseError, match="a_correction_says_why"), transaction.atomic():
        CourtOrder.objects.create(
            case=order.case,
            kind=order.kind,
            ordered_on=ON,
            ordered_by="Judge 21",
            document="DOC-3",
            recorded_by=recorder,
            corrects=order,
        )
