"""Counts that are plainly made up, and the trigger played over them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

from cases.encounters.trigger import (
    DEFAULT,
    ONE_DAY,
    RULES,
    Act,
    Counts,
    Kind,
    Readings,
    Rule,
    proposal,
    read,
    standing,
)
from cases.models.encounters import Category

START = date(2024, 7, 1)
# The text of June, and the same with 28 days from its beginning.
ONE = RULES[:1]
TWENTY_EIGHT = (replace(RULES[0], days_below=28),)
# On record before anything else: a discontinuation that has long taken effect.
INACTIVE = (Act(Kind.STOP, date(2024, 6, 10)),)


def daily(*numbers: int | None, first: date = START, children: int = 0) -> Counts:
    """Return counts from the first day on; None leaves a day out."""
    return {
        first + timedelta(days=n): {
            Category.OTHERS: number,
            Category.CHILDREN_CONTIGUOUS: 0,
            Category.CHILDREN_ELSEWHERE: children,
        }
        for n, number in enumerate(numbers)
        if number is not None
    }


def play(
    counts: Counts,
    *,
    rules: Sequence[Rule] = RULES,
    readings: Readings = DEFAULT,
    acts: Sequence[Act] = (),
) -> list[Act]:
    """Return the acts where everything proposed is determined on the same day."""
    made = list(acts)
    for reading in read(counts, readings=readings, rules=rules):
        # What was determined before this day; whoever determines today has not yet done so.
        kind = proposal(reading, standing(made, on=reading.day))
        if kind is not None:
            made.append(Act(kind, reading.day))
    return made[len(acts) :]


def until(first: date, last: date) -> int:
    return (last - first) // ONE_DAY + 1
