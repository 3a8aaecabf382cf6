"""One review in a browser, from the queue to its approval, and whether everyone can read it."""

from __future__ import annotations

from io import StringIO

import pytest
from django.contrib.auth.models import User
from django.core.management import call_command
from django.urls import reverse
from django.utils.timezone import localdate
from playwright.sync_api import Page, expect

from cases.law import put_on_record
from cases.models import Motion, Review
from cases.workflow import advance
from tests.browser.test_admin import PASSWORD, said, violations  # noqa: F401  a fixture
from tests.cases.workflow.cast import (
    act,
    approved,
    case_in_court,
    make_review,
    person,
    proposing,
    ready,
    screened_with,
)
from tests.cast import office

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
REASON = "Long residence, a pending petition, and nothing against closing it."


@pytest.fixture
def roles(db):
    put_on_record()  # the tables are emptied after each of these tests
    office()
    call_command("demo_users", "--password", PASSWORD, stdout=StringIO())
    return {user.username: user for user in User.objects.filter(is_staff=True)}


def fresh(review: Review) -> Review:
    """Have it screened today, since a browser asks about today."""
    screened_with(review, outcome=str(review.outcome), on=localdate())
    Review.objects.filter(pk=review.pk).update(valid_until=None, holds=["MI-01", "MI-07"])
    review.refresh_from_db()
    return review


def sign_in(tab: Page, name: str) -> None:
    tab.context.clear_cookies()
    tab.goto("/admin/")
    tab.get_by_label("Username").fill(name)
    tab.get_by_label("Password").fill(PASSWORD)
    tab.get_by_role("button", name="Log in").click()


def test_a_review_is_taken_from_the_queue_to_its_approval(tab, said, roles):  # noqa: F811
    review = fresh(make_review())
    sign_in(tab, "reviewer")
    tab.get_by_role("link", name="Reviews", exact=True).click()
    tab.get_by_role("link", name="To take up 1").click()
    tab.get_by_role("link", name=str(review.case.idncase), exact=True).click()
    tab.get_by_role("button", name="Take up").click()
    expect(tab.locator(".messagelist")).to_have_text("The review is with an attorney.")

    propose = tab.locator("#review-propose")
    propose.locator("summary").click()
    propose.get_by_label("Reason").fill(REASON)
    propose.get_by_label("MI-01").check()
    propose.get_by_role("button", name="Propose").click()
    # What was forgotten is said, all of it, and what was written is still there.
    expect(propose.get_by_role("alert")).to_contain_text("Choose the form of discretion.")
    expect(propose.get_by_role("alert")).to_contain_text("say that you have.")
    expect(propose.get_by_label("Reason")).to_have_value(REASON)
    expect(propose.get_by_label("MI-01")).to_be_checked()
    said.clear()  # the browser reports the 409
    forms = tab.get_by_role("region", name="What each form means", exact=True)
    expect(forms).to_contain_text("expedited removal (INA 235(b)(1)) is possible")
    propose.get_by_label("Form of discretion").select_option("dismissal:7")
    propose.get_by_label("I have read what it would mean").check()
    propose.get_by_role("button", name="Propose").click()
    expect(tab.locator(".standing .large")).to_have_text("With a supervisor")
    approve = tab.get_by_role("button", name="Approve")
    expect(approve).to_be_disabled()
    why = "You are not permitted to do this. You proposed this; someone else must decide."
    expect(approve).to_have_accessible_description(why)

    sign_in(tab, "supervisor")
    tab.goto(reverse("admin:cases_review_changelist") + "?queue=supervisor")
    tab.get_by_role("link", name=str(review.case.idncase), exact=True).click()
    way = tab.locator("#review-approve")
    way.locator("summary").click()
    way.get_by_label("Reason").fill("Read in full; the proposal is well founded.")
    way.get_by_label("MI-01").check()
    way.get_by_role("button", name="Approve").click()

    expect(tab.locator(".standing .large")).to_have_text("Approved")
    expect(tab.get_by_role("region", name="Every move")).to_contain_text(REASON)
    review.refresh_from_db()
    assert (review.proposed_by, review.approved_by) == (roles["reviewer"], roles["supervisor"])
    assert said == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_page_of_reviews_is_accessible_and_keeps_to_the_content_policy(
    tab,
    said,  # noqa: F811
    roles,
    scheme,
):
    attorney, supervisor = person("attorney"), person("supervisor")
    waiting, doubtful = fresh(make_review()), fresh(make_review(outcome="refer"))
    advance(doubtful, "take-up", act(attorney, localdate()))
    proposed = make_review(case_in_court(represented=False))
    advance(proposed, "take-up", act(attorney))
    advance(proposed, "propose", proposing(attorney))
    to_file = make_review()
    ready(to_file, by=attorney, supervisor=supervisor)
    decided = approved(make_review(), by=attorney, supervisor=supervisor)
    assert Motion.objects.count() == 1
    tab.emulate_media(color_scheme=scheme)
    sign_in(tab, "supervisor")
    queue = reverse("admin:cases_review_changelist")
    pages = {
        "reviews": queue,
        "empty queue": f"{queue}?queue=overdue",
        **{
            name: reverse("admin:cases_review_change", args=[review.pk])
            for name, review in (
                ("screened", waiting),
                ("with an attorney", doubtful),
                ("with a supervisor", proposed),
                ("ready to file", to_file),
                ("approved", decided),
            )
        },
        "case with its review": reverse("admin:cases_case_change", args=[waiting.case_id]),
        "case without": reverse("admin:cases_case_change", args=[case_in_court().pk]),
        "moves": reverse("admin:cases_move_changelist"),
        "forms": reverse("admin:cases_formofdiscretion_changelist"),
        "form": reverse("admin:cases_formofdiscretion_change", args=["dismissal"]),
        "authorities": reverse("admin:cases_authority_changelist"),
        "new authority": reverse("admin:cases_authority_add"),
    }
    found = {}
    for name, address in pages.items():
        tab.goto(address)
        # Everything that opens is looked at open.
        tab.evaluate(
            "for (const d of document.querySelectorAll('details')) {d.name=''; d.open=true}"
        )
        assert said == [], name
        found[name] = violations(tab)
        said.clear()  # what the test's own tool put into the page

    assert {name: these for name, these in found.items() if these} == {}
