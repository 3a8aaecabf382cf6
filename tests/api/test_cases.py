"""Reading cases, and what every endpoint has in common."""

import json
from datetime import date

import pytest
from rest_framework.test import APIClient

from cases.models import RecordRead
from screening.explain import explain
from tests.cast import http, make_case, make_client, office, screened, staff

pytestmark = pytest.mark.django_db
CASES = "/api/v1/cases/"


@pytest.fixture
def caller(db):
    return http(make_client(all_offices=True))


def problem(response, status, code):
    assert response.status_code == status
    assert response["Content-Type"] == "application/problem+json"
    body = json.loads(response.content)
    assert set(body) == {"type", "title", "status", "detail", "code", "errors"}
    assert (body["status"], body["code"]) == (status, code)
    return body


def test_a_token_is_issued_for_the_clients_own_scopes():
    client = make_client("cases:read", all_offices=True)
    anyone = APIClient()
    given = {"grant_type": "client_credentials", "client_id": client.client_id}

    issued = anyone.post(
        "/api/v1/token/",
        "&".join(f"{k}={v}" for k, v in {**given, "client_secret": "plainly-false"}.items()),
        content_type="application/x-www-form-urlencoded",
    ).json()

    assert issued["scope"] == "cases:read"
    anyone.credentials(HTTP_AUTHORIZATION=f"Bearer {issued['access_token']}")
    assert anyone.get(CASES).status_code == 200


def test_without_a_token_nothing_is_answered():
    response = APIClient().get(CASES)

    problem(response, 401, "not-authenticated")
    assert response["WWW-Authenticate"].startswith("Bearer")


def test_a_token_without_the_scope_is_refused():
    problem(
        http(make_client("bulk-reviews:read", all_offices=True)).get(CASES),
        403,
        "permission-denied",
    )


def test_a_scope_taken_from_the_client_ends_for_its_tokens():
    client = make_client("cases:read", all_offices=True)
    caller = http(client)
    client.scopes = []
    client.save()

    problem(caller.get(CASES), 403, "permission-denied")


def test_an_outsider_sees_nothing(screener):
    case = make_case()
    screened(case, screener)
    client = make_client()
    client.offices.add(office("LOS"))
    outsider = http(client)

    assert outsider.get(CASES).json() == {"next": None, "results": []}
    for below in ("", "determination/", "explanation/"):
        problem(outsider.get(f"{CASES}{case.uuid}/{below}"), 404, "not-found")
    assert not RecordRead.objects.exists()


def test_staff_read_with_their_session_within_their_office():
    user = staff()
    office().staff.add(user)
    case, _ = make_case(), make_case(office=office("LOS"))
    browser = APIClient()
    browser.force_login(user)

    assert [c["id"] for c in browser.get(CASES).json()["results"]] == [str(case.uuid)]


def test_pages_by_key_give_every_case_once(caller):
    cases = [make_case() for _ in range(7)]
    url, seen, pages = f"{CASES}?limit=3", [], 0
    while url:
        answer = caller.get(url).json()
        seen += [c["id"] for c in answer["results"]]
        url, pages = answer["next"], pages + 1

    assert seen == [str(c.uuid) for c in reversed(cases)]
    assert pages == 3


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("a_number=1", "a_number"),
        ("limit=0", "limit"),
        ("limit=201", "limit"),
        ("cursor=nonsense", "cursor"),
        ("outcome=guilty", "outcome"),
    ],
)
def test_a_query_parameter_that_is_not_understood_is_named(caller, query, field):
    body = problem(caller.get(f"{CASES}?{query}"), 400, "invalid")

    assert [e["field"] for e in body["errors"]] == [field]


def test_filters_narrow(caller, screener):
    one, other = make_case(), make_case(status="dismissed")
    screened(one, screener)

    def found(query):
        return {c["id"] for c in caller.get(f"{CASES}?{query}").json()["results"]}

    assert found(f"idncase={other.idncase}") == {str(other.uuid)}
    assert found("status=pending") == {str(one.uuid)}
    assert found("outcome=insufficient") | found("outcome=refer") == {str(one.uuid)}
    assert found("outcome=flagged") == set()


def test_no_answer_names_a_person_and_every_reading_is_on_record(caller, screener):
    case = make_case()
    screened(case, screener)
    for below in ("", "determination/", "explanation/"):
        text = caller.get(f"{CASES}{case.uuid}/{below}").content.decode()
        for secret in ("Falsename", "Nobody", case.respondent.a_number, "1901-02-03"):
            assert secret not in text

    assert RecordRead.objects.filter(case_uuid=case.uuid, channel="api").count() == 3


def test_no_answer_tells_a_birthday(caller, screener):
    """At 65 an answer can change; that day is the date of birth in other words."""
    case = make_case(born=date(1961, 7, 8))
    determination = screened(case, screener)
    assert "2026-07-08" in {str(c.valid_until) for c in explain(determination).criteria}

    for below in ("determination/", "explanation/"):
        assert "-07-08" not in caller.get(f"{CASES}{case.uuid}/{below}").content.decode()


def test_an_explanation_has_every_criterion(caller, screener):
    case = make_case()
    determination = screened(case, screener)

    answer = caller.get(f"{CASES}{case.uuid}/explanation/").json()

    assert answer["outcome"] == determination.outcome
    assert all(c["citation"] for c in answer["criteria"])
    assert answer["what_would_change"]
