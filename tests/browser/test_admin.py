"""The admin in a browser: readable by everyone, and nothing against the content policy."""

from __future__ import annotations

import re
from datetime import date
from io import StringIO

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.contrib.auth.models import Permission
from django.core.management import call_command
from django.urls import reverse
from playwright.sync_api import Page, expect

from cases.models import Case, Notice, Proceeding, PublishedFigure
from cases.statistics import release
from screening import bulk, disparity
from screening.models import BulkReview, Determination, PolicyDraft
from screening.policies import lifecycle, simulate
from screening.policies.release import release_shipped
from screening.policies.texts import of_version
from screening.screen import FindingSets
from tests.cases.encounters.series import daily
from tests.cases.encounters.test_determine import put_on_record
from tests.cases.notices.cast import decided
from tests.cases.workflow.cast import person
from tests.cast import linted, staff
from tests.screening.dockets import fresh_checks, give, make_case

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
AS_OF = date(2024, 1, 15)
PASSWORD = "plainly-false-words"
SEES_NOTICES = ("view_notice", "view_respondent")
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}

PROBLEM = {
    "code": "never-holds",
    "severity": "error",
    "criterion": "PS-10",
    "line": 159,
    "sentence": "PS-10 can never hold: no case meets its conditions.",
    "example": ["custody: D"],
}


def start_draft(becomes: str) -> PolicyDraft:
    """Return a draft of which the text says something else of PS-10."""
    by = staff("draft_policy")
    draft = lifecycle.start_draft(release_shipped("doyle-2"), by=by)
    text = draft.document.replace("within_years: 5", f"within_years: {becomes}", 1)
    lifecycle.save(draft, text, by=by, seen=draft.sha256)
    return draft


def count_something() -> None:
    """Put on record what the pages of the statistics show."""
    for number, case in enumerate(Case.objects.all(), 1):
        Proceeding.objects.create(
            idnproceeding=number,
            case=case,
            case_type="RMV",
            decision_code="U",
            completed_on=date(2023, 1, number),
        )
    PublishedFigure.objects.create(
        measure="eoir_completions_total",
        period="FY2023",
        since=date(2022, 10, 1),
        until=date(2023, 9, 30),
        value=20,
        source="EOIR",
    )
    release.refresh()
    disparity.refresh(on=AS_OF)


def violations(tab: Page) -> list[tuple[str, list[str]]]:
    """Return the rules that the page breaks, each with some of the places."""
    answer = Axe().run(tab, options=RULES).response
    assert len(answer["passes"]) > 10
    return [
        (v["id"], [node["html"][:160] for node in v["nodes"]][:3]) for v in answer["violations"]
    ]


@pytest.fixture
def docket(tmp_path, clerk, screener, monkeypatch):
    """A small docket under review: one case is screened, the second chunk is to do."""
    # The tables are emptied after each of these tests: what the process remembers of them is not.
    monkeypatch.setattr("screening.screen.FINDING_SETS", FindingSets())
    for number in (1, 2):
        make_case(number)
    give(tmp_path / "checks.ndjson", fresh_checks(1), by=clerk)
    review = bulk.plan(version=release_shipped("doyle-2"), as_of=AS_OF, by=screener, chunk_cases=1)
    bulk.work(review)
    return review


@pytest.fixture
def said(tab) -> list[str]:
    """Return what the pages complain of, collected while they are read."""
    complaints: list[str] = []
    tab.on(
        "console",
        lambda message: (
            complaints.append(message.text) if message.type in ("error", "warning") else None
        ),
    )
    tab.on("pageerror", lambda error: complaints.append(str(error)))
    return complaints


@pytest.fixture
def supervisor(tab, said, docket) -> Page:
    call_command("demo_users", "--password", PASSWORD, stdout=StringIO())
    tab.goto("/admin/")
    tab.get_by_label("Username").fill("supervisor")
    tab.get_by_label("Password").fill(PASSWORD)
    tab.get_by_role("button", name="Log in").click()
    return tab


def test_from_signing_in_to_why_a_case_has_its_outcome(supervisor, said):
    case = Case.objects.get(idncase=1001)
    outcome = Determination.objects.get(case=case).outcome

    supervisor.get_by_role("link", name="Cases", exact=True).click()
    supervisor.get_by_label("Outcome").select_option(outcome)
    supervisor.get_by_role("button", name="Show").click()
    supervisor.get_by_role("link", name="1001").click()

    criteria = supervisor.get_by_role("region", name="Every criterion")
    expect(criteria).to_contain_text("NS-01")
    expect(criteria.locator(".badge.clear").first).to_be_visible()
    expect(supervisor.locator(".badge.large")).to_have_text(outcome.replace("-", " "))
    # The stylesheet reached the tab.
    expect(criteria.locator(".code").first).to_have_css("font-weight", "700")
    assert said == []


def test_a_case_is_found_by_its_a_number_which_stays_out_of_the_address(supervisor, said):
    supervisor.goto(reverse("admin:cases_case_changelist"))
    supervisor.get_by_label("Find by A-number").fill("A000000002")
    supervisor.get_by_role("button", name="Find").click()

    expect(supervisor.get_by_role("heading", name="Case 1002")).to_be_visible()
    assert "000000002" not in supervisor.url
    assert said == []


def test_a_running_review_is_watched_and_its_end_is_seen(supervisor, said, docket):
    supervisor.goto(reverse("admin:screening_bulkreview_change", args=[docket.pk]))
    expect(supervisor.get_by_role("status")).to_contain_text("1 of 2 cases")
    expect(supervisor.get_by_role("button", name="Cancel this review")).to_be_visible()

    bulk.work(docket)

    expect(supervisor.locator(".badge.large")).to_have_text("Completed")
    expect(supervisor.get_by_role("status")).to_contain_text("2 of 2 cases")
    expect(supervisor.get_by_role("button", name="Cancel this review")).to_have_count(0)
    assert said == []


def test_a_mistake_in_a_policy_leads_to_its_line_and_is_put_right(supervisor, said):
    draft = start_draft("x")
    text = supervisor.get_by_label("The policy as YAML")
    supervisor.goto(reverse("admin:screening_policydraft_change", args=[draft.pk]))
    expect(supervisor.get_by_role("button", name="Propose")).to_be_disabled()

    supervisor.get_by_role("link", name=re.compile(r"^line \d+$")).click()
    chosen = "t => t.value.slice(t.selectionStart, t.selectionEnd)"
    assert text.evaluate(chosen) == "      within_years: x"
    text.fill(draft.document.replace("within_years: x", "within_years: 7"))
    supervisor.get_by_role("button", name="Save").click()

    changes = supervisor.get_by_role("region", name=f"What changes from {draft.copied_from}")
    expect(changes).to_contain_text("PS-10 within_years was 5 and is 7.")
    draft.refresh_from_db()
    assert draft.document == draft.copied_from.document.replace("years: 5", "years: 7", 1)
    assert said == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_kind_of_page_is_accessible_and_keeps_to_the_content_policy(supervisor, said, scheme):
    supervisor.emulate_media(color_scheme=scheme)
    review = BulkReview.objects.get()
    determination = Determination.objects.first()
    draft, readable = start_draft("x"), start_draft("7")
    linted(readable, PROBLEM)
    version = determination.policy_version
    compare = reverse("admin:screening_policyversion_compare")
    border = reverse("admin:cases_encountercount_status")
    put_on_record(daily(*[1400] * 20, None, *[2600] * 25), by=determination.requested_by)
    present = of_version(determination.policy_version)
    simulation = simulate.plan(present, present, as_of=AS_OF, by=determination.requested_by)
    simulate.work(simulation)
    count_something()
    pages = {
        "first page": reverse("admin:index"),
        "cases": reverse("admin:cases_case_changelist"),
        "no cases": reverse("admin:cases_case_changelist") + "?status=granted",
        "case": reverse("admin:cases_case_change", args=[determination.case_id]),
        "bulk reviews": reverse("admin:screening_bulkreview_changelist"),
        "bulk review": reverse("admin:screening_bulkreview_change", args=[review.pk]),
        "determination": reverse("admin:screening_determination_change", args=[determination.pk]),
        "blocking": reverse("admin:screening_determination_blocking"),
        "policy": reverse(
            "admin:screening_policyversion_change", args=[determination.policy_version_id]
        ),
        "drafts": reverse("admin:screening_policydraft_changelist"),
        "draft": reverse("admin:screening_policydraft_change", args=[draft.pk]),
        "linted": reverse("admin:screening_policydraft_change", args=[readable.pk]),
        "being linted": reverse("admin:screening_policydraft_change", args=[start_draft("8").pk]),
        "two policies": f"{compare}?old=doyle-2:{version.version}&new=draft:{draft.pk}",
        "simulations": reverse("admin:screening_simulation_changelist"),
        "simulation": reverse("admin:screening_simulation_change", args=[simulation.pk]),
        "new simulation": reverse("admin:screening_simulation_new"),
        "completions": reverse("admin:cases_completioncount_changelist"),
        "completions by court": reverse("admin:cases_completioncount_changelist") + "?by=court",
        "published figures": reverse("admin:cases_publishedfigure_changelist"),
        "rates by group": reverse("admin:cases_ratecount_changelist") + "?exact=1",
        "checks": reverse("admin:screening_backgroundcheck_changelist"),
        "deliveries": reverse("admin:cases_delivery_changelist"),
        "border without counts": f"{border}?on=2024-06-10&series=derived",
        "border": f"{border}?on=2024-08-15",
        "determination of the Secretary": reverse("admin:cases_factualdetermination_record"),
        "encounter counts": reverse("admin:cases_encountercount_changelist"),
    }
    found = {}
    for name, address in pages.items():
        supervisor.goto(address)
        assert said == [], name
        found[name] = violations(supervisor)
        said.clear()  # what the test's own tool put into the page

    assert {name: these for name, these in found.items() if these} == {}


def test_a_document_is_made_and_sent_on_pages_that_everyone_can_use(tab, said):
    clerk, review = person("clerk"), decided()
    clerk.user_permissions.add(*Permission.objects.filter(codename__in=SEES_NOTICES))
    clerk.set_password(PASSWORD)
    clerk.save()
    tab.goto("/admin/")
    tab.get_by_label("Username").fill(clerk.username)
    tab.get_by_label("Password").fill(PASSWORD)
    tab.get_by_role("button", name="Log in").click()

    tab.get_by_role("link", name="Notices").click()
    expect(tab.get_by_role("link", name="Make a document")).to_be_visible()
    broken = violations(tab)
    tab.get_by_role("link", name="Make a document").click()
    expect(tab.get_by_role("button", name="Make it")).to_be_visible()
    broken += violations(tab)
    tab.get_by_label("Review").fill(str(review.uuid))
    tab.get_by_label("Kind").select_option("notice-of-order")
    tab.get_by_label("Language").select_option("es")
    tab.get_by_role("button", name="Make it").click()
    expect(tab.get_by_role("alert")).to_contain_text("No order is on record in this case.")
    broken += violations(tab)
    tab.get_by_label("Kind").select_option("notice-of-consideration")
    tab.get_by_role("button", name="Make it").click()
    expect(tab.get_by_text("Made. It has not been sent.")).to_be_visible()
    broken += violations(tab)
    tab.get_by_label("Means").select_option("mail")
    tab.get_by_role("button", name="Was sent").click()
    expect(tab.get_by_text("On record as sent.")).to_be_visible()
    expect(tab.get_by_role("button", name="Was returned")).to_be_visible()

    assert broken == []
    assert Notice.objects.get().sent_means == "mail"


def test_the_sign_in_is_accessible(tab, said, live_server):
    tab.goto("/admin/")

    assert said == []
    assert violations(tab) == []


def test_the_page_of_the_api_works_under_its_own_policy(tab, said):
    tab.goto("/api/v1/docs/")

    expect(tab.get_by_text("/api/v1/cases/{case_id}/explanation/")).to_be_visible()
    assert not [text for text in said if "script" in text]
