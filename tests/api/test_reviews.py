"""Reviews over the API: opened, read, moved on; what is in the way, and who never may."""

from __future__ import annotations

from datetime import date
from itertools import count

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from cases.access import SCOPES, STAFF_PERMISSIONS, of_client, of_user
from cases.models import Case, Motion, Move, RecordRead, Review, SafeguardStep
from cases.workflow import TRANSITIONS, permitted, sentence
from cases.workflow.review_guards import screening_is_stale
from cases.workflow.ways import by_hand
from tests.api.test_cases import problem
from tests.cases.workflow.cast import (
    NOTE,
    ON,
    approved,
    case_in_court,
    filed,
    joins,
    make_review,
    person,
    ready,
)
from tests.cast import http, make_client, office, staff

pytestmark = pytest.mark.django_db
REVIEWS = "/api/v1/reviews/"
KEYS = count(1)
PEOPLE = ("attorney", "supervisor", "recorder")


@pytest.fixture(autouse=True)
def today():
    with time_machine.travel(f"{ON}T12:00:00-04:00", tick=False):
        yield


def browser(user) -> APIClient:
    caller = APIClient()
    caller.force_login(user)
    return caller


def one_of(role: str):
    """Return a person of the role who may also look at reviews."""
    user = person(role)
    user.user_permissions.add(*staff().user_permissions.all())
    return user


@pytest.fixture
def attorney():
    return one_of("attorney")


@pytest.fixture
def supervisor():
    return one_of("supervisor")


@pytest.fixture
def recorder():
    return one_of("recorder")


@pytest.fixture
def agency():
    """The system of another agency, with every scope, in the office NYC."""
    client = make_client()
    client.offices.add(office())
    return client


def url(thing, below: str = "") -> str:
    return f"/api/v1/{'motions' if isinstance(thing, Motion) else 'reviews'}/{thing.uuid}/{below}"


def seen(caller: APIClient, thing) -> str:
    return caller.get(url(thing))["ETag"]


def post(caller: APIClient, address: str, body: dict, tag: str | None = None):
    headers = {"Idempotency-Key": f"key-{next(KEYS)}"} | ({"If-Match": tag} if tag else {})
    return caller.post(address, body, headers=headers)


def move(caller: APIClient, thing, transition: str, **said):
    return post(
        caller, url(thing, "moves/"), {"transition": transition} | said, seen(caller, thing)
    )


def reasons(response) -> list[str]:
    body = problem(response, 409, "transition-refused")
    assert {error["code"] for error in body["errors"]} == {"blocked"}
    return [error["detail"] for error in body["errors"]]


PROPOSAL = {
    "note": NOTE,
    "criteria": ["MI-01"],
    "form": "dismissal",
    "ground": "7",
    "consequences_read": True,
}


def test_a_review_goes_from_the_attorney_to_the_order_over_the_api(attorney, supervisor, recorder):
    review = make_review()
    theirs, above, court = browser(attorney), browser(supervisor), browser(recorder)

    assert move(theirs, review, "take-up").status_code == 201
    assert move(theirs, review, "propose", **PROPOSAL).status_code == 201
    approve = {"note": NOTE, "criteria": ["MI-01"]}
    assert move(above, review, "approve", **approve).status_code == 201
    assert move(theirs, review, "notify").status_code == 201
    stated = {
        "position": "joins",
        "stated_on": str(ON),
        "stated_by": "counsel",
        "means": "letter",
        "language": "es",
        "informed_of_consequences": True,
    }
    recorded = post(theirs, url(review, "positions/"), stated, seen(theirs, review))
    assert (recorded.status_code, recorded.json()["position"]) == (201, "joins")
    assert move(theirs, review, "accept-position").status_code == 201
    drafted = post(theirs, url(review, "motions/"), {}, seen(theirs, review))
    assert (drafted.status_code, drafted.json()["joint"]) == (201, True)
    motion = Motion.objects.get()
    assert move(above, motion, "sign").status_code == 201
    assert move(theirs, review, "file", document="DOC-1").status_code == 201
    case = Case.objects.get()
    order = {
        "kind": "dismiss",
        "motion": str(motion.uuid),
        "ordered_on": str(ON),
        "ordered_by": "Immigration judge 12",
        "document": "ORDER-1",
    }
    orders = f"/api/v1/cases/{case.uuid}/orders/"
    done = post(court, orders, order, f'"{case.version}"')

    assert (done.status_code, done.json()["motion"]) == (201, str(motion.uuid))
    case.refresh_from_db()
    review.refresh_from_db()
    assert (case.status, review.status) == (Case.Status.DISMISSED, Review.Status.GRANTED)
    assert court.get(orders).json()["results"] == [done.json()]
    told = theirs.get(url(review, "moves/")).json()["results"]
    made = {(m["machine"], m["transition"]) for m in told}
    assert made > {("motion", "sign"), ("motion", "grant"), ("review", "granted")}
    assert {m["by"] for m in told} >= {attorney.username, supervisor.username, recorder.username}


def test_a_detail_says_which_moves_leave_from_here_and_what_is_in_the_way(attorney):
    review = make_review(outcome="insufficient", stale=True)
    caller = browser(attorney)

    body = caller.get(url(review)).json()
    ways = {way["transition"]: way for way in body["transitions"]}

    assert set(ways) == {"take-up", "request-evidence", "suspend"}
    assert ways["take-up"] == {
        "transition": "take-up",
        "label": "Take up",
        "target": "attorney-review",
        "asks": [],
        "law": "",
        "permitted": True,
        "blockers": [],
    }
    move(caller, review, "take-up")
    ways = {way["transition"]: way for way in caller.get(url(review)).json()["transitions"]}
    assert ways["propose"]["asks"] == ["note", "criteria", "form", "consequences"]
    assert len(ways["propose"]["blockers"]) == 2
    assert any("new evidence" in reason for reason in ways["propose"]["blockers"])
    assert ways["decline"]["blockers"] == []
    assert RecordRead.objects.filter(case_uuid=review.case.uuid).count() >= 2


def test_the_detail_has_the_position_the_safeguards_and_the_motion(attorney, supervisor):
    review = make_review(case_in_court(represented=False))
    empty = browser(attorney).get(url(review)).json()
    assert (empty["position"], empty["motion"]) == (None, None)
    for step in SafeguardStep.objects.all():
        body = {"note": "Handed over in person, in Spanish."}
        caller = browser(attorney)
        done = post(caller, url(review, f"safeguards/{step.step}/"), body, seen(caller, review))
        assert done.status_code == 201
    ready(review, by=attorney, supervisor=supervisor)

    body = browser(attorney).get(url(review)).json()

    assert body["position"]["position"] == "joins"
    assert body["motion"]["status"] == "signed"
    assert {s["step"] for s in body["safeguards"]} == {"plain-notice", "help-list"}
    assert all(s["done_at"] and s["text"] and s["note"] for s in body["safeguards"])


def test_a_refusal_gives_every_reason_and_changes_nothing(attorney):
    review = make_review(outcome="insufficient", stale=True)
    caller = browser(attorney)
    move(caller, review, "take-up")

    said = reasons(move(caller, review, "propose", note="short", form="dismissal"))

    assert said == [
        "Give the reason, in at least 20 characters.",
        "Name the criteria that it rests on.",
        "Read what the form means for the respondent, and say that you have.",
        sentence(screening_is_stale),
        "Too little is known: request what is missing, and screen again.",
        "The form needs one of its grounds.",
    ]
    review.refresh_from_db()
    assert review.status == Review.Status.ATTORNEY_REVIEW
    assert not Move.objects.filter(transition="propose").exists()


def test_a_motion_is_not_filed_on_a_day_to_come(attorney, supervisor):
    review = make_review()
    ready(review, by=attorney, supervisor=supervisor)

    answer = move(browser(attorney), review, "file", document="D", happened_on="2999-01-01")

    assert reasons(answer) == ["The day of the act is in the future."]
    assert Motion.objects.get().filed_on is None


def test_a_move_from_elsewhere_is_refused(attorney):
    review = make_review()

    assert reasons(move(browser(attorney), review, "notify")) == ["The review is screened."]


def test_without_the_permission_a_move_is_forbidden_and_not_explained(attorney, supervisor):
    review = make_review()
    caller = browser(attorney)
    move(caller, review, "take-up")
    move(caller, review, "propose", **PROPOSAL)

    problem(
        move(caller, review, "approve", note=NOTE, criteria=["MI-01"]), 403, "permission-denied"
    )


def test_who_proposed_does_not_approve(supervisor):
    review = make_review()
    caller = browser(supervisor)
    move(caller, review, "take-up")
    assert move(caller, review, "propose", **PROPOSAL).status_code == 201

    said = reasons(move(caller, review, "approve", note=NOTE, criteria=["MI-01"]))

    assert said == ["You proposed this; someone else must decide."]


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"transition": "take-up", "by": "me"}, "/by"),
        ({"transition": "open"}, "/transition"),
        ({"transition": "approve-in-batch"}, "/transition"),
        ({"transition": "screen"}, "/transition"),
        ({"transition": "propose", "form": "pardon"}, "/form"),
        ({"transition": "propose", "form": ["dismissal"]}, "/form"),
        ({"transition": "propose", "criteria": "MI-01"}, "/criteria"),
        ({"transition": "propose", "criteria": ["mi 01"]}, "/criteria/0"),
        ({"transition": "file", "happened_on": "today"}, "/happened_on"),
        ({}, "/transition"),
    ],
)
def test_a_move_that_is_not_understood_is_refused(attorney, body, pointer):
    review = make_review()
    caller = browser(attorney)

    answer = post(caller, url(review, "moves/"), body, seen(caller, review))

    assert [e["pointer"] for e in problem(answer, 400, "invalid")["errors"]] == [pointer]


@pytest.mark.parametrize("below", ["moves/", "positions/", "motions/", "safeguards/help-list/"])
def test_only_what_one_has_seen_is_changed(attorney, below):
    review = make_review()
    SafeguardStep.objects.create(review=review, why="minor", step="help-list", before="filing")
    caller = browser(attorney)
    bodies = {
        "moves/": {"transition": "take-up"},
        "positions/": {"position": "notice-sent", "stated_on": str(ON)},
        "motions/": {},
        "safeguards/help-list/": {"note": NOTE},
    }
    tag = seen(caller, review)
    joins(review, attorney)

    problem(post(caller, url(review, below), bodies[below]), 428, "precondition-required")
    problem(post(caller, url(review, below), bodies[below], tag), 412, "precondition-failed")


def test_the_same_move_sent_twice_is_made_once(attorney):
    review = make_review()
    caller = browser(attorney)
    headers = {"Idempotency-Key": "k", "If-Match": seen(caller, review)}

    first, second = (
        caller.post(url(review, "moves/"), {"transition": "take-up"}, headers=headers)
        for _ in range(2)
    )

    assert (first.status_code, first.json()) == (second.status_code, second.json())
    assert second["Idempotency-Replayed"] == "true"
    assert Move.objects.filter(transition="take-up").count() == 1


# What the system of another agency may and may never do


CLIENT_MOVES = {
    "review": {"request-evidence", "evidence-arrived", "notify"},
    "motion": {"open-response", "moot"},
}


def test_a_client_with_every_scope_may_make_only_the_listed_moves(agency):
    """A second statement of who decides, on purpose."""
    may = {
        machine: {
            name
            for name, transition in TRANSITIONS[machine].items()
            if by_hand(machine, name) and permitted(transition, agency.user)
        }
        for machine in CLIENT_MOVES
    }

    # A review whose motion is moot follows it; an order is recorded as one.
    assert may == CLIENT_MOVES


def test_no_scope_gives_what_is_for_people():
    given = {permissions[0] for permissions in STAFF_PERMISSIONS.values()}

    assert given.isdisjoint(
        f"cases.{name}"
        for name in (
            *("review_case", "approve_closure", "sign_motion", "approve_batch", "propose_batch"),
            *("read_sample", "record_screening"),
        )
    )


def test_a_clients_account_has_its_scopes_and_nothing_besides(agency):
    agency.user.user_permissions.set(person("supervisor").user_permissions.all())
    narrow = make_client("reviews:read")

    assert agency.user.get_all_permissions() == {STAFF_PERMISSIONS[s][0] for s in SCOPES}
    assert narrow.user.get_all_permissions() == {"cases.view_review"}
    assert of_user(agency.user) == of_client(agency)


@pytest.mark.parametrize("status", ["is_staff", "is_superuser"])
def test_a_token_never_acts_through_a_persons_account(agency, status):
    setattr(agency.user, status, True)
    agency.user.save()

    problem(http(agency).get(REVIEWS), 401, "no-account")


def test_a_client_never_takes_up_decides_approves_signs_or_files(agency, attorney, supervisor):
    caller = http(agency)
    waiting, proposed, decided = make_review(), make_review(), make_review()
    move(browser(attorney), proposed, "take-up")
    move(browser(attorney), proposed, "propose", **PROPOSAL)
    motion = ready(decided, by=attorney, supervisor=supervisor)
    drafted = Motion.objects.get(pk=motion.pk)

    for thing, transition in (
        (waiting, "take-up"),
        (waiting, "propose"),
        (waiting, "decide"),
        (proposed, "approve"),
        (proposed, "approve-decline"),
        (proposed, "return"),
        (decided, "file"),
        (decided, "rescind"),
        (drafted, "sign"),
        (drafted, "withdraw"),
    ):
        problem(move(caller, thing, transition, **PROPOSAL), 403, "permission-denied")
    draft = post(caller, url(decided, "motions/"), {}, seen(caller, decided))
    problem(draft, 403, "permission-denied")
    detail = caller.get(url(proposed)).json()
    assert not any(way["permitted"] for way in detail["transitions"])
    assert all(way["blockers"] for way in detail["transitions"])


def test_a_client_opens_a_review_for_a_respondent_and_takes_in_the_position(agency, attorney):
    caller, case = http(agency), case_in_court()
    body = {"case": str(case.uuid), "origin": "respondent", "note": "Asked for by letter."}

    opened = post(caller, REVIEWS, body)
    assert (opened.status_code, opened.json()["status"]) == (201, "queued")
    assert opened["ETag"] == caller.get(opened["Location"])["ETag"]
    review = Review.objects.get()
    stated = {
        "position": "requested-pd",
        "stated_on": str(ON),
        "stated_by": "self",
        "means": "portal",
    }
    recorded = post(caller, url(review, "positions/"), stated, opened["ETag"])

    assert recorded.status_code == 201
    assert caller.get(recorded["Location"]).json()["results"] == [recorded.json()]
    assert (review.origin, review.opened_by) == ("respondent", agency.user)
    assert Move.objects.get().note == "Asked for by letter."


@pytest.mark.parametrize(
    ("origin", "status", "code"),
    [("attorney", 403, "permission-denied"), ("bulk", 400, "invalid"), ("me", 400, "invalid")],
)
def test_a_client_opens_at_nobody_elses_word(agency, origin, status, code):
    body = {"case": str(case_in_court().uuid), "origin": origin}

    problem(post(http(agency), REVIEWS, body), status, code)


def test_one_open_review_per_case_and_only_where_a_form_is_available(agency):
    case = make_review(case_in_court(status="not-filed")).case

    said = reasons(post(http(agency), REVIEWS, {"case": str(case.uuid), "origin": "respondent"}))

    assert said[0] == "A review of this case is open already."
    assert said[1].startswith("No form of discretion is available")


def test_a_client_records_an_order_once_by_its_document(agency, attorney, supervisor):
    motion = filed(make_review(), by=attorney, supervisor=supervisor)
    caller, case = http(agency), Case.objects.get()
    orders = f"/api/v1/cases/{case.uuid}/orders/"
    body = {
        "kind": "deny-motion",
        "motion": str(motion.uuid),
        "ordered_on": str(ON),
        "ordered_by": "Immigration judge 12",
        "document": "ORDER-1",
    }

    problem(post(caller, orders, body), 428, "precondition-required")
    assert post(caller, orders, body, f'"{case.version}"').status_code == 201
    case.refresh_from_db()
    said = reasons(post(caller, orders, body, f'"{case.version}"'))

    assert said == ["The motion is denied.", "An order with this document is on record already."]
    assert Review.objects.get().status == Review.Status.DENIED


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"kind": "pardon"}, 400),
        ({"motion": "00000000-0000-0000-0000-000000000000"}, 400),
        ({"ordered_on": "2999-01-01"}, 409),
        ({"kind": "recalendar"}, 409),
        ({"by": "me"}, 400),
    ],
)
def test_an_order_that_cannot_be_is_refused(agency, change, expected):
    case = case_in_court()
    body = {
        "kind": "dismiss",
        "ordered_on": str(ON),
        "ordered_by": "Immigration judge 12",
        "document": "ORDER-1",
    }

    answer = post(
        http(agency), f"/api/v1/cases/{case.uuid}/orders/", body | change, f'"{case.version}"'
    )

    assert answer.status_code == expected


def test_a_client_records_an_appeal_and_reads_what_was_done(agency):
    case = case_in_court(status="dismissed", completed_on=ON)
    caller, moves = http(agency), f"/api/v1/cases/{case.uuid}/moves/"
    body = {
        "transition": "appeal",
        "happened_on": str(ON),
        "actor": "Respondent's counsel",
        "document": "EOIR-26-1",
    }

    problem(post(caller, moves, body), 428, "precondition-required")
    problem(post(caller, moves, body, '"0"'), 412, "precondition-failed")
    made = post(caller, moves, body, f'"{case.version}"')

    assert made.status_code == 201
    case.refresh_from_db()
    assert case.status == Case.Status.ON_APPEAL
    assert made["ETag"] == f'"{case.version}"'
    assert caller.get(moves).json()["results"] == [made.json()]
    assert made.json()["machine"] == "case"
    assert reasons(post(caller, moves, body, made["ETag"])) == ["The case is on appeal."]


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"transition": "dismiss"}, 400),  # an order, which has its own address
        ({"document": ""}, 400),
        ({"document": 12}, 400),
        ({"happened_on": "2999-01-01"}, 409),
        ({"transition": "affirm-dismissed"}, 409),
        ({"by": "me"}, 400),
    ],
)
def test_an_act_that_cannot_be_is_refused(agency, change, expected):
    case = case_in_court()
    body = {
        "transition": "hearing",
        "happened_on": str(ON),
        "actor": "Immigration judge 12",
        "document": "NOTICE-1",
    }
    moves = f"/api/v1/cases/{case.uuid}/moves/"

    assert post(http(agency), moves, body | change, f'"{case.version}"').status_code == expected
    assert not Move.objects.exists()


@pytest.mark.parametrize(
    ("stated", "reason"),
    [
        ({"position": "joins"}, "Say who stated it: silence is no statement."),
        ({"position": "notice-sent", "stated_by": "self"}, "is nobody's statement"),
        ({"position": "opposes", "stated_by": "self"}, "Give the reasons of the opposition."),
        ({"position": "no-response"}, "cannot follow no position"),
        ({"position": "notice-sent", "stated_on": "2999-01-01"}, "in the future"),
    ],
)
def test_a_position_that_cannot_be_is_refused_with_its_reasons(agency, stated, reason):
    caller, review = http(agency), make_review()

    said = reasons(
        post(
            caller,
            url(review, "positions/"),
            {"stated_on": str(ON)} | stated,
            seen(caller, review),
        )
    )

    assert any(reason in sentence for sentence in said)


def test_a_safeguard_is_done_once_by_an_attorney(attorney, agency):
    review = make_review(case_in_court(represented=False))
    caller = browser(attorney)
    at = url(review, "safeguards/help-list/")

    problem(post(http(agency), at, {"note": NOTE}, seen(caller, review)), 403, "permission-denied")
    problem(post(caller, at, {"note": " "}, seen(caller, review)), 400, "invalid")
    problem(post(caller, url(review, "safeguards/dance/"), {"note": NOTE}, "x"), 404, "not-found")
    assert post(caller, at, {"note": NOTE}, seen(caller, review)).status_code == 201
    assert reasons(post(caller, at, {"note": NOTE}, seen(caller, review))) == [
        "It was done already."
    ]


# Who may see what


@pytest.mark.parametrize("hidden", ["another office", "protected", "not known to be unprotected"])
@pytest.mark.parametrize("channel", ["client", "staff"])
def test_the_outsider_finds_none_of_it(hidden, channel, attorney, supervisor):
    if channel == "client":
        client = make_client()
        client.offices.add(office("LOS" if hidden == "another office" else "NYC"))
        caller = http(client)
    else:
        outsider = staff("open_review", "review_case", "approve_closure", "record_court_act")
        office("LOS" if hidden == "another office" else "NYC").staff.add(outsider)
        caller = browser(outsider)
    review = approved(make_review(), by=attorney, supervisor=supervisor)
    motion = ready(make_review(), by=attorney, supervisor=supervisor)
    if hidden != "another office":
        unknown = None if hidden.startswith("not known") else True
        for case in Case.objects.all():
            case.respondent.protected_1367 = unknown
            case.respondent.save()

    assert caller.get(REVIEWS).json()["results"] == []
    for thing, below in (
        *((review, below) for below in ("", "moves/", "positions/", "motions/")),
        (motion, ""),
    ):
        problem(caller.get(url(thing, below)), 404, "not-found")
    for thing, below, body in (
        (review, "moves/", {"transition": "notify"}),
        (review, "positions/", {"position": "notice-sent", "stated_on": str(ON)}),
        (review, "motions/", {}),
        (review, "safeguards/help-list/", {"note": NOTE}),
        (motion, "moves/", {"transition": "sign"}),
    ):
        problem(post(caller, url(thing, below), body, "*"), 404, "not-found")
    orders = f"/api/v1/cases/{review.case.uuid}/orders/"
    problem(caller.get(orders), 404, "not-found")
    order = {"kind": "dismiss", "ordered_on": str(ON), "ordered_by": "J", "document": "D"}
    problem(post(caller, orders, order, "*"), 404, "not-found")
    case = {"case": str(review.case.uuid), "origin": "respondent"}
    problem(post(caller, REVIEWS, case), 400, "invalid")


def test_the_list_narrows_and_refuses_what_it_does_not_know(agency):
    one, other = make_review(), make_review(outcome="refer")
    caller = http(agency)

    def found(query):
        return [r["id"] for r in caller.get(f"{REVIEWS}?{query}").json()["results"]]

    assert found("outcome=refer") == [str(other.uuid)]
    assert found("status=screened&office=NYC") == [str(one.uuid), str(other.uuid)]
    assert found("office=LOS") == []
    for query, field in (("attorney=1", "attorney"), ("status=closed", "status")):
        body = problem(caller.get(f"{REVIEWS}?{query}"), 400, "invalid")
        assert [e["parameter"] for e in body["errors"]] == [field]


def test_pages_by_key_give_every_review_once(agency):
    made = [str(make_review().uuid) for _ in range(5)]
    caller, address, told = http(agency), f"{REVIEWS}?limit=2", []
    while address:
        body = caller.get(address).json()
        told += [r["id"] for r in body["results"]]
        address = body["next"]

    assert told == made


def test_a_list_costs_the_same_queries_however_long_it_is(agency, attorney, supervisor):
    caller = http(agency)
    review = approved(make_review(), by=attorney, supervisor=supervisor)

    def queries(address):
        with CaptureQueriesContext(connection) as captured:
            assert caller.get(address).status_code == 200
        return len(captured)

    lists = [REVIEWS, url(review, "moves/"), url(review, "positions/"), url(review, "motions/")]
    before = [queries(address) for address in lists]
    for _ in range(3):
        approved(make_review(), by=attorney, supervisor=supervisor)
        joins(review, attorney)

    assert [queries(address) for address in lists] == before


def test_the_forms_are_read_with_what_they_mean_and_the_authority(agency):
    caller = http(agency)

    listed = caller.get("/api/v1/forms-of-discretion/").json()["results"]
    one = caller.get("/api/v1/forms-of-discretion/dismissal/").json()

    assert one in listed
    assert {g["code"] for g in one["grounds"]} == set("1234567")
    assert set(one["consequences"]) == {"ends", "survives", "work_permit", "refiling", "exposure"}
    assert one["authorities"][0]["standing"] == "supports"
    problem(caller.get("/api/v1/forms-of-discretion/pardon/"), 404, "not-found")


def test_an_answer_tells_no_name_and_no_birthday(agency, attorney, supervisor):
    review = approved(
        make_review(case_in_court(born=date(1901, 2, 3))), by=attorney, supervisor=supervisor
    )
    text = http(agency).get(url(review)).content.decode()

    for secret in ("Falsename", "1901", review.case.respondent.a_number):
        assert secret not in text
