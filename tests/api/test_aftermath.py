"""After closure over the API: recorded once, read by whoever may see the case, never moved."""

from __future__ import annotations

from datetime import timedelta
from itertools import count

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cases.aftermath import recharge
from cases.models import (
    ApiRequest,
    Case,
    ContactChange,
    OnwardFiling,
    PostClosureEvent,
    RecordRead,
    RestartReview,
)
from cases.options import options_sheet
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
RECEIPT = "IOE0000000001"
ADDRESS = "1 False Street, Nowhere"
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
    assert (told["urgency"], told["urgency_as_of"]) == ("not-known", None)
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


# What was filed, and where the person is reached


def filed(caller, case, key=None, **given):
    body = {"form": "I-589", "filed_on": str(ON), "receipt": RECEIPT}
    return send(caller, case, "onward-filings", body | given, key)


def moved(caller, case, **given):
    body = {"kind": "address", "text": ADDRESS, "changed_on": str(ON), "source": "EOIR-33"}
    return send(caller, case, "contact-changes", body | given)


def returned(caller, case, on=ON):
    return send(caller, case, "returned-mail", {"returned_on": str(on)})


def without_names(scope: str):
    client = make_client("aftermath:read", scope)
    client.offices.add(office())
    return http(client)


def test_a_filing_is_told_with_what_follows_and_without_its_receipt(agency):
    case = closed_case()

    first, again = filed(agency, case), filed(agency, case)

    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json() == again.json()
    assert "counts from the day of this filing" in first.json()["warnings"][0]
    assert OnwardFiling.objects.get().receipt == RECEIPT
    assert RECEIPT not in str([kept.body for kept in ApiRequest.objects.all()])
    (told,) = agency.get(of(case, "onward-filings")).json()["results"]
    assert told == first.json() | {"receipt": RECEIPT}


def test_a_correction_supersedes_what_it_names(agency):
    case = closed_case()
    first = filed(agency, case, receipt="").json()

    corrected = filed(agency, case, replaces=first["id"])

    assert corrected.status_code == 201
    newest, before = agency.get(of(case, "onward-filings")).json()["results"]
    assert (newest["id"], newest["superseded_at"]) == (corrected.json()["id"], None)
    assert (before["id"], before["superseded_at"] is None) == (first["id"], False)
    told = problem(
        filed(agency, case, replaces=first["id"], form="I-130", receipt=""),
        409,
        "transition-refused",
    )
    assert "replaced already" in told["errors"][0]["detail"]


def test_a_correction_of_another_cases_filing_is_refused_by_name(agency):
    other = filed(agency, closed_case(), receipt="").json()

    told = problem(filed(agency, closed_case(), replaces=other["id"]), 400, "invalid")

    assert told["errors"][0]["pointer"] == "/replaces"


def test_every_reason_against_a_filing_is_told(agency):
    told = problem(
        filed(agency, case_in_court(), receipt="none", filed_on="2030-01-01"),
        409,
        "transition-refused",
    )

    assert len(told["errors"]) == 3
    assert not OnwardFiling.objects.exists()


def test_who_files_as_a_victim_is_out_of_sight_from_then_on(agency):
    case = closed_case()

    made = filed(agency, case, "victim", form="I-918", receipt="")

    assert made.status_code == 201
    problem(agency.get(of(case, "onward-filings")), 404, "not-found")
    problem(filed(agency, case, "victim", form="I-918", receipt=""), 404, "not-found")


def test_contact_is_recorded_and_its_text_not_answered(agency):
    case = closed_case()

    made = moved(agency, case)

    assert made.status_code == 201
    assert ContactChange.objects.get().text == ADDRESS
    assert ADDRESS not in made.content.decode()
    assert ADDRESS not in str([kept.body for kept in ApiRequest.objects.all()])
    (told,) = agency.get(made["Location"]).json()["results"]
    assert told == made.json() | {"text": ADDRESS}


def test_mail_that_came_back_is_told_of_the_address(agency):
    case = closed_case()
    moved(agency, case)

    made = returned(agency, case)

    assert made.status_code == 201
    assert ADDRESS not in made.content.decode()
    newest, before = agency.get(made["Location"]).json()["results"]
    assert (newest["returned_on"], newest["superseded_at"]) == (str(ON), None)
    assert (before["returned_on"], before["superseded_at"] is None) == (None, False)


def test_what_is_no_contact_or_no_returned_mail_is_refused(agency):
    case = closed_case()

    problem(returned(agency, case), 409, "transition-refused")
    problem(moved(agency, case, changed_on="2030-01-01"), 409, "transition-refused")
    moved(agency, case)
    problem(returned(agency, case, ON - timedelta(days=1)), 409, "transition-refused")
    told = problem(moved(agency, case, text=" ", kind="pigeon"), 400, "invalid")
    assert {error["pointer"] for error in told["errors"]} == {"/text", "/kind"}
    assert ContactChange.objects.count() == 1


@pytest.mark.parametrize("below", ["onward-filings", "contact-changes"])
def test_receipts_and_contact_are_told_with_the_scope_for_names_only(agency, below):
    case = closed_case()
    filed(agency, case)
    moved(agency, case)

    plain = without_names("cases:read").get(of(case, below))
    named = without_names("respondents:read").get(of(case, below))

    (seen,), (whole,) = plain.json()["results"], named.json()["results"]
    assert set(whole) - set(seen) <= {"receipt", "text"}
    assert RECEIPT not in plain.content.decode()
    assert ADDRESS not in plain.content.decode()
    assert whole.get("receipt", whole.get("text")) in (RECEIPT, ADDRESS)


@pytest.mark.parametrize("below", ["onward-filings", "contact-changes"])
def test_what_follows_closure_is_scoped_like_its_case(agency, outsider, below):
    case = closed_case()
    record = {"onward-filings": filed, "contact-changes": moved}[below]
    record(agency, case)

    problem(outsider.get(of(case, below)), 404, "not-found")
    problem(record(outsider, case), 404, "not-found")
    problem(returned(outsider, case), 404, "not-found")
    problem(record(without_names("cases:read"), case), 403, "permission-denied")
    case.respondent.protected_1367 = True
    case.respondent.save()
    problem(agency.get(of(case, below)), 404, "not-found")
    problem(record(agency, case), 404, "not-found")


def test_a_longer_story_of_a_case_takes_no_more_queries(agency):
    case = closed_case()
    moved(agency, case)
    filed(agency, case)

    def queries(below):
        with CaptureQueriesContext(connection) as made:
            assert agency.get(of(case, below)).status_code == 200
        return len(made)

    few = queries("onward-filings"), queries("contact-changes")
    for form in ("I-130", "I-485", "I-821"):
        filed(agency, case, form=form, receipt="")
        moved(agency, case, source=form)

    assert (queries("onward-filings"), queries("contact-changes")) == few


# What is open to the person, and the person's whole story


def test_what_is_open_is_told_with_what_was_filed_for_it(agency):
    case = closed_case(filing_channel="affirmative")
    made = filed(agency, case).json()

    told = agency.get(of(case, "options")).json()

    sheet = options_sheet(case, on=ON)
    assert (told["case"], told["on"], told["stands"]) == (str(case.uuid), str(ON), sheet.stands)
    assert [(o["code"], o["standing"]) for o in told["options"]] == [
        (o.code, o.standing) for o in sheet.options
    ]
    (asylum,) = (o for o in told["options"] if o["code"] == "asylum")
    assert [f["id"] for f in asylum["filed"]] == [made["id"]]
    assert [w["says"] for w in told["warnings"]] == [w.says for w in sheet.warnings]
    assert all(o["sources"] for o in told["options"])
    assert RECEIPT not in str(told)


def test_of_a_case_that_is_not_closed_nothing_is_open_yet(agency):
    told = agency.get(of(case_in_court(), "options")).json()

    assert "not closed" in told["stands"]
    assert told["options"] == told["warnings"] == []


def test_the_line_has_the_cases_before_and_after(agency):
    old = closed_case()
    new = recharge(old, act(person("recorder")))

    lines = [agency.get(of(case, "line")).json()["results"] for case in (old, new)]

    assert lines[0] == lines[1]
    assert [(c["id"], c["predecessor"]) for c in lines[0]] == [
        (str(old.uuid), None),
        (str(new.uuid), str(old.uuid)),
    ]


def test_the_line_leaves_out_another_offices_cases(agency, outsider):
    old = closed_case()
    new = recharge(old, act(person("recorder")))
    Case.objects.filter(pk=new.pk).update(office=office("LOS"))

    (before,) = agency.get(of(old, "line")).json()["results"]
    (after,) = outsider.get(of(new, "line")).json()["results"]

    assert (before["id"], before["predecessor"]) == (str(old.uuid), None)
    assert (after["id"], after["predecessor"]) == (str(new.uuid), None)


@pytest.mark.parametrize("below", ["options", "line"])
def test_options_and_line_are_scoped_like_their_case(agency, outsider, below):
    case = closed_case()
    narrow = make_client("cases:read")
    narrow.offices.add(office())

    assert agency.get(of(case, below)).status_code == 200
    problem(outsider.get(of(case, below)), 404, "not-found")
    problem(http(narrow).get(of(case, below)), 403, "permission-denied")
    problem(agency.post(of(case, below), {}), 405, "method-not-allowed")
    case.respondent.protected_1367 = True
    case.respondent.save()
    problem(agency.get(of(case, below)), 404, "not-found")


def test_more_filings_take_no_more_queries_for_what_is_open(agency):
    case = closed_case()

    def queries():
        with CaptureQueriesContext(connection) as made:
            assert agency.get(of(case, "options")).status_code == 200
        return len(made)

    few = queries()
    for form in ("I-130", "I-485", "I-821"):
        filed(agency, case, form=form, receipt="")

    assert queries() == few
