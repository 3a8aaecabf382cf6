"""Whole months and years, clipped to the month's end."""

from __future__ import annotations

from datetime import date

import pytest

from screening.criteria.dates import add_months, add_years


@pytest.mark.parametrize(
    ("day", "months", "later"),
    [
        pytest.param(date(2024, 1, 15), 1, date(2024, 2, 15), id="the same day of the next month"),
        pytest.param(date(2024, 1, 31), 1, date(2024, 2, 29), id="clipped, in a leap year"),
        pytest.param(date(2023, 1, 31), 1, date(2023, 2, 28), id="clipped"),
        pytest.param(date(2022, 10, 15), 15, date(2024, 1, 15), id="into the year after next"),
        pytest.param(date(2023, 11, 30), 1, date(2023, 12, 30), id="into December"),
        pytest.param(date(2023, 12, 1), 12, date(2024, 12, 1), id="December to December"),
        pytest.param(date(2023, 12, 1), 0, date(2023, 12, 1), id="no month"),
    ],
)
def test_months_are_added(day, months, later):
    assert add_months(day, months) == later


@pytest.mark.parametrize(
    ("day", "years", "later"),
    [
        pytest.param(date(2006, 1, 15), 18, date(2024, 1, 15), id="the same day"),
        pytest.param(date(2004, 2, 29), 18, date(2022, 2, 28), id="29 February"),
        pytest.param(date(2004, 2, 29), 4, date(2008, 2, 29), id="to a leap year"),
    ],
)
def test_years_are_added(day, years, later):
    assert add_years(day, years) == later
