"""What a policy cites was there while the policy was in force."""

from __future__ import annotations

import re
from datetime import date

import pytest

from screening.management.commands.golden import shipped_policies
from screening.policies.params import leaves

POLICIES = shipped_policies()
YEAR = re.compile(r"\((?:[^()]*\D)?((?:19|20)\d\d)\)")
DAY = re.compile(r"(?:19|20)\d\d-\d\d-\d\d")
FROM = {
    "Executive Order 13768": date(2017, 1, 25),
    "Trasvina memorandum": date(2021, 5, 27),
    "Mayorkas memorandum": date(2021, 9, 30),
    "Doyle memorandum": date(2022, 4, 3),
    "1003.18(c)": date(2024, 7, 29),
    "Executive Order 14159": date(2025, 1, 20),
    "INA 236(c)(1)(E)": date(2025, 1, 29),
}
"""Authorities that are cited without their year, and the day each took effect."""


def days_of(text: str) -> list[date]:
    """Return no later than when what the text cites was there."""
    return [
        *(date(int(year), 1, 1) for year in YEAR.findall(text)),
        *map(date.fromisoformat, DAY.findall(text)),
        *(day for named, day in FROM.items() if named in text),
    ]


@pytest.mark.parametrize("code", sorted(POLICIES))
def test_a_policy_cites_nothing_later_than_its_last_day(code):
    policy = POLICIES[code]
    cited = {c.code: c.citation for c in policy.criteria}
    cited |= {
        f"{c.code}, {value}": value
        for c in policy.criteria
        for name, value in leaves(c.params)
        if name == "authority"
    }

    later = {
        place: text
        for place, text in cited.items()
        for day in days_of(text)
        if policy.effective_to is not None and day >= policy.effective_to
    }

    assert not later


@pytest.mark.parametrize(
    ("text", "days"),
    [
        pytest.param(
            "Matter of B-N-K-, 29 I&N Dec. 96 (BIA 2025)", [date(2025, 1, 1)], id="a decision"
        ),
        pytest.param(
            "Executive Order 14159, 90 FR 8443 (2025)",
            [date(2025, 1, 1), date(2025, 1, 20)],
            id="an order",
        ),
        pytest.param("8 CFR 239.2(c), 1003.18(c)", [date(2024, 7, 29)], id="a later rule"),
        pytest.param("8 CFR 239.2(a)(1), (3), (4)", [], id="an old rule"),
        pytest.param(
            "Morton memorandum of 2011-06-17; INA 212(a)(3)(E)",
            [date(2011, 6, 17)],
            id="a memorandum with its day",
        ),
    ],
)
def test_the_day_of_what_is_cited_is_read_from_the_citation(text, days):
    assert days_of(text) == days
