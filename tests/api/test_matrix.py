"""Who may do what, by which way in: every role at every address, present and future."""

from __future__ import annotations

from collections import Counter

import pytest
from django.urls import get_resolver
from django.utils.timezone import localdate
from rest_framework.test import APIClient

from cases.access import SCOPES, STAFF_PERMISSIONS
from cases.api.view import View
from cases.models import Case, Review, SafeguardStep
from cases.workflow.motions import draft_motion
from cases.workflow.ways import state_of
from screening import bulk
from tests.cases.test_batches import assembled
from tests.cases.workflow.cast import (
    NOTE,
    ON,
    act,
    approved,
    closed_case,
    make_review,
    noticed,
    person,
    reachable,
)
from tests.cast import AS_OF, http, make_case, make_client, office, screened, staff

pytestmark = pytest.mark.django_db

NOBODY = 401
NOT_VALID = 400
REFUSED = 403
NOT_FOUND = 404
ONLY_PEOPLE = {
    "closure-batches/",
    "closure-batches/<uuid:batch_uuid>/moves/",
    "motions/<uuid:motion_uuid>/moves/",
    "reviews/<uuid:review_uuid>/motions/",
    "reviews/<uuid:review_uuid>/safeguards/<slug:step>/",
}
"""POSTs that no client may make, whatever its scopes: they are work for people."""
AFTER_CLOSURE = (
    *("after-closure-events", "onward-filings", "contact-changes", "returned-mail"),
    *("options", "line"),
)
ALL_OF_STAFF = (
    *("add_determination", "start_bulk_review", "open_review", "review_case"),
    *("approve_closure", "sign_motion", "record_court_act"),
    *("propose_batch", "approve_batch", "record_aftermath"),
)


def addresses() -> dict[str, type[View]]:
    """Return every address of the API below its prefix, with its view."""
    found = {}
    for module in ("cases.api.resources", "screening.api.urls"):
        for entry in get_resolver(module).url_patterns:
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
    bulk_review = bulk.plan(
        version=determination.policy_version, as_of=AS_OF, by=screener, office_ids=[office().pk]
    )
    attorney, supervisor = person("attorney"), person("supervisor")
    review = approved(make_review(), by=attorney, supervisor=supervisor)
    SafeguardStep.objects.create(
        review=review, why="unrepresented", step="help-list", before="filing"
    )
    another = approved(make_review(), by=attorney, supervisor=supervisor)
    motion = draft_motion(another, act(attorney))
    batch = assembled(person("proposer"), 1)
    closed = closed_case()
    restart = noticed(closed)
    reachable(closed)
    return {
        # What comes after closure is of another case than what is asked of pending ones.
        **{f"<uuid:case_id>/{below}/": f"{closed.uuid}/{below}/" for below in AFTER_CLOSURE},
        "<uuid:event_uuid>": str(closed.events.get().uuid),
        "<uuid:restart_uuid>": str(restart.uuid),
        "<uuid:batch_uuid>": str(batch.uuid),
        "<uuid:case_id>": str(case.uuid),
        "<uuid:review_id>": str(bulk_review.uuid),
        "<uuid:review_uuid>": str(review.uuid),
        "<uuid:motion_uuid>": str(motion.uuid),
        "<slug:step>": "help-list",
        "<slug:code>": "doyle-2",
        "<int:version>": "2",
    }


def body_of(address: str) -> dict[str, object]:
    """Return what a POST to the address may say."""
    ends = {
        "cancellations/": {},
        "motions/": {},
        "closure-batches/": {
            "title": "A batch",
            "office": "NYC",
            "form": "dismissal",
            "ground": "7",
        },
        "<uuid:batch_uuid>/moves/": {"transition": "cancel", "note": NOTE},
        "reviews/": {"case": str(make_case().uuid), "origin": "respondent"},
        "<uuid:review_uuid>/moves/": {"transition": "notify"},
        "<uuid:motion_uuid>/moves/": {"transition": "withdraw", "note": NOTE},
        "<uuid:case_id>/moves/": {
            "transition": "hearing",
            "happened_on": str(AS_OF),
            "actor": "Immigration judge 12",
            "document": "DOC-1",
        },
        "after-closure-events/": {
            "kind": "departure",
            "source": "state-court",
            "source_record": "R-1",
            "trust": "court",
        },
        "onward-filings/": {"form": "I-130", "filed_on": str(localdate())},
        "contact-changes/": {
            "kind": "telephone",
            "text": "000 0000",
            "changed_on": str(ON),
            "source": "letter",
        },
        "returned-mail/": {"returned_on": str(ON)},
        "positions/": {"position": "notice-sent", "stated_on": str(AS_OF)},
        "safeguards/<slug:step>/": {"note": NOTE},
        "orders/": {
            "kind": "dismiss",
            "ordered_on": str(AS_OF),
            "ordered_by": "Immigration judge 12",
            "document": "DOC-1",
        },
    }
    if address != "bulk-reviews/":
        for end, body in ends.items():
            if address.endswith(end):
                return body
    return {"policy": "doyle-2", "as_of": str(AS_OF)}


def ask(caller: APIClient, method: str, address: str, things: dict[str, str]) -> int:
    url = f"/api/v1/{address.replace('discretion/<slug:code>', 'discretion/dismissal')}"
    for place, value in things.items():
        url = url.replace(place, value)
    if method == "GET":
        return caller.get(url).status_code
    tags = {
        "<uuid:review_id>": "running",
        "<uuid:review_uuid>": state_of(Review.objects.get(uuid=things["<uuid:review_uuid>"])),
        "<uuid:motion_uuid>": "1",
        "<uuid:batch_uuid>": "1",
        "<uuid:case_id>": Case.objects.get(uuid=things["<uuid:case_id>"]).version,
    }
    tag = next((tag for place, tag in tags.items() if place in address), "none")
    headers = {"Idempotency-Key": "k", "If-Match": f'"{tag}"'}
    return caller.post(url, body_of(address), headers=headers).status_code


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
    answer = ask(caller, method, address, things)

    if method == "POST" and address in ONLY_PEOPLE:
        assert answer == REFUSED
    else:
        assert answer in {200, 201, 202}


@every_operation
def test_the_outsider_finds_nothing_that_is_another_offices(address, method, things):
    outsider = in_office("LOS", scopes=list(SCOPES))
    answer = ask(outsider, method, address, things)

    if "<uuid:" in address:
        assert answer == NOT_FOUND
    elif method == "POST" and address in {"reviews/", "closure-batches/"}:
        assert answer == NOT_VALID  # it names a case, or an office, that the outsider may not see
    else:  # lists, policies, and a review of the outsider's own office
        assert answer in {200, 202}


@every_operation
def test_staff_need_the_permission_that_stands_for_the_scope(address, method, things):
    needed = STAFF_PERMISSIONS[VIEWS[address].required_scopes[method]]
    with_it, without = staff(*ALL_OF_STAFF), staff()
    without.user_permissions.clear()
    for user in (with_it, without):
        office().staff.add(user)
    answers = Counter()
    for user in (with_it, without):
        browser = APIClient()
        browser.force_login(user)
        answers[ask(browser, method, address, things)] += 1

    assert with_it.has_perms(needed)
    assert answers[REFUSED] == 1
    assert sum(answers[code] for code in (200, 201, 202)) == 1


@every_operation
def test_one_who_is_not_staff_is_refused(address, method, things, django_user_model):
    browser = APIClient()
    browser.force_login(django_user_model.objects.create_user("visitor"))

    assert ask(browser, method, address, things) == REFUSED
