"""The federal fiscal year: October to September, named for its end. Days are calendar days."""

from __future__ import annotations

from calendar import monthrange
from datetime import date

MONTHS = (10, 11, 12, 1, 2, 3, 4, 5, 6, 7, 8, 9)
"""Of a fiscal year, in its order."""


def fiscal_year(day: date) -> int:
    """Return the federal fiscal year in which a day falls."""
    return day.year + (day.month >= 10)


def first_day(year: int) -> date:
    return date(year - 1, 10, 1)


def last_day(year: int) -> date:
    return date(year, 9, 30)


def end_of_month(day: date) -> date:
    return day.replace(day=monthrange(day.year, day.month)[1])


def month_of(year: int, month: int) -> date:
    """Return the first day of a calendar month of a fiscal year."""
    return date(year - (month >= 10), month, 1)


def up_to(month: int) -> tuple[int, ...]:
    """Return the calendar months from October to this one, in the order of a fiscal year."""
    return MONTHS[: MONTHS.index(month) + 1]
