"""Reading cases, and what every endpoint has in common."""

import json
from datetime import date, timedelta
from urllib.parse import urlencode

import pytest
from django.db import connection
from django.utils.timezone import now
from oauth2_provider.models import AccessToken
from rest_framework.test import APIClient

from cases.access import SCOPES
from cases.models import Case, Hearing, Proceeding, RecordRead
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


def form(url, given):
    return APIClient().post(url, urlencode(given), content_type="application/x-www-form-urlencoded")


def token_of(client, **given):
    return form(
        "/api/v1/token/",
        {
            "grant_type": "client_credentials",
            "client_id": client.client_id,
            "client_secret": "plainly-false",
            **given,
        },
    )


def test_a_token_is_issued_for_the_clients_own_scopes():
    client = make_client("cases:read", all_offices=True)
    anyone = APIClient()

    issued = token_of(client).json()

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

    assert seen == [str(c.uuid) for c in cases]
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

    assert [e["parameter"] for e in body["errors"]] == [field]


def test_filters_narrow(caller, screener):
    one, other = make_case(), make_case(status="dismissed")
    screened(one, screener)

    def found(query):
        return {c["id"] for c in caller.get(f"{CASES}?{query}").json()["results"]}

    assert found(f"idncase={other.idncase}") == {str(other.uuid)}
    assert found("status=pending") == {str(one.uuid)}
    assert found("outcome=insufficient") | found("outcome=refer") == {str(one.uuid)}
    assert found("outcome=flagged") == set()


def test_no_answer_names_a_person_and_every_reading_is_on_record(screener):
    caller = http(make_client("cases:read", all_offices=True))
    case = make_case()
    screened(case, screener)
    for below in ("", "determination/", "determinations/", "explanation/"):
        text = caller.get(f"{CASES}{case.uuid}/{below}").content.decode()
        for secret in ("Falsename", "Nobody", case.respondent.a_number, "1901-02-03"):
            assert secret not in text

    assert RecordRead.objects.filter(case_uuid=case.uuid, channel="api").count() == 4


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


def test_who_the_respondent_is_takes_a_scope_of_its_own(caller):
    case = make_case()

    named = caller.get(f"{CASES}{case.uuid}/").json()["respondent"]
    reader = http(make_client("cases:read", all_offices=True))

    assert (named["family_name"], named["a_number"]) == ("Falsename", case.respondent.a_number)
    assert "respondent" not in reader.get(f"{CASES}{case.uuid}/").json()


def test_a_case_has_its_proceedings_decoded_and_an_etag(caller):
    case = make_case()
    Proceeding.objects.create(
        idnproceeding=7, case=case, case_type="RMV", decision_code="U", other_completion=""
    )
    Hearing.objects.create(idnschedule=8, case=case, idnproceeding=7, calendar="I")

    response = caller.get(f"{CASES}{case.uuid}/")

    assert response["ETag"] == '"1"'
    (proceeding,) = response.json()["proceedings"]
    assert proceeding["decision"] == "dismissed"
    assert [h["calendar"] for h in response.json()["hearings"]] == ["I"]


def test_a_page_costs_the_same_queries_however_long_it_is(
    caller, screener, django_assert_num_queries
):
    screened(make_case(), screener)
    with django_assert_num_queries(3):  # the token, its account, the page
        assert len(caller.get(CASES).json()["results"]) == 1
    for _ in range(20):
        screened(make_case(), screener)
    with django_assert_num_queries(3):
        assert len(caller.get(CASES).json()["results"]) == 21


def test_pages_stay_whole_while_cases_are_added(caller):
    before = [make_case() for _ in range(4)]
    first = caller.get(f"{CASES}?limit=2").json()
    late = make_case()
    seen = first["results"]
    while first["next"]:
        first = caller.get(first["next"]).json()
        seen += first["results"]

    assert [c["id"] for c in seen] == [str(c.uuid) for c in [*before, late]]


def test_a_cursor_opens_only_its_own_list_and_cannot_be_made(caller, screener):
    for _ in range(2):
        make_case()
    cursor = caller.get(f"{CASES}?limit=1").json()["next"].partition("cursor=")[2]

    problem(caller.get(f"{CASES}?cursor={cursor}x"), 400, "invalid")
    problem(caller.get(f"/api/v1/policies/?cursor={cursor}"), 400, "invalid")


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("office=NYC", 1),
        ("office=NONE", 0),
        ("case_type=AOC", 1),
        ("leading=BS-01", 0),
        ("changed_since=2000-01-01T00:00:00Z", 2),
        ("changed_since=2100-01-01T00:00:00Z", 0),
    ],
)
def test_every_filter_narrows(caller, query, count):
    make_case()
    make_case(office=office("LOS"), case_type="AOC")

    assert len(caller.get(f"{CASES}?{query}").json()["results"]) == count


def test_a_parameter_given_twice_is_refused(caller):
    body = problem(caller.get(f"{CASES}?status=pending&status=dismissed"), 400, "invalid")

    assert body["errors"][0]["code"] == "repeated"


def test_history_is_newest_first_and_has_what_was_superseded(caller, screener):
    case = make_case()
    first = screened(case, screener)
    Case.objects.filter(pk=case.pk).update(custody="D", changed_at=now())
    case.refresh_from_db()
    second = screened(case, screener)

    found = caller.get(f"{CASES}{case.uuid}/determinations/").json()["results"]

    assert first.pk != second.pk
    assert [d["superseded_at"] is None for d in found] == [True, False]


@pytest.mark.parametrize("token", ["unknown", "expired", "of no account"])
def test_a_token_that_is_no_good_is_401_and_says_so(token):
    client = make_client(all_offices=True)
    caller = http(client)
    if token == "unknown":
        caller.credentials(HTTP_AUTHORIZATION="Bearer x")
    elif token == "expired":
        AccessToken.objects.update(expires=now() - timedelta(seconds=1))
    else:
        client.user.is_active = False
        client.user.save()

    problem(caller.get(CASES), 401, "no-account" if token == "of no account" else "invalid-token")


def test_tokens_and_secrets_are_not_kept_in_clear():
    client = make_client("cases:read", all_offices=True)
    issued = token_of(client).json()["access_token"]

    stored = AccessToken.objects.get()
    assert issued not in {stored.token, stored.token_checksum}
    assert client.client_secret.startswith("random_secret_pbkdf2_sha256$1$")


@pytest.mark.parametrize("scope", ["cases:read bulk-reviews:write", "everything"])
def test_a_token_carries_no_scope_that_its_client_was_not_given(scope):
    client = make_client("cases:read", all_offices=True)

    refused = token_of(client, scope=scope)

    assert (refused.status_code, refused.json()["error"]) == (400, "invalid_scope")


def test_a_token_can_be_looked_up_and_revoked():
    client = make_client("cases:read", all_offices=True)
    token = token_of(client).json()["access_token"]
    given = {"client_id": client.client_id, "client_secret": "plainly-false", "token": token}

    found = form("/api/v1/token/introspect/", given)
    assert found.json()["scope"] == "cases:read"
    assert form("/api/v1/token/revoke/", given).status_code == 200
    caller = APIClient()
    caller.credentials(HTTP_AUTHORIZATION=f"Bearer {token}")
    problem(caller.get(CASES), 401, "invalid-token")


def test_the_authorization_server_says_only_what_it_does(client):
    told = client.get("/.well-known/oauth-authorization-server", headers={"host": "localhost"})

    assert told.json()["grant_types_supported"] == ["client_credentials"]
    assert told.json()["token_endpoint"].endswith("/api/v1/token/")
    assert told.json()["scopes_supported"] == sorted(SCOPES)
    assert "authorization_endpoint" not in told.json()
    assert client.get("/api/v1/applications/", headers={"host": "localhost"}).status_code == 404


def test_what_is_not_there_is_a_problem_too(caller):
    problem(caller.get("/api/v1/nothing/"), 404, "not-found")
    problem(caller.put(CASES, {}), 405, "method-not-allowed")


def test_the_unforeseen_is_masked(caller, monkeypatch):
    def fail(*_args, **_kwargs):
        raise RuntimeError("Falsename")

    caller.raise_request_exception = False
    with connection.execute_wrapper(
        lambda execute, sql, *rest: fail() if "cases_case" in sql else execute(sql, *rest)
    ):
        body = problem(caller.get(CASES), 500, "internal-error")

    assert "Falsename" not in str(body)


def test_every_instant_is_in_utc(caller, screener):
    case = make_case()
    screened(case, screener)
    listed = caller.get(CASES).json()["results"][0]
    made = caller.get(f"{CASES}{case.uuid}/determination/").json()

    for instant in (listed["changed_at"], made["determined_at"], made["known_at"]):
        assert instant.endswith("Z")
    assert listed["determination"]["determined_at"] == made["determined_at"]


def test_a_case_on_record_without_a_determination_has_none(caller):
    case = make_case()

    assert caller.get(CASES).json()["results"][0]["determination"] is None
    problem(caller.get(f"{CASES}{case.uuid}/determination/"), 404, "not-found")
    problem(caller.get(f"{CASES}{case.uuid}/explanation/"), 404, "not-found")
