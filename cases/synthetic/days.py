"""Calendar days as small integers, whose spellings are looked up instead of computed."""

from datetime import date, timedelta

EPOCH = date(1900, 1, 1)
_LENGTH = (date(2045, 1, 1) - EPOCH).days
_DATES = [EPOCH + timedelta(days=n) for n in range(_LENGTH)]

ISO: list[str] = [d.isoformat() for d in _DATES]
STAMP: list[str] = [f"{iso} 00:00:00.000" for iso in ISO]
YEAR: list[int] = [d.year for d in _DATES]
MONTH: list[int] = [d.month for d in _DATES]
WORKDAY: list[int] = [n + (0, 0, 0, 0, 0, 2, 1)[d.weekday()] for n, d in enumerate(_DATES)]
"""The same day, or the Monday after it on a weekend."""


def day_of(when: date) -> int:
    return (when - EPOCH).days


def day(year: int, month: int = 1, day_of_month: int = 1) -> int:
    return (date(year, month, day_of_month) - EPOCH).days


def stamp(number: int) -> str:
    """Return the courts' spelling of a day; 0 is no day and an empty field."""
    return STAMP[number] if number else ""
