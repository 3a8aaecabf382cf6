"""Documents in the admin: read within one's office, made and followed by the same rules."""

from __future__ import annotations

from datetime import date

import pytest
import time_machine
from django.contrib.auth.models import Permission
from django.urls import reverse

from cases.models import Notice, RecordRead, Respondent
from cases.notices import make_notice
from tests.cases.notices.cast import decided, drafted, text_of
from tests.cases.workflow.cast import ON, act, person

pytestmark = pytest.mark.django_db
LIST = reverse("admin:cases_notice_changelist")
MAKE = reverse("admin:cases_notice_make")
PREVIEW = reverse("admin:cases_notice_preview")
LOOK = ("view_notice", "view_case", "view_respondent")


@pytest.fixture(autouse=True)
def that_day():
    with time_machine.travel("2024-08-15T12:00:00-04:00", tick=False):
        yield


@pytest.fixture
def review(db):
    return decided()


@pytest.fixture
def notice(review):
    return make_notice(review, "notice-of-consideration", "es", act(person("clerk")))


def signed_in(client, role="clerk", *more, at="NYC"):
    user = person(role, at=at)
    user.user_permissions.add(*Permission.objects.filter(codename__in=(*LOOK, *more)))
    client.force_login(user)
    return user


def without(user, codename):
    user.user_permissions.remove(Permission.objects.get(codename=codename))


def address(notice, name="change", *more):
    return reverse(f"admin:cases_notice_{name}", args=[notice.pk, *more])


def asked(review, **given):
    said = {"kind": "notice-of-consideration", "language": "es", "sending_on": "2024-08-15"}
    return {"review": str(review.uuid)} | said | given


def test_a_notice_is_listed_found_and_opened_without_its_bytes(client, notice):
    signed_in(client)

    listed = client.get(LIST, {"q": str(notice.review.uuid), "delivery": "unsent"})
    opened = client.get(address(notice))

    (row,) = listed.context["cl"].result_list
    assert row == notice
    assert "pdf" in row.get_deferred_fields()
    assert "not sent" in listed.content.decode()
    text = opened.content.decode()
    for said in (notice.sha256, notice.template_version, str(notice.review.uuid), "Was sent"):
        assert said in text
    assert address(notice, "pdf") in text


@pytest.mark.parametrize("delivery", ["sent", "delivered", "returned"])
def test_the_list_narrows_by_delivery(client, notice, delivery):
    signed_in(client)

    assert client.get(LIST, {"delivery": delivery}).context["cl"].result_count == 0


def test_the_document_is_read_and_the_reading_is_on_record(client, notice):
    reader = signed_in(client)

    answer = client.get(address(notice, "pdf"))

    assert answer.content == bytes(notice.pdf)
    assert answer["Content-Type"] == "application/pdf"
    assert "no-store" in answer["Cache-Control"]
    read = RecordRead.objects.get()
    assert (read.case_uuid, read.user, read.channel) == (notice.review.case.uuid, reader, "admin")


def test_no_address_or_file_name_names_a_person(client, notice):
    signed_in(client)
    respondent = Respondent.objects.get()

    answer = client.get(address(notice, "pdf"))

    for text in (answer["Content-Disposition"], address(notice, "pdf"), str(notice)):
        assert respondent.family_name not in text
        assert respondent.a_number not in text


def test_a_document_is_looked_at_before_it_is_made(client, review):
    signed_in(client)

    answer = client.post(PREVIEW, asked(review))

    assert "16 de septiembre de 2024" in text_of(answer.content)
    assert not Notice.objects.exists()
    assert RecordRead.objects.count() == 1


def test_a_document_is_made_sent_and_comes_back(client, review):
    signed_in(client)

    made = client.post(MAKE, asked(review))

    notice = Notice.objects.get()
    assert made["Location"] == address(notice)
    client.post(
        address(notice, "record", "sent"), {"sent_on": "2024-08-15", "means": "mail"}, follow=True
    )
    back = {"returned_on": "2024-08-15", "reason": "Moved away"}
    page = client.post(address(notice, "record", "returned"), back, follow=True)
    notice.refresh_from_db()
    assert (notice.sent_on, notice.sent_means) == (ON, "mail")
    assert (notice.returned_on, notice.return_reason) == (ON, "Moved away")
    assert review.positions.get().position == "notice-sent"
    assert "returned 2024-08-15" in page.content.decode()
    assert "Was delivered" not in page.content.decode()


def test_delivery_is_put_on_record(client, notice):
    signed_in(client)
    client.post(address(notice, "record", "sent"), {"sent_on": "2024-08-15", "means": "portal"})

    page = client.post(
        address(notice, "record", "delivered"), {"delivered_on": "2024-08-15"}, follow=True
    )

    assert "delivered 2024-08-15" in page.content.decode()
    assert "Was returned" in page.content.decode()
    listed = client.get(LIST, {"delivery": "delivered"})
    assert listed.context["cl"].result_count == 1


def test_what_is_in_the_way_is_said_and_changes_nothing(client, review, notice):
    signed_in(client)

    late = client.post(
        address(notice, "record", "delivered"), {"delivered_on": "2024-08-15"}, follow=True
    )
    empty = client.post(address(notice, "record", "sent"), {}, follow=True)
    french = client.post(MAKE, asked(review, language="fr"))
    order = client.post(MAKE, asked(review, kind="notice-of-order"))
    seen = client.post(PREVIEW, asked(review, kind="notice-of-order"))
    spanish = client.post(
        PREVIEW, asked(review, kind="motion-to-dismiss", language="es")
    ).content.decode()

    assert "It has not been sent." in late.content.decode()
    assert "Give the day" in empty.content.decode()
    assert "fr is not one of the available choices" in french.content.decode()
    assert "No order is on record in this case." in order.content.decode()
    assert "No order is on record in this case." in seen.content.decode()
    assert "made only in English" in spanish
    assert Notice.objects.get().sent_on is None


def test_the_pages_that_ask_are_answered(client, review):
    signed_in(client)

    page = client.get(MAKE).content.decode()

    assert "español" in page
    assert 'value="2024-08-15"' in page
    assert client.get(PREVIEW).status_code == 200


def test_a_review_leads_to_its_documents_and_to_another(client, review):
    signed_in(client, "clerk", "view_review")

    page = client.get(reverse("admin:cases_review_change", args=[review.pk])).content.decode()

    assert f"{LIST}?q={review.uuid}" in page
    assert f"{MAKE}?review={review.uuid}" in page
    asked_for = client.get(MAKE, {"review": str(review.uuid)}).content.decode()
    assert f'value="{review.uuid}"' in asked_for


@pytest.mark.parametrize("protected", [False, True], ids=["another office", "8 USC 1367"])
def test_the_outsider_finds_nothing(client, notice, protected):
    if protected:
        Respondent.objects.update(protected_1367=True)
    signed_in(client, "attorney", at="NYC" if protected else "LOS")
    sent = {"sent_on": "2024-08-15", "means": "mail"}

    assert client.get(LIST).context["cl"].result_count == 0
    assert client.get(address(notice)).status_code == 302
    assert client.get(address(notice, "pdf")).status_code == 404
    assert client.post(address(notice, "record", "sent"), sent).status_code == 404
    assert client.post(MAKE, asked(notice.review)).status_code == 404
    assert client.post(PREVIEW, asked(notice.review)).status_code == 404
    assert Notice.objects.get().sent_on is None


def test_who_may_see_no_respondent_reads_no_document(client, notice):
    without(signed_in(client), "view_respondent")

    assert client.get(address(notice, "pdf")).status_code == 403
    assert client.post(PREVIEW, asked(notice.review)).status_code == 403
    page = client.get(address(notice)).content.decode()
    assert address(notice, "pdf") not in page
    assert "Nobody" not in page


def test_who_only_looks_makes_and_records_nothing(client, notice):
    signed_in(client, "recorder")

    assert "Make a document" not in client.get(LIST).content.decode()
    assert "Was sent" not in client.get(address(notice)).content.decode()
    assert client.get(MAKE).status_code == 403
    assert client.post(MAKE, asked(notice.review)).status_code == 403
    sent = {"sent_on": "2024-08-15", "means": "mail"}
    assert client.post(address(notice, "record", "sent"), sent).status_code == 403


def test_a_clerk_drafts_no_motion(client):
    signed_in(client)
    motion = drafted("motion-to-dismiss")

    answer = client.post(MAKE, asked(motion.review, kind="motion-to-dismiss", language="en"))

    assert answer.status_code == 403
    assert not Notice.objects.exists()


def test_a_deadline_is_shown_as_printed(client, notice):
    signed_in(client)

    assert notice.answer_due_on == date(2024, 9, 16)
    assert "Sept. 16, 2024" in client.get(address(notice)).content.decode()
