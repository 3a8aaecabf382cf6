"""The way back is timed from the moves on record, and what has not happened is not timed."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from io import StringIO

import pytest
import time_machine
from django.core.management import call_command

from cases.models import Case, RestartReview
from cases.restart_timings import STEPS, report
from cases.workflow import advance
from cases.workflow.court import Order, record_order
from tests.cases.workflow.cast import act, closed_case, going_back, noticed, person, reachable

pytestmark = pytest.mark.django_db


def at(month: int, day: int) -> datetime:
    return datetime(2024, month, day, 15, tzinfo=UTC)


def on(month: int, day: int) -> dict[str, date]:
    return {"on": date(2024, month, day), "happened_on": date(2024, month, day)}


@pytest.fixture
def recorder():
    return person("recorder")


def taken_back(decided: int, filed: int, ordered: int, *, by) -> RestartReview:
    """Bring a case back whose event of 1 September was noticed on the 11th."""
    attorney, supervisor = person("attorney"), person("supervisor")
    with time_machine.travel(at(9, 11), tick=False):
        case = closed_case("close-administratively", by=by)
        review = noticed(case, happened_on=date(2024, 8, 1))
        reachable(case)
        advance(review, "take-up", act(attorney))
        advance(review, "propose", going_back(attorney, "recalendar"))
    with time_machine.travel(at(10, decided), tick=False):
        advance(review, "approve", act(supervisor))
    with time_machine.travel(at(10, filed), tick=False):
        advance(review, "file", act(attorney, **on(10, filed)))
    with time_machine.travel(at(11, ordered), tick=False):
        case = Case.objects.get(pk=case.pk)
        record_order(case, Order(kind="recalendar"), act(by, **on(11, ordered)))
    review.refresh_from_db()
    return review


def test_each_step_is_counted_in_days(recorder):
    taken_back(1, 11, 10, by=recorder)
    taken_back(5, 25, 4, by=recorder)

    found = {t.step: t for t in report().timings}

    assert found.keys() == STEPS.keys()
    assert {step: (t.count, t.median) for step, t in found.items()} == {
        "event-to-review": (2, 41),
        "review-to-decision": (2, 22),
        "decision-to-filing": (2, 15),
        "filing-to-order": (2, 20),
    }
    filing = found["decision-to-filing"]
    assert (filing.p25, filing.p75, filing.p90) == (12.5, 17.5, 19)
    assert report().standing["recalendared"] == 2


def test_what_has_not_happened_is_not_timed(recorder):
    with time_machine.travel(at(9, 11), tick=False):
        noticed(closed_case(by=recorder), happened_on=None)

    found = {t.step: t for t in report().timings}

    assert {t.count for t in found.values()} == {0}
    assert {t.median for t in found.values()} == {None}
    assert report().standing["open"] == 1


def test_closing_without_action_is_a_decision(recorder):
    attorney = person("attorney")
    with time_machine.travel(at(9, 11), tick=False):
        review = noticed(closed_case(by=recorder))
    with time_machine.travel(at(9, 21), tick=False):
        advance(review, "close", act(attorney))

    found = {t.step: t for t in report().timings}

    assert (found["review-to-decision"].count, found["review-to-decision"].median) == (1, 10)
    assert found["decision-to-filing"].count == 0


def test_a_second_review_is_not_timed_from_the_events_of_the_first(recorder):
    with time_machine.travel(at(9, 11), tick=False):
        case = closed_case(by=recorder)
        advance(noticed(case, happened_on=date(2024, 8, 1)), "close", act(person("attorney")))
    with time_machine.travel(at(9, 21), tick=False):
        noticed(case, happened_on=date(2024, 8, 14))

    found = {t.step: t for t in report(opened_from=date(2024, 9, 12)).timings}

    assert (found["event-to-review"].count, found["event-to-review"].median) == (1, 38)
    assert report(opened_to=date(2024, 9, 10)).standing["open"] == 0


def test_the_command_prints_both_and_says_it_in_json(recorder):
    taken_back(1, 11, 10, by=recorder)
    told, shown = StringIO(), StringIO()

    call_command("restart_report", "--from", "2024-09-01", "--json", stdout=told)
    call_command("restart_report", stdout=shown)

    said = json.loads(told.getvalue())
    assert said["opened_from"] == "2024-09-01"
    assert [t["step"] for t in said["timings"]] == list(STEPS)
    assert said["timings"][0]["median"] == 41
    assert "review is opened" in shown.getvalue()
    assert "recalendared" in shown.getvalue()
