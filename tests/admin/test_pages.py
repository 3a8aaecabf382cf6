"""The admin: every page answers, nothing can be changed, nothing shows beyond what one may see."""

from io import StringIO

import pytest
from django.contrib.auth.models import User
from django.core.management import call_command
from django.urls import reverse

from cases.models import ApiClient, Case, Delivery, IntakeNote, QuarantinedRow, RecordRead
from screening import bulk
from screening.models import (
    BulkReview,
    Determination,
    EvidenceFile,
    PolicyVersion,
    QuarantinedEvidence,
)
from tests.cast import AS_OF, make_case, screened, staff

MODELS = [
    Case,
    Delivery,
    IntakeNote,
    QuarantinedRow,
    BulkReview,
    Determination,
    EvidenceFile,
    QuarantinedEvidence,
    PolicyVersion,
]
every_model = pytest.mark.parametrize("model", MODELS)


@pytest.fixture(autouse=True)
def record(clerk, screener):
    """One row of everything."""
    determination = screened(make_case(), screener)
    review = bulk.plan(version=determination.policy_version, as_of=AS_OF, by=screener)
    bulk.work(review)
    delivery = Delivery.objects.create(sha256="d", received_by=clerk)
    IntakeNote.objects.create(delivery=delivery, kind="repaired", file="A.csv", line=1)
    QuarantinedRow.objects.create(delivery=delivery, file="A.csv", line=2, reason="short")
    file = EvidenceFile.objects.create(name="checks", sha256="e", received_by=clerk)
    QuarantinedEvidence.objects.create(received_in=file, line=1, reason="short")


@pytest.fixture
def as_reviewer(client):
    call_command("demo_users", stdout=StringIO())
    client.force_login(User.objects.get(username="reviewer"))
    return client


def page(model, name, *args):
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{name}", args=args)


@every_model
def test_the_reviewer_reads_every_page(as_reviewer, model):
    listed = as_reviewer.get(page(model, "changelist"))
    assert listed.status_code == 200
    assert listed.context["cl"].result_count == 1
    assert as_reviewer.get(page(model, "change", model.objects.get().pk)).status_code == 200


@every_model
def test_nothing_can_be_added_changed_or_deleted(as_reviewer, model):
    pk = model.objects.get().pk
    assert as_reviewer.get(page(model, "add")).status_code == 403
    assert as_reviewer.post(page(model, "change", pk), {}).status_code == 403
    assert as_reviewer.get(page(model, "delete", pk)).status_code == 403


@every_model
def test_staff_without_an_office_see_nothing_of_any_case(client, model):
    client.force_login(staff())
    listed = client.get(page(model, "changelist"))

    assert listed.status_code == 200
    if model is not PolicyVersion:
        assert listed.context["cl"].result_count == 0
        # Django sends who asks for a row not found back to the index.
        assert client.get(page(model, "change", model.objects.get().pk)).status_code == 302


def test_a_cases_page_has_its_reasons_and_names_nobody(as_reviewer):
    case = Case.objects.get()
    text = as_reviewer.get(page(Case, "change", case.pk)).content.decode()

    assert "NS-01" in text
    assert "Falsename" not in text
    assert case.respondent.a_number not in text
    assert RecordRead.objects.filter(case_uuid=case.uuid, channel="admin").count() == 1


@pytest.mark.parametrize(("term", "found"), [("{idncase}", 1), ("0", 0), ("Falsename", 0)])
def test_search_is_by_the_courts_case_id(as_reviewer, term, found):
    q = term.format(idncase=Case.objects.get().idncase)

    listed = as_reviewer.get(page(Case, "changelist"), {"q": q})

    assert listed.context["cl"].result_count == found


def test_the_outcome_filter_narrows(as_reviewer):
    outcome = Determination.objects.current().get().outcome

    for value in ("flagged", outcome):
        listed = as_reviewer.get(page(Case, "changelist"), {"outcome": value})
        assert listed.context["cl"].result_count == (value == outcome)


def test_demo_users_may_run_twice(as_reviewer):
    printed = StringIO()
    call_command("demo_users", stdout=printed)

    words = printed.getvalue().split()
    password = words[words.index("password") + 1]
    assert User.objects.get(username="reviewer").check_password(password)
    assert ApiClient.objects.filter(name="demo").count() == 1


def test_a_determinations_page_does_not_tell_the_date_of_birth(as_reviewer):
    current = Determination.objects.current().get()
    assert "1901-02-03" in current.facts

    text = as_reviewer.get(page(Determination, "change", current.pk)).content.decode()

    assert "1901-02-03" not in text
