"""The page of a closure batch: from the form to the certificate, and every refusal in words."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import Permission, User
from django.test import Client
from django.urls import reverse

from cases import batches
from cases.models import ClosureBatch, Review, SampleReading
from tests.cases.test_batches import approved, assembled, executed, frozen
from tests.cases.workflow.cast import NOTE, act, case_in_court, make_review, person
from tests.cast import screened

pytestmark = pytest.mark.django_db
LIST = "admin:cases_closurebatch_changelist"
PAGE = "admin:cases_closurebatch_change"


def signed_in(role: str, *more: str, at: str = "NYC") -> tuple[Client, User]:
    user = person(role, at=at)
    named = ("view_closurebatch", *more)
    user.user_permissions.add(*Permission.objects.filter(codename__in=named))
    client = Client()
    client.force_login(user)
    return client, User.objects.get(pk=user.pk)


def move(client: Client, batch: ClosureBatch, name: str, **given: str):
    url = reverse("admin:cases_closurebatch_move", args=[batch.pk, name])
    return client.post(url, {"note": NOTE, "consequences_read": "on", **given})


def test_an_empty_list_says_how_to_begin():
    client, _ = signed_in("proposer")

    page = client.get(reverse(LIST)).content.decode()

    assert "Assemble a batch" in page
    assert "Assemble the first one" in page


def test_a_batch_goes_from_the_form_to_the_certificate():
    make_review()
    make_review()
    proposing, _ = signed_in("proposer")
    given = {
        "title": "August",
        "office": Review.objects.first().case.office_id,
        "form": "dismissal:7",
        "represented": "unknown",
        "confidence": "0.95",
        "tolerable_rate": "0.02",
    }
    answer = proposing.post(reverse("admin:cases_closurebatch_assemble"), given)
    batch = ClosureBatch.objects.get()
    assert answer.url == reverse(PAGE, args=[batch.pk])
    shown = proposing.get(answer.url)
    assert shown.context["seen"] == batches.manifest(batch)
    move(proposing, batch, "freeze", seen=shown.context["seen"])
    move(proposing, batch, "draw")
    reading, _ = signed_in("attorney")
    read = reverse("admin:cases_closurebatch_read", args=[batch.pk])
    for _ in range(2):
        item = reading.get(read).context["item"]
        reading.post(read, {"item": item.pk, "would_close": "yes", "note": ""})
    approving, _ = signed_in("supervisor")
    move(approving, batch, "approve")
    batch.refresh_from_db()

    assert batch.status == ClosureBatch.Status.APPROVED
    page = approving.get(reverse(PAGE, args=[batch.pk])).content.decode()
    assert "What it means for each respondent" in page
    told = approving.get(reverse("admin:cases_closurebatch_certificate", args=[batch.pk])).json()
    assert told["manifest_sha256"] == batch.manifest_sha256


def test_what_moved_is_told_and_nothing_is_frozen():
    client, by = signed_in("proposer")
    batch = assembled(by, 3)
    seen = batches.manifest(batch)
    Review.objects.filter(pk=batch.items.get(number=2).review_id).update(stale=True)

    answer = move(client, batch, "freeze", seen=seen)

    assert answer.status_code == 409
    assert "Item 2: there is new evidence." in answer.content.decode()
    batch.refresh_from_db()
    assert batch.status == ClosureBatch.Status.ASSEMBLED


def test_a_closed_way_says_why():
    client, by = signed_in("proposer", "approve_batch")
    batch = frozen(by)
    batches.draw_sample(batch, act(by))
    for item in batch.items.filter(sampled=True):
        SampleReading.objects.create(item=item, reader=person("attorney"), would_close=True)
    batches.advance(batch, "pass", act(person("attorney")))

    page = client.get(reverse(PAGE, args=[batch.pk])).content.decode()

    assert "You proposed this batch; someone else must decide." in page
    assert move(client, batch, "approve").status_code == 409


def test_a_move_without_its_reason_is_refused_and_keeps_what_was_typed():
    client, by = signed_in("proposer")
    batch = frozen(by)

    answer = move(client, batch, "cancel", note="short")

    assert answer.status_code == 409
    assert "Give the reason" in answer.content.decode()
    assert "short" in answer.content.decode()


def test_the_reader_is_shown_nothing_of_what_was_found():
    _, by = signed_in("proposer")
    batch = frozen(by)
    batches.draw_sample(batch, act(by))
    client, _ = signed_in("attorney")

    page = client.get(reverse("admin:cases_closurebatch_read", args=[batch.pk]))

    assert page.status_code == 200
    assert "flagged" not in page.content.decode()
    assert "Flagged" not in page.content.decode().replace(batch.title, "")


def test_the_file_that_a_reader_opens_does_not_say_what_was_found(screener):
    case = case_in_court()
    screened(case, screener)
    client, _ = signed_in("attorney", "view_case")
    url = reverse("admin:cases_case_change", args=[case.pk])

    blind = client.get(f"{url}?blind=1").content.decode()
    whole = client.get(url).content.decode()

    assert "In court" in blind
    for told in ("Current determination", "<h3>Determinations</h3>", "badge large"):
        assert told in whole
        assert told not in blind


def test_the_reading_leads_to_the_file_alone():
    _, by = signed_in("proposer")
    batch = frozen(by)
    batches.draw_sample(batch, act(by))
    client, _ = signed_in("attorney")

    page = client.get(reverse("admin:cases_closurebatch_read", args=[batch.pk]))

    assert "?blind=1" in page.content.decode()


def test_who_proposed_reads_nothing():
    client, by = signed_in("proposer", "read_sample")
    batch = frozen(by)
    batches.draw_sample(batch, act(by))

    answer = client.get(reverse("admin:cases_closurebatch_read", args=[batch.pk]))

    assert answer.url == reverse(PAGE, args=[batch.pk])


def test_the_page_of_an_executed_batch_says_what_came_of_it():
    _, by = signed_in("proposer")
    client, approver = signed_in("supervisor")
    batch = approved(by, person("attorney"), approver)
    Review.objects.filter(pk=batch.items.get(number=1).review_id).update(stale=True)
    executed(batch, approver)

    page = client.get(reverse(PAGE, args=[batch.pk])).content.decode()

    assert "4 approved, 1 dropped out" in page
    assert "1: There is new evidence" in page


@pytest.mark.parametrize("name", ["change", "certificate", "read"])
def test_an_outsider_finds_no_batch(name):
    _, by = signed_in("proposer")
    batch = frozen(by)
    outsider, _ = signed_in("attorney", at="LOS")

    answer = outsider.get(reverse(f"admin:cases_closurebatch_{name}", args=[batch.pk]))

    assert answer.status_code in {302, 404}
    if answer.status_code == 302:
        assert answer.url == reverse("admin:index")


def test_the_page_takes_the_same_queries_however_many_cases(django_assert_max_num_queries):
    client, by = signed_in("proposer")
    batch = frozen(by, 12)

    with django_assert_max_num_queries(45):
        client.get(reverse(PAGE, args=[batch.pk]))
