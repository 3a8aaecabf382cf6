"""Screening one case: once per key, within scope, by who may."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Event

import pytest
from django.conf import settings
from django.db import connection
from django.utils.timezone import now
from oauth2_provider.models import AccessToken
from rest_framework.test import APIClient

from cases.models import ApiRequest, Case
from cases.tasks import tidy_api
from screening.models import Determination
from screening.policies.release import put_on_record, release_shipped
from tests.api.test_cases import problem
from tests.cast import http, make_case, make_client, office, staff

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
    assert Determination.objects.get(case=case).requested_by.username.startswith("client ")


def test_the_same_key_and_body_get_the_same_answer(caller):
    case = make_case()
    first, second = post(caller, case), post(caller, case)

    assert (first.status_code, first.json()) == (second.status_code, second.json())
    assert first["Location"] == second["Location"]
    assert ApiRequest.objects.count() == 1


def test_an_answer_is_forgotten_after_a_month_and_its_key_is_free(caller):
    case = make_case()
    post(caller, case)
    young = ApiRequest.objects.get()
    (entry,) = [e for e in settings.CELERY_BEAT_SCHEDULE.values() if e["task"] == tidy_api.name]
    assert entry["schedule"] == 86400.0

    assert tidy_api() == 0
    problem(post(caller, case, {**BODY, "as_of": "2024-01-16"}), 422, "idempotency-key-reused")

    ApiRequest.objects.update(received_at=young.received_at - ApiRequest.KEPT)
    assert tidy_api() == 1
    assert post(caller, case, {**BODY, "as_of": "2024-01-16"}).status_code == 201


def test_an_expired_token_is_forgotten_and_a_good_one_still_opens(caller):
    case = make_case()
    good = AccessToken.objects.get()
    AccessToken.objects.create(
        application=good.application,
        token="spent",
        expires=now() - timedelta(days=1),
        scope=good.scope,
    )

    tidy_api()

    assert list(AccessToken.objects.all()) == [good]
    assert post(caller, case).status_code == 201


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


def test_a_case_outside_the_policy_is_refused_and_its_earlier_determination_ends(caller):
    case = make_case()
    post(caller, case)
    Case.objects.filter(pk=case.pk).update(status="dismissed")

    problem(post(caller, case, key="k2"), 409, "out-of-scope")
    again = post(caller, case, key="k2")

    problem(again, 409, "out-of-scope")
    assert again["Idempotency-Replayed"] == "true"
    assert not Determination.objects.current().exists()


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

    assert [e["pointer"] for e in errors] == [f"/{field}"]


def test_a_case_of_another_office_is_not_found(caller):
    client = make_client()
    client.offices.add(office("LOS"))

    problem(post(http(client), make_case()), 404, "not-found")


@pytest.mark.parametrize(("as_of", "versions"), [("2024-01-15", 0), ("2024-03-01", 1)])
def test_a_version_that_is_not_in_force_yet_screens_nothing(caller, as_of, versions):
    latest = release_shipped("doyle-2")
    text = latest.document.replace(f"version: {latest.version}", f"version: {latest.version + 1}")
    put_on_record(text.replace("from: 2023-07-28", "from: 2024-03-01"), name="doyle-2")

    response = post(caller, make_case(), {**BODY, "as_of": as_of})

    assert response.json()["policy_version"] == latest.version + versions


def test_reading_does_not_allow_screening(caller):
    reader = http(make_client("cases:read", all_offices=True))

    problem(post(reader, make_case()), 403, "permission-denied")


@pytest.mark.parametrize("key", ["", "two words", "x" * 101, "schl\u00fcssel"])
def test_a_key_is_1_to_100_visible_characters(caller, key):
    response = caller.post(
        f"/api/v1/cases/{make_case().uuid}/screenings/", BODY, HTTP_IDEMPOTENCY_KEY=key
    )

    problem(response, 400, "idempotency-key-missing")


def test_a_field_that_no_answer_could_carry_is_still_refused(caller):
    response = caller.post(
        f"/api/v1/cases/{make_case().uuid}/screenings/",
        '{"\\ud800": 1}',
        content_type="application/json",
        headers={"Idempotency-Key": "k"},
    )

    problem(response, 400, "invalid")


def test_only_json_is_read(caller):
    response = caller.post(
        f"/api/v1/cases/{make_case().uuid}/screenings/",
        "policy=doyle-2",
        content_type="application/x-www-form-urlencoded",
        headers={"Idempotency-Key": "k"},
    )

    problem(response, 415, "unsupported-media-type")


def test_staff_screen_with_their_session_and_the_form_token():
    user = staff("add_determination")
    office().staff.add(user)
    case = make_case()
    release_shipped("doyle-2")
    browser = APIClient(enforce_csrf_checks=True)
    browser.force_login(user)

    problem(post(browser, case), 403, "permission-denied")
    token = "a" * 32
    browser.cookies["csrftoken"] = token
    response = browser.post(
        f"/api/v1/cases/{case.uuid}/screenings/",
        BODY,
        headers={"Idempotency-Key": "k", "X-CSRFToken": token},
    )

    assert response.status_code == 201
    assert Determination.objects.get().requested_by == user


@pytest.mark.django_db(transaction=True)
def test_of_two_requests_at_once_one_does_it_and_one_is_told_to_wait():
    release_shipped("doyle-2")
    case, client = make_case(), make_client(all_offices=True)
    callers = [http(client), http(client)]
    entered, leave = Event(), Event()

    def holding(execute, sql, *rest):
        answer = execute(sql, *rest)
        if "pg_try_advisory_xact_lock" in sql:
            entered.set()
            assert leave.wait(10)
        return answer

    def first():
        try:
            with connection.execute_wrapper(holding):
                return post(callers[0], case)
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        running = pool.submit(first)
        assert entered.wait(10)
        refused = post(callers[1], case)
        problem(refused, 409, "idempotency-key-in-use")
        assert refused["Retry-After"] == "1"
        leave.set()
        done = running.result()

    assert done.status_code == 201
    replayed = post(callers[1], case)
    assert (replayed.status_code, replayed.json()) == (201, done.json())
    assert ApiRequest.objects.count() == Determination.objects.count() == 1
