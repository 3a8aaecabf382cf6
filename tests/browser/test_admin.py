"""The admin in a browser: signing in, reading a case, and nothing against the content policy."""

from __future__ import annotations

from datetime import date

import pytest
from django.contrib.auth.models import User
from playwright.sync_api import expect

from screening.policies.release import release_shipped
from screening.screen import screen_case
from tests.screening.dockets import fresh_checks, give, make_case

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_a_reviewer_signs_in_and_reads_why_a_case_has_its_outcome(tab, tmp_path, clerk, screener):
    User.objects.create_superuser("reader", password="plainly-false-words")
    case = make_case(1)
    give(tmp_path / "checks.ndjson", fresh_checks(1), by=clerk)
    version = release_shipped("doyle-2")
    made = screen_case(case, version=version, as_of=date(2024, 1, 15), by=screener)

    said: list[str] = []
    tab.on("console", lambda message: said.append(message.text))
    tab.goto("/admin/")
    tab.fill("#id_username", "reader")
    tab.fill("#id_password", "plainly-false-words")
    tab.click("[type=submit]")
    tab.click("#content-main a:text-is('Cases')")
    tab.click(f"#result_list a:text-is('{case.idncase}')")

    criteria = tab.locator(".field-criteria table")
    expect(criteria).to_contain_text("NS-01")
    expect(criteria.locator(".badge.clear").first).to_be_visible()
    expect(tab.locator(".field-outcome .badge")).to_have_text(made.outcome.replace("-", " "))
    # The stylesheet reached the tab.
    expect(criteria.locator(".code").first).to_have_css("font-weight", "700")
    assert not [text for text in said if "Content Security Policy" in text]
