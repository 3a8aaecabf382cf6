"""The admin: every page answers, nothing can be changed, nothing shows beyond what one may see."""

from __future__ import annotations

from datetime import date
from io import StringIO

import pytest
from django.conf import settings
from django.contrib import admin
from django.contrib.auth.models import User
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from cases.admin.pages import CappedPaginator, ReadOnly
from cases.encounters.determine import hold
from cases.models import (
    ApiClient,
    Case,
    ClosureBatch,
    CodeMeaning,
    ContactChange,
    Court,
    DeliveredFile,
    Delivery,
    EncounterCount,
    FactualDetermination,
    FamilyLink,
    Hearing,
    IntakeNote,
    LegalHold,
    Move,
    Notice,
    Office,
    OnwardFiling,
    PostClosureEvent,
    Proceeding,
    QuarantinedRow,
    RecordRead,
    RestartReview,
    Review,
    RowChange,
)
from screening import bulk
from screening.models import (
    BackgroundCheck,
    BulkReview,
    CompletedForm,
    CriminalRecord,
    Determination,
    EvidenceFile,
    PolicyDraft,
    PolicyVersion,
    QuarantinedEvidence,
    Simulation,
    ThreatIndicator,
)
from screening.policies import simulate
from screening.policies.lifecycle import start_draft
from screening.policies.texts import of_version
from tests.cases.encounters.series import daily
from tests.cases.encounters.test_determine import put_on_record
from tests.cases.encounters.test_determine import record as record_determination
from tests.cases.workflow.cast import make_review
from tests.cast import AS_OF, make_case, office, screened, staff
from tests.screening.dockets import give, line

OF_A_CASE = [
    Case,
    Determination,
    BulkReview,
    Simulation,
    CriminalRecord,
    ThreatIndicator,
    BackgroundCheck,
    CompletedForm,
    QuarantinedRow,
    RowChange,
    IntakeNote,
    Review,
    Move,
    Notice,
    ClosureBatch,
    PostClosureEvent,
    RestartReview,
    OnwardFiling,
    ContactChange,
]
OF_NO_CASE = [
    Delivery,
    EvidenceFile,
    QuarantinedEvidence,
    PolicyVersion,
    PolicyDraft,
    Court,
    EncounterCount,
    FactualDetermination,
    LegalHold,
]
HASHERS = settings.PASSWORD_HASHERS
every_model = pytest.mark.parametrize("model", [*OF_A_CASE, *OF_NO_CASE])


@pytest.fixture(autouse=True)
def record(clerk, screener, tmp_path):
    """One row of everything, in the office NYC."""
    Court.objects.create(code="NYC", name="New York", office=office())
    case = make_case()
    make_review(case)
    give(tmp_path / "evidence.ndjson", _evidence(case), by=clerk)
    determination = screened(case, screener)
    review = bulk.plan(version=determination.policy_version, as_of=AS_OF, by=screener)
    bulk.work(review)
    PolicyDraft.objects.create(code="doyle-2", author=screener)
    present = of_version(determination.policy_version)
    simulate.work(simulate.plan(present, present, as_of=AS_OF, by=screener))
    delivery = Delivery.objects.create(sha256="d", received_by=clerk)
    place = {"delivery": delivery, "file": "A.csv"}
    IntakeNote.objects.create(kind="repaired", line=1, **place)
    QuarantinedRow.objects.create(
        line=2, reason="short", row_text="Falsename", idncase=case.idncase, **place
    )
    RowChange.objects.create(
        delivery=delivery,
        table="case",
        key=1,
        idncase=case.idncase,
        before={"custody": "N"},
        after={"custody": "D"},
    )
    Notice.objects.create(
        review=Review.objects.get(),
        kind="notice-of-order",
        language="en",
        dated_on=AS_OF,
        pdf=b"%PDF",
        made_by=screener,
    )
    ClosureBatch.objects.create(
        office=office(), title="A batch", form_id="dismissal", proposed_by=screener
    )
    file = EvidenceFile.objects.get()
    QuarantinedEvidence.objects.create(
        received_in=file, line=9, reason="short", line_text="Falsename"
    )
    told = {"case": case, "recorded_by": clerk}
    PostClosureEvent.objects.create(
        kind="arrest", source="court", source_record="1", trust="tip", **told
    )
    RestartReview.objects.create(case=case, opened_by=clerk)
    OnwardFiling.objects.create(form="I-589", filed_on=AS_OF, **told)
    ContactChange.objects.create(
        kind="address", text="1 False Street", changed_on=AS_OF, source="AR-11", **told
    )
    put_on_record(daily(*[1400] * 7), by=clerk)
    recorder = staff("record_determination", "record_legal_hold")
    record_determination(by=recorder)
    hold(court="D.D.C.", order="24-cv-1702", begins_on=date(2024, 7, 3), by=recorder)
    User.objects.filter(pk=recorder.pk).update(is_staff=False)  # none of the cast


def _evidence(case: Case) -> list[dict[str, object]]:
    number = int(case.respondent.a_number)
    return [
        line("criminal_record", number, "r1", ncic="3560", severity="felony", disposition=None),
        line(
            "background_check",
            number,
            "b1",
            kind="tecs",
            completed_on="2024-01-10",
            result="no-hit",
        ),
        line(
            "threat_indicator",
            number,
            "t1",
            category="terrorism",
            list="TSDS",
            resolution="unresolved",
        ),
        line(
            "completed_form",
            number,
            "f1",
            form="interview-1",
            present=["health"],
            completed_on="2024-01-10",
        ),
    ]


@pytest.fixture
def cast(db, settings):
    # Passwords are tested elsewhere; four slow ones for every test would take most of the time.
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher", *HASHERS]
    call_command("demo_users", stdout=StringIO())
    return {user.username: user for user in User.objects.filter(is_staff=True)}


@pytest.fixture
def supervisor(client, cast):
    client.force_login(cast["supervisor"])
    return client


def page(model, name, *args):
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{name}", args=args)


def test_every_read_only_page_is_tested():
    ours = {model for model, page in admin.site._registry.items() if isinstance(page, ReadOnly)}

    assert ours == {*OF_A_CASE, *OF_NO_CASE}


@every_model
def test_the_supervisor_reads_every_page(supervisor, model):
    listed = supervisor.get(page(model, "changelist"))
    opened = supervisor.get(page(model, "change", model.objects.first().pk))

    assert listed.status_code == 200
    assert listed.context["cl"].result_count == model.objects.count() > 0
    assert opened.status_code == 200


@every_model
def test_nothing_can_be_added_changed_or_deleted(supervisor, model):
    pk = model.objects.first().pk

    assert supervisor.get(page(model, "add")).status_code == 403
    assert supervisor.get(page(model, "delete", pk)).status_code == 403
    if model not in (
        Case,
        BulkReview,
        PolicyDraft,
        Simulation,
        Review,
        ClosureBatch,
        RestartReview,
    ):  # they have no form of Django
        assert supervisor.post(page(model, "change", pk), {}).status_code == 403


@every_model
def test_without_the_permission_nothing_answers(client, model):
    nobody = staff()
    nobody.user_permissions.clear()
    client.force_login(nobody)

    assert client.get(page(model, "changelist")).status_code == 403
    assert client.get(page(model, "change", model.objects.first().pk)).status_code == 403


@pytest.mark.parametrize("model", OF_A_CASE)
@pytest.mark.parametrize("elsewhere", [True, False], ids=["another office", "no office"])
def test_the_outsider_sees_nothing_of_a_case(client, model, elsewhere):
    outsider = staff()
    if elsewhere:
        office("LOS").staff.add(outsider)
    client.force_login(outsider)

    listed = client.get(page(model, "changelist"))

    assert listed.context["cl"].result_count == 0
    # Django sends who asks for a row that is not visible back to the index.
    assert client.get(page(model, "change", model.objects.first().pk)).status_code == 302


def test_an_empty_list_says_what_fills_it_but_not_below_a_filter(client):
    client.force_login(staff())

    empty = client.get(page(Case, "changelist")).content.decode()
    narrowed = client.get(page(Case, "changelist"), {"outcome": "flagged"}).content.decode()

    assert "manage.py import_docket" in empty
    assert "manage.py" not in narrowed
    assert "No cases to show" in narrowed


@every_model
def test_a_list_costs_the_same_queries_however_long_it_is(supervisor, model, screener):
    def queries():
        with CaptureQueriesContext(
            connection,
        ) as captured:
            assert supervisor.get(page(model, "changelist")).status_code == 200
        return len(captured)

    queries()  # what is cached for good
    before = queries()
    for _ in range(5):
        screened(case := make_case(office=office("LOS")), screener)
        make_review(case)
    bulk.plan(version=PolicyVersion.objects.get(), as_of=AS_OF, by=screener)
    for n in range(5):
        Court.objects.create(code=f"X{n}", office=office("LOS"))
        start_draft(PolicyVersion.objects.get(), by=staff("draft_policy"))

    assert queries() == before


def test_a_page_of_a_case_costs_the_same_however_much_is_on_record(supervisor):
    case = Case.objects.get()
    url = page(Case, "change", case.pk)

    def queries():
        with CaptureQueriesContext(connection) as captured:
            supervisor.get(url)
        return len(captured)

    Hearing.objects.create(idnschedule=9, case=case, idnproceeding=1, calendar="I")
    FamilyLink.objects.create(idnleadrider=9, lead=case, rider=make_case(), active=True)
    queries()
    before = queries()
    for n in range(1, 6):
        Proceeding.objects.create(idnproceeding=n, case=case, decision_code="U")
        Hearing.objects.create(idnschedule=n, case=case, idnproceeding=1, calendar="I")
        FamilyLink.objects.create(
            idnleadrider=n, lead=case, rider=make_case(office=office("LOS")), active=True
        )

    assert queries() == before


def test_a_cases_page_has_every_criterion_its_law_and_the_courts_in_words(supervisor):
    case = Case.objects.get()
    CodeMeaning.objects.create(
        table="tblAdjournmentCodes", code="1", description="Respondent seeks counsel"
    )
    Proceeding.objects.create(idnproceeding=1, case=case, case_type="RMV", decision_code="U")
    Hearing.objects.create(
        idnschedule=1,
        case=case,
        idnproceeding=1,
        hearing_on=date(2024, 3, 1),
        adjournment_reason="1",
    )

    text = supervisor.get(page(Case, "change", case.pk)).content.decode()

    for said in ("NS-01", "PR-13", "INA 101(a)(48)(A)", "To obtain: fingerprint check"):
        assert said in text
    for said in ("Read: possible threats on record: terrorism, unresolved", "Clear with every"):
        assert said in text
    for said in ("dismissed", "Respondent seeks counsel (1)", "terrorism, TSDS, unresolved"):
        assert said in text
    assert "Falsename, Nobody" in text
    assert f"A{case.respondent.a_number}" in text
    assert RecordRead.objects.filter(case_uuid=case.uuid, channel="admin").count() == 1
    assert "supervisor, by the admin" in text


def test_the_clerk_is_told_no_name_and_no_birthday(client, cast):
    client.force_login(cast["clerk"])
    case = Case.objects.get()
    determination = Determination.objects.current().get()
    assert "1901-02-03" in determination.facts
    addresses = [
        page(Case, "changelist"),
        page(Case, "change", case.pk),
        page(Determination, "change", determination.pk),
        page(QuarantinedRow, "change", QuarantinedRow.objects.get().pk),
        page(QuarantinedEvidence, "change", QuarantinedEvidence.objects.get().pk),
    ]

    for address in addresses:
        response = client.get(address)
        assert response.status_code == 200
        for secret in ("Falsename", case.respondent.a_number, "1901-02-03", "Feb. 3, 1901"):
            assert secret not in response.content.decode()


def test_a_relative_whose_case_one_may_not_see_stays_unnamed(client, cast):
    client.force_login(cast["reviewer"])
    case, relative = Case.objects.get(), make_case(office=office("LOS"))
    FamilyLink.objects.create(idnleadrider=1, lead=case, rider=relative, active=True)

    text = client.get(page(Case, "change", case.pk)).content.decode()

    assert "a case that you may not see" in text
    assert f">{relative.idncase}<" not in text
    assert page(Case, "change", relative.pk) not in text


def test_evidence_leads_to_the_cases_of_its_respondent(supervisor):
    text = supervisor.get(page(CriminalRecord, "change", CriminalRecord.objects.get().pk))

    assert page(Case, "change", Case.objects.get().pk) in text.content.decode()


@pytest.mark.parametrize(
    ("term", "found"), [("{idncase}", 1), ("{uuid}", 1), ("0", 0), ("Falsename", 0), ("9" * 30, 0)]
)
def test_search_is_by_whole_ids(supervisor, term, found):
    case = Case.objects.get()
    q = term.format(idncase=case.idncase, uuid=case.uuid)

    assert supervisor.get(page(Case, "changelist"), {"q": q}).context["cl"].result_count == found


@pytest.mark.parametrize(
    ("given", "leads_to"),
    [
        pytest.param("A{a_number}", "case", id="as written"),
        pytest.param("{short}", "case", id="without its zeros"),
        pytest.param("A999999999", "list", id="nobody's"),
        pytest.param("Falsename", "list", id="not a number"),
    ],
)
def test_an_a_number_is_posted_and_leads_to_the_case(supervisor, given, leads_to):
    case = Case.objects.get()
    case.respondent.a_number = "001234567"
    case.respondent.save()
    number = given.format(a_number="001234567", short="1234567")

    response = supervisor.post(reverse("admin:cases_case_find"), {"a_number": number})

    target = page(Case, "change", case.pk) if leads_to == "case" else page(Case, "changelist")
    assert response.headers["location"] == target


def test_several_cases_of_one_respondent_are_listed(supervisor):
    case = Case.objects.get()
    Case.objects.create(respondent=case.respondent, idncase=77, office=case.office)

    found = supervisor.post(
        reverse("admin:cases_case_find"), {"a_number": case.respondent.a_number}
    )

    assert len(found.context["found"]) == 2


def test_an_a_number_of_another_office_is_as_unknown_as_a_wrong_one(client, cast):
    client.force_login(cast["reviewer"])
    hidden = make_case(office=office("LOS"))
    said = []
    for number in (hidden.respondent.a_number, "999999999"):
        response = client.post(reverse("admin:cases_case_find"), {"a_number": number}, follow=True)
        said.append([str(message) for message in response.context["messages"]])

    assert said[0] == said[1] != []


def test_only_who_may_see_respondents_finds_by_a_number(client, cast):
    client.force_login(cast["clerk"])

    assert "a-number" not in client.get(page(Case, "changelist")).content.decode()
    assert client.post(reverse("admin:cases_case_find"), {"a_number": "1"}).status_code == 403


@pytest.mark.parametrize(
    ("parameter", "value", "count"),
    [
        ("status", "pending", 1),
        ("status", "dismissed", 0),
        ("office", "NYC", 1),
        ("outcome", "flagged", 0),
        ("outcome", "", 1),
    ],
)
def test_a_list_narrows(supervisor, parameter, value, count):
    listed = supervisor.get(page(Case, "changelist"), {parameter: value})

    assert listed.context["cl"].result_count == count


def test_the_choice_of_offices_is_ones_own(client, cast):
    office("LOS")
    client.force_login(cast["reviewer"])

    text = client.get(page(Case, "changelist")).content.decode()

    assert 'value="NYC"' in text
    assert 'value="LOS"' not in text


def test_counting_stops(monkeypatch):
    monkeypatch.setattr("cases.admin.pages.LISTED_AT_MOST", 2)
    for _ in range(3):
        make_case()

    assert CappedPaginator(Case.objects.order_by("pk"), 1).count == 2


def test_a_running_review_is_cancelled_by_who_may_start_one(client, cast, screener):
    review = bulk.plan(version=PolicyVersion.objects.get(), as_of=AS_OF, by=screener)
    cancel = page(BulkReview, "cancel", review.pk)

    client.force_login(cast["clerk"])
    assert client.post(cancel).status_code == 403
    client.force_login(cast["supervisor"])
    assert (
        "Cancel this review" in client.get(page(BulkReview, "change", review.pk)).content.decode()
    )
    for _ in range(2):  # the second is told that it has ended
        assert client.post(cancel).status_code == 302

    review.refresh_from_db()
    assert review.status == BulkReview.Status.CANCELLED
    assert [m.by.username for m in review.moves.filter(transition="cancel")] == ["supervisor"]


def test_a_reviews_page_has_its_outcomes_reasons_chunks_and_moves(supervisor):
    review = BulkReview.objects.first()
    text = supervisor.get(page(BulkReview, "change", review.pk)).content.decode()

    for said in ("not flagged", "What the outcomes rest on", "Chunks", "start (Planned"):
        assert said in text


def test_the_first_page_has_the_latest_review_and_every_list(supervisor):
    text = supervisor.get(reverse("admin:index")).content.decode()

    assert "Latest bulk review" in text
    for model in (*OF_A_CASE, *OF_NO_CASE):
        assert page(model, "changelist") in text


@pytest.mark.parametrize("model", [Office, ApiClient])
def test_only_superusers_change_offices_and_clients(supervisor, client, model, cast):
    assert supervisor.get(page(model, "add")).status_code == 403
    cast["supervisor"].is_superuser = True
    cast["supervisor"].save()

    assert client.get(page(model, "add")).status_code == 200
    assert client.get(page(model, "changelist")).status_code == 200


def test_a_clients_secret_is_shown_once_and_kept_as_a_hash(admin_client):
    made = admin_client.post(
        page(ApiClient, "add"), {"name": "sister agency", "scopes": ["cases:read"]}
    )

    client = ApiClient.objects.get(name="sister agency")
    secret = made.context["secret"]
    assert secret in made.content.decode()
    assert client.client_secret.startswith("random_secret_pbkdf2_sha256$")
    assert client.user.username.startswith("client sister agency")
    assert not client.user.is_staff
    changed = admin_client.post(
        page(ApiClient, "change", client.pk), {"name": "sister agency", "scopes": []}
    )
    assert changed.status_code == 302
    client.refresh_from_db()
    assert client.scopes == []
    assert secret not in admin_client.get(page(ApiClient, "change", client.pk)).content.decode()


def test_nothing_of_the_toolkits_own_is_offered():
    names = {model.__name__ for model in admin.site._registry}

    assert names.isdisjoint({"AccessToken", "Grant", "IDToken", "RefreshToken"})


def test_demo_users_may_run_twice_and_prints_what_lets_one_in(cast):
    printed = StringIO()
    call_command("demo_users", "--password", "plainly-false-words", stdout=printed)

    assert "plainly-false-words" in printed.getvalue()
    assert set(cast) == {"clerk", "screener", "reviewer", "supervisor"}
    for name in cast:
        assert User.objects.get(username=name).check_password("plainly-false-words")
    assert not User.objects.filter(is_superuser=True).exists()
    assert ApiClient.objects.filter(name="demo").count() == 1
    call_command("demo_users", "--superuser", stdout=printed)
    assert User.objects.get(is_superuser=True).username == "superuser"


def test_a_deliverys_page_accounts_for_every_row(supervisor):
    delivery = Delivery.objects.get()
    counts = {"added": 2, "changed": 0, "unchanged": 0, "repaired": 1, "quarantined": 1}
    DeliveredFile.objects.create(delivery=delivery, name="A.csv", announced=None, read=3, **counts)

    text = supervisor.get(page(Delivery, "change", delivery.pk)).content.decode()

    assert "not finished" in text
    assert "not said" in text
    rows = f"{page(QuarantinedRow, 'changelist')}?delivery={delivery.pk}&amp;file=A.csv"
    assert rows in text
    linked = supervisor.get(rows.replace("&amp;", "&"))
    assert linked.context["cl"].result_count == 1


def test_a_row_without_a_readable_case_is_for_who_sees_every_case(supervisor, client, cast):
    row = QuarantinedRow.objects.create(
        delivery=Delivery.objects.get(), file="B.csv", line=3, reason="no key", row_text="?"
    )

    assert "not readable" in supervisor.get(page(QuarantinedRow, "change", row.pk)).content.decode()
    client.force_login(cast["clerk"])
    assert client.get(page(QuarantinedRow, "change", row.pk)).status_code == 302


@pytest.mark.parametrize(("state", "count"), [("current", 1), ("superseded", 1), ("", 2)])
def test_determinations_narrow_to_the_current_ones(supervisor, screener, state, count):
    case = Case.objects.get()
    Case.objects.filter(pk=case.pk).update(custody="D")
    screened(case, screener)

    listed = supervisor.get(page(Determination, "changelist"), {"state": state})

    assert listed.context["cl"].result_count == count
    if state == "superseded":
        (old,) = listed.context["cl"].result_list
        assert (
            "superseded" in supervisor.get(page(Determination, "change", old.pk)).content.decode()
        )


def test_the_address_of_the_search_by_a_number_leads_back(supervisor):
    found = supervisor.get(reverse("admin:cases_case_find"))

    assert found.headers["location"] == page(Case, "changelist")


def test_a_review_of_some_offices_says_so(supervisor, screener):
    review = bulk.plan(
        version=PolicyVersion.objects.get(),
        as_of=AS_OF,
        by=screener,
        office_ids=[office("LOS").pk],
    )

    assert "1 office" in supervisor.get(page(BulkReview, "changelist")).content.decode()
    text = supervisor.get(page(BulkReview, "change", review.pk)).content.decode()
    assert "Office LOS" in text
    assert "There was no case to review" in text


def test_a_case_that_was_never_screened_says_so(supervisor):
    case = make_case()

    text = supervisor.get(page(Case, "change", case.pk)).content.decode()

    assert "No determination is on record" in text
