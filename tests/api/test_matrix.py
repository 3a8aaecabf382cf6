"""Who may do what, by which way in: every role at every address, present and future."""

from __future__ import annotations

from collections import Counter

import pytest
from django.urls import get_resolver
from rest_framework.test import APIClient

from cases.access import SCOPES, STAFF_PERMISSIONS
from cases.api.view import View
from screening import bulk
from tests.cast import AS_OF, http, make_case, make_client, office, screened, staff

pytestmark = pytest.mark.django_db

NOBODY = 401
REFUSED = 403
NOT_FOUND = 404


def addresses() -> dict[str, type[View]]:
    """Return every address of the API below its prefix, with its view."""
    found = {}
    for entry in get_resolver("screening.api.urls").url_patterns:
        found[str(entry.pattern)] = entry.callback.view_class
    return found


VIEWS = addresses()
OPERATIONS = [
    pytest.param(address, method, id=f"{method} {address}")
    for address, view in VIEWS.items()
    for method in view.required_scopes
]
every_operation = pytest.mark.parametrize(("address", "method"), OPERATIONS)


@pytest.fixture
def things(screener):
    """One of everything, in the office NYC."""
    case = make_case()
    determination = screened(case, screener)
    review = bulk.plan(
        version=determination.policy_version, as_of=AS_OF, by=screener, office_ids=[office().pk]
    )
    return {
        "<uuid:case_id>": str(case.uuid),
        "<uuid:review_id>": str(review.uuid),
        "<slug:code>": "doyle-2",
        "<int:version>": "2",
    }


def ask(caller: APIClient, method: str, address: str, things: dict[str, str]) -> int:
    url = f"/api/v1/{address}"
    for place, value in things.items():
        url = url.replace(place, value)
    if method == "GET":
        return caller.get(url).status_code
    body = {} if "cancellations" in url else {"policy": "doyle-2", "as_of": str(AS_OF)}
    headers = {"Idempotency-Key": "k", "If-Match": '"running"'}
    return caller.post(url, body, headers=headers).status_code


def in_office(*codes: str, scopes: list[str]) -> APIClient:
    client = make_client(*scopes)
    client.offices.set([office(code) for code in codes])
    return http(client)


def test_every_operation_names_its_scope():
    for view in VIEWS.values():
        offered = {m.upper() for m in ("get", "post", "put", "patch", "delete") if hasattr(view, m)}
        assert set(view.required_scopes) == offered
        assert set(view.required_scopes.values()) <= set(SCOPES)
    assert set(STAFF_PERMISSIONS) == set(SCOPES)


@every_operation
def test_nobody_is_answered_nothing(address, method, things):
    assert ask(APIClient(), method, address, things) == NOBODY


@every_operation
def test_every_other_scope_is_not_enough(address, method, things):
    needed = VIEWS[address].required_scopes[method]
    others = in_office("NYC", scopes=[s for s in SCOPES if s != needed])

    assert ask(others, method, address, things) == REFUSED


@every_operation
def test_the_scope_is_enough_in_ones_own_office(address, method, things):
    caller = in_office("NYC", scopes=[VIEWS[address].required_scopes[method]])

    assert ask(caller, method, address, things) in {200, 201, 202}


@every_operation
def test_the_outsider_finds_nothing_that_is_another_offices(address, method, things):
    outsider = in_office("LOS", scopes=list(SCOPES))
    answer = ask(outsider, method, address, things)

    if "<uuid:" in address:
        assert answer == NOT_FOUND
    else:  # lists, policies, and a review of the outsider's own office
        assert answer in {200, 202}


@every_operation
def test_staff_need_the_permission_that_stands_for_the_scope(address, method, things):
    needed = STAFF_PERMISSIONS[VIEWS[address].required_scopes[method]].partition(".")[2]
    with_it, without = staff("add_determination", "start_bulk_review"), staff()
    without.user_permissions.clear()
    for user in (with_it, without):
        office().staff.add(user)
    answers = Counter()
    for user in (with_it, without):
        browser = APIClient()
        browser.force_login(user)
        answers[ask(browser, method, address, things)] += 1

    assert with_it.has_perm(f"screening.{needed}") or with_it.has_perm(f"cases.{needed}")
    assert answers[REFUSED] == 1
    assert sum(answers[code] for code in (200, 201, 202)) == 1


@every_operation
def test_one_who_is_not_staff_is_refused(address, method, things, django_user_model):
    browser = APIClient()
    browser.force_login(django_user_model.objects.create_user("visitor"))

    assert ask(browser, method, address, things) == REFUSED
