"""Screening one case: once per key, within scope, by who may."""

import pytest

from cases.models import ApiRequest
from screening.models import Determination
from screening.policies.release import release_shipped
from tests.api.test_cases import problem
from tests.cast import http, make_case, make_client, office

pytestmark = pytest.mark.django_db
BODY = {"policy": "doyle-2", "as_of": "2024-01-15"}


@pytest.fixture
def caller(db):
    release_shipped("doyle-2")
    return http(make_client(all_offices=True))


def post(caller, case, body=BODY, key="k1"):
    headers = {"Idempotency-Key": key} if key else {}
    return caller.post(f"/api/v1/cases/{case.uuid}/screenings/", body, headers=headers)


def test_a_screening_is_answered_with_its_determination(caller):
    case = make_case()

    response = post(caller, case)

    assert response.status_code == 201
    assert caller.get(response["Location"]).json() == response.json()
    assert Determination.objects.get(case=case).requested_by.username.startswith("api-client-")


def test_the_same_key_and_body_get_the_same_answer(caller):
    case = make_case()
    first, second = post(caller, case), post(caller, case)

    assert (first.status_code, first.json()) == (second.status_code, second.json())
    assert first["Location"] == second["Location"]
    assert ApiRequest.objects.count() == 1


def test_the_same_key_with_another_body_is_refused(caller):
    case = make_case()
    post(caller, case)

    problem(post(caller, case, {**BODY, "as_of": "2024-01-16"}), 422, "idempotency-key-reused")


def test_keys_of_two_clients_do_not_meet(caller):
    case = make_case()
    post(caller, case)

    other = http(make_client(all_offices=True))
    assert post(other, case, {**BODY, "as_of": "2024-01-16"}).status_code == 201


def test_a_key_is_required(caller):
    problem(post(caller, make_case(), key=""), 400, "idempotency-key-missing")


def test_a_case_outside_the_policy_is_refused_and_the_key_stays_free(caller):
    case = make_case(status="dismissed")

    problem(post(caller, case), 409, "out-of-scope")
    assert not ApiRequest.objects.exists()


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({**BODY, "by": "me"}, "by"),
        ({**BODY, "policy": "none"}, "policy"),
        ({**BODY, "as_of": "yesterday"}, "as_of"),
        ({}, "policy"),
    ],
)
def test_a_body_that_is_not_understood_is_refused(caller, body, field):
    errors = problem(post(caller, make_case(), body), 400, "invalid")["errors"]

    assert [e["field"] for e in errors] == [field]


def test_a_case_of_another_office_is_not_found(caller):
    client = make_client()
    client.offices.add(office("LOS"))

    problem(post(http(client), make_case()), 404, "not-found")


def test_reading_does_not_allow_screening(caller):
    reader = http(make_client("cases:read", all_offices=True))

    problem(post(reader, make_case()), 403, "permission-denied")
