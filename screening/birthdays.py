"""Determinations without the days that tell when a respondent was born."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from screening.criteria.dates import add_years
from screening.explain import Explanation
from screening.facts_text import decode
from screening.models import Determination

NOT_TOLD = {"born_from", "born_by", "birth_precision"}
"""Facts that a determination rests on but that only who may see the respondent is told."""


def tells_birthday(day: date | None, determination: Determination) -> bool:
    """Return whether the day is an anniversary of a birth date that the facts have.

    The 65th birthday of most respondents is a day on which an answer can change.
    """
    facts = decode(determination.facts, determination.as_of)
    born = {b for b in (facts.born_from, facts.born_by) if b is not None}
    return day is not None and any(add_years(b, day.year - b.year) == day for b in born)


def without_birth(explained: Explanation, determination: Determination) -> Explanation:
    """Return the explanation without any day that tells when the respondent was born."""
    days = {explained.valid_until, *(c.valid_until for c in explained.criteria)} - {None}
    hidden = {day for day in days if tells_birthday(day, determination)}

    def told(day: date | None) -> date | None:
        return None if day in hidden else day

    return replace(
        explained,
        valid_until=told(explained.valid_until),
        criteria=[
            replace(
                c,
                valid_until=told(c.valid_until),
                reads=[read for read in c.reads if read.fact not in NOT_TOLD],
            )
            for c in explained.criteria
        ],
        facts={k: v for k, v in explained.facts.items() if k not in NOT_TOLD},
        what_would_change=[
            sentence
            for sentence in explained.what_would_change
            if not any(str(day) in sentence for day in hidden)
        ],
    )
