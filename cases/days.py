"""Days as the law counts them: years back, and the next day that is no weekend or holiday."""

from __future__ import annotations

from datetime import date, timedelta

from holidays import country_holidays

FEDERAL = country_holidays("US")
SATURDAY = 5


def years_before(day: date, years: int) -> date:
    """Return the same day so many years earlier; of 29 February, the 28th."""
    try:
        return day.replace(year=day.year - years)
    except ValueError:
        return day.replace(year=day.year - years, day=28)


def working_day(day: date) -> bool:
    """Return whether it is neither Saturday, Sunday nor a federal holiday."""
    return day.weekday() < SATURDAY and day not in FEDERAL


def due(start: date, days: int) -> date:
    """Return the last day of a period of so many calendar days after `start`.

    A period that would end on a day that is no working day runs to the next. Law: 8 CFR 1001.1(h).
    """
    last = start + timedelta(days=days)
    while not working_day(last):
        last += timedelta(days=1)
    return last
