"""Calendar arithmetic as the law counts: whole months and years, clipped to the month's end."""

from __future__ import annotations

from calendar import monthrange
from datetime import date
from functools import lru_cache


@lru_cache(maxsize=100_000)
def add_months(day: date, months: int) -> date:
    """Return the same day of the month `months` later, or that month's last day."""
    year, month0 = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month0 + 1, min(day.day, monthrange(year, month0 + 1)[1]))


def add_years(day: date, years: int) -> date:
    """Return the same day `years` later; 29 February becomes 28 February."""
    return add_months(day, 12 * years)
