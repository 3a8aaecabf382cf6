"""After closure over the API: recorded once, read by whoever may see the case, never moved."""

from __future__ import annotations

from datetime import timedelta
from itertools import count

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cases.models import PostClosureEvent, RecordRead, RestartReview
from cases.workflow import advance
from tests.api.test_cases import problem
from tests.cases.workflow.cast import (
    ON,
    act,
    case_in_court,
    closed_case,
    going_back,
    noticed,
    person,
)
from tests.cast import http, make_client, office

pytestmark = pytest.mark.django_db
EVENTS = "/api/v1/after-closure-events/"
RESTARTS = "/api/v1/restart-reviews/"
KEYS = count(1)
ARREST = {
    "kind": "arrest",
    "happened_on": str(ON),
    "source": "state-court",
    "source_record": "R-1",
    "trust": "fingerprint",
}


@pytest.fixture(autouse=True)
def today():
    with time_machine.travel(f"{ON}T12:00:00-04:00", tick=False):
        yield


@pytest.fixture
def agency():
    """The system of another agency, with every scope, in the office NYC."""
    client = make_client()
    client.offices.add(office())
    return http(client)


@pytest.fixture
def outsider():
    client = make_client()
    client.offices.add(office("LOS"))
    return http(client)


def of(case, below: str) -> str:
    return f"/api/v1/cases/{case.uuid}/{below}/"


def send(caller, case, below, body, key=None):
    headers = {"Idempotency-Key": key or f"k-{next(KEYS)}"}
    return caller.post(of(case, below), body, headers=headers)


def notify(caller, case, key=None, **given):
    return send(caller, case, "after-closure-events", ARREST | given, key)


# Events


def test_an_event_opens_a_review_and_a_second_notice_is_the_first(agency):
    case = closed_case()

    first, again = notify(agency, case), notify(agency, case, disposition="dropped")

    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json() == again.json() == agency.get(first["Location"]).json()
    event, review = PostClosureEvent.objects.get(), RestartReview.objects.get()
    assert (event.kind, event.disposition, review.status) == ("arrest", "", "open")
    case.refresh_from_db()
    assert case.status == "dismissed"


def test_the_same_key_gets_the_same_answer(agency):
    case = closed_case()

    first, again = notify(agency, case, "one"), notify(agency, case, "one")

    assert (again.status_code, again.json()) == (201, first.json())
    assert again["Idempotency-Replayed"] == "true"
    problem(notify(agency, case, "one", kind="charge"), 422, "idempotency-key-reused")


def test_every_reason_against_an_event_is_told(agency):
    told = problem(
        notify(agency, case_in_court(), happened_on="2030-01-01"), 409, "transition-refused"
    )

    said = [error["detail"] for error in told["errors"]]
    assert len(said) == 2
    assert "events are of closed cases" in said[0]
    assert "in the future" in said[1]
    assert not PostClosureEvent.objects.exists()


@pytest.mark.parametrize(
    ("given", "pointer"),
    [
        ({"kind": "rumour"}, "/kind"),
        ({"trust": "hearsay"}, "/trust"),
        ({"source": " "}, "/source"),
        ({"source_record": "R" * 81}, "/source_record"),
        ({"respondent": "Nobody"}, "/respondent"),
    ],
)
def test_what_is_no_event_is_refused_by_name(agency, given, pointer):
    told = problem(notify(agency, closed_case(), **given), 400, "invalid")

    assert [error["pointer"] for error in told["errors"]] == [pointer]


def test_events_are_narrowed_by_kind_and_since(agency):
    first = noticed(closed_case(), "arrest").case.events.get()
    with time_machine.travel(f"{ON + timedelta(days=1)}T12:00:00-04:00", tick=False):
        second = noticed(closed_case(), "conviction").case.events.get()

    def listed(**query):
        return [e["id"] for e in agency.get(EVENTS, query).json()["results"]]

    assert listed() == [str(first.uuid), str(second.uuid)]
    assert listed(kind="arrest") == [str(first.uuid)]
    assert listed(since=f"{ON + timedelta(days=1)}T00:00:00Z") == [str(second.uuid)]
    problem(agency.get(EVENTS, {"kind": "rumour"}), 400, "invalid")
    problem(agency.get(EVENTS, {"office": "NYC"}), 400, "invalid")


def test_pages_by_key_give_every_event_once(agency):
    events = [noticed(closed_case()).case.events.get() for _ in range(3)]
    url, seen = f"{EVENTS}?limit=2", []
    while url:
        answer = agency.get(url).json()
        seen += [e["id"] for e in answer["results"]]
        url = answer["next"]

    assert seen == [str(e.uuid) for e in events]


# Reviews of whether a case goes back


def test_a_restart_review_is_read_with_its_events_and_what_was_weighed(agency):
    review = noticed(closed_case("close-administratively"))
    attorney = person("attorney")
    advance(review, "take-up", act(attorney))
    advance(review, "propose", going_back(attorney, "recalendar", authority="8 CFR 1003.18(c)"))

    told = agency.get(f"{RESTARTS}{review.uuid}/").json()

    assert (told["status"], told["tool"], told["office"]) == (review.status, "recalendar", "NYC")
    assert told["factors"] == review.factors
    assert len(told["factors"]) == 8
    assert [e["kind"] for e in told["events"]] == ["conviction"]
    assert RecordRead.objects.get().case_uuid == review.case.uuid


def test_restart_reviews_are_narrowed_by_status_and_tool(agency):
    waiting, proposed = noticed(closed_case()), noticed(closed_case())
    attorney = person("attorney")
    advance(proposed, "take-up", act(attorney))
    advance(proposed, "propose", going_back(attorney, "reopen"))

    def listed(**query):
        return [r["id"] for r in agency.get(RESTARTS, query).json()["results"]]

    assert listed() == [str(waiting.uuid), str(proposed.uuid)]
    assert listed(status="open") == [str(waiting.uuid)]
    assert listed(tool="reopen") == [str(proposed.uuid)]
    problem(agency.get(RESTARTS, {"tool": "warrant"}), 400, "invalid")


def test_no_client_moves_a_restart_review(agency):
    review = noticed(closed_case())

    problem(agency.post(f"{RESTARTS}{review.uuid}/", {}), 405, "method-not-allowed")
    assert agency.post(f"{RESTARTS}{review.uuid}/moves/", {}).status_code == 404


# Who sees what


def test_another_offices_closed_cases_are_not_seen(outsider):
    review = noticed(closed_case())
    event = review.case.events.get()

    assert outsider.get(EVENTS).json()["results"] == []
    assert outsider.get(RESTARTS).json()["results"] == []
    for url in (f"{EVENTS}{event.uuid}/", f"{RESTARTS}{review.uuid}/"):
        problem(outsider.get(url), 404, "not-found")
    problem(notify(outsider, review.case), 404, "not-found")
    assert not RecordRead.objects.exists()


def test_a_protected_case_is_not_seen_without_the_permission(agency):
    review = noticed(closed_case())
    event = review.case.events.get()
    review.case.respondent.protected_1367 = True
    review.case.respondent.save()
    trusted = http(make_client(all_offices=True, sees_protected=True))

    assert agency.get(EVENTS).json()["results"] == agency.get(RESTARTS).json()["results"] == []
    for url in (f"{EVENTS}{event.uuid}/", f"{RESTARTS}{review.uuid}/"):
        problem(agency.get(url), 404, "not-found")
        assert trusted.get(url).status_code == 200
    problem(notify(agency, review.case), 404, "not-found")


def test_to_read_is_not_to_record(agency):
    case = closed_case()
    reader = make_client("aftermath:read")
    reader.offices.add(office())

    problem(notify(http(reader), case), 403, "permission-denied")
    assert not PostClosureEvent.objects.exists()


@pytest.mark.parametrize("url", [EVENTS, RESTARTS])
def test_a_longer_list_takes_no_more_queries(agency, url):
    def queries():
        with CaptureQueriesContext(connection) as made:
            assert agency.get(url).status_code == 200
        return len(made)

    noticed(closed_case())
    few = queries()
    for _ in range(4):
        noticed(closed_case())

    assert queries() == few


def test_a_review_of_many_events_takes_no_more_queries(agency):
    review = noticed(closed_case())
    url = f"{RESTARTS}{review.uuid}/"

    def queries():
        with CaptureQueriesContext(connection) as made:
            assert agency.get(url).status_code == 200
        return len(made)

    few = queries()
    for number in range(4):
        notify(agency, review.case, source_record=f"R-{number}")

    assert queries() == few
