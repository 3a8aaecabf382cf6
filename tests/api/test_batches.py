"""Closure batches over the API: read by systems, proposed and approved by people."""

from __future__ import annotations

from itertools import count
from typing import Any

import pytest
import time_machine
from django.contrib.auth.models import Permission, User
from rest_framework.test import APIClient

from cases import batches
from cases.models import ClosureBatch, Review
from tests.cases.test_batches import assembled, frozen, passed
from tests.cases.workflow.cast import NOTE, ON, make_review, person
from tests.cast import http, make_client, office

pytestmark = pytest.mark.django_db
URL = "/api/v1/closure-batches/"
KEYS = count(1)


@pytest.fixture(autouse=True)
def today():
    with time_machine.travel(f"{ON}T12:00:00-04:00", tick=False):
        yield


def system(**given: Any) -> APIClient:
    return http(make_client(**{"all_offices": True, "sees_protected": True, **given}))


def one_of(role: str, *more: str) -> APIClient:
    """Return a person's browser."""
    user = person(role)
    named = ("view_closurebatch", *more)
    user.user_permissions.add(*Permission.objects.filter(codename__in=named))
    caller = APIClient()
    caller.force_login(User.objects.get(pk=user.pk))
    return caller


def post(caller: APIClient, url: str, data: dict[str, Any], **headers: str) -> Any:
    return caller.post(
        url, data, format="json", headers={"Idempotency-Key": f"batch-{next(KEYS)}", **headers}
    )


def move(caller: APIClient, batch: ClosureBatch, name: str, **data: Any) -> Any:
    batch.refresh_from_db()
    url = f"{URL}{batch.uuid}/moves/"
    said = {"transition": name, "note": NOTE, "consequences_read": True, **data}
    return post(caller, url, said, **{"If-Match": f'"{batch.version}"'})


def test_a_person_assembles_and_freezes_what_was_shown():
    make_review()
    make_review()
    caller = one_of("proposer")

    made = post(
        caller,
        URL,
        {"title": "August", "office": office().code, "form": "dismissal", "ground": "7"},
    )
    assert made.status_code == 201, made.json()
    batch = ClosureBatch.objects.get()
    assert made["Location"] == f"{URL}{batch.uuid}/"
    answer = move(caller, batch, "freeze", manifest=made.json()["manifest_now"])

    assert answer.status_code == 201, answer.json()
    assert answer.json()["status"] == "frozen"
    assert answer.json()["items"] == 2
    items = caller.get(f"{URL}{batch.uuid}/items/").json()["results"]
    assert [item["number"] for item in items] == [1, 2]


def test_what_moved_is_a_conflict_that_says_what():
    batch = assembled(person("proposer"), 2)
    seen = batches.manifest(batch)
    Review.objects.filter(pk=batch.items.get(number=2).review_id).update(stale=True)

    answer = move(one_of("proposer"), batch, "freeze", manifest=seen)

    assert answer.status_code == 409
    assert "Item 2: there is new evidence." in str(answer.json())


def test_a_stale_reading_of_the_batch_is_refused():
    batch = assembled(person("proposer"), 1)
    url = f"{URL}{batch.uuid}/moves/"
    said = {"transition": "cancel", "note": NOTE}

    caller = one_of("proposer")
    assert post(caller, url, said).status_code == 428
    assert post(caller, url, said, **{"If-Match": '"99"'}).status_code == 412


@pytest.mark.parametrize("name", ["cancel", "approve", "execute", "pause", "rescind"])
def test_no_system_moves_a_batch(name):
    batch = passed(person("proposer"), person("attorney"), 2)

    answer = move(system(), batch, name)

    assert answer.status_code == 403 if name in {"cancel", "approve"} else 409
    batch.refresh_from_db()
    assert batch.status == ClosureBatch.Status.PASSED


def test_a_person_approves_over_the_api():
    batch = passed(person("proposer"), person("attorney"), 2)
    caller = one_of("supervisor")

    answer = move(caller, batch, "approve")

    assert answer.status_code == 201, answer.json()
    told = caller.get(f"{URL}{batch.uuid}/certificate/").json()
    assert told["sha256"] == told["certificate"]["sha256"]


def test_an_outsider_finds_no_batch():
    batch = frozen(person("proposer"), 1)
    outsider = system(all_offices=False)

    assert outsider.get(URL).json()["results"] == []
    for url in ("", "items/", "certificate/"):
        assert outsider.get(f"{URL}{batch.uuid}/{url}").status_code == 404
    assert move(outsider, batch, "cancel").status_code == 404
    given = {"title": "Mine", "office": office().code, "form": "dismissal", "ground": "7"}
    assert post(outsider, URL, given).status_code == 400


def test_no_system_proposes_a_batch():
    given = {"title": "Mine", "office": office().code, "form": "dismissal", "ground": "7"}

    assert post(system(), URL, given).status_code == 403
    assert not ClosureBatch.objects.exists()


def test_unknown_fields_and_filters_are_refused():
    given = {"title": "A", "office": office().code, "form": "dismissal", "ground": "7"}

    assert post(system(), URL, {**given, "colour": "red"}).status_code == 400
    assert post(system(), URL, {**given, "filters": {"colour": "red"}}).status_code == 400
    assert system().get(f"{URL}?colour=red").status_code == 400
