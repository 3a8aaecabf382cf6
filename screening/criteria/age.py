"""A child, or a person of advanced age, on the day of the screening.

A birth date known only to the month or year is taken as the span it is: inside the span of doubt
the answer is unknown.
"""

from __future__ import annotations

from pydantic import PositiveInt

from screening.criteria.dates import add_years
from screening.criteria.kind import Kind, KindParams
from screening.criteria.words import Words
from screening.facts import CaseFacts
from screening.findings import Answer, Finding, clear, holds, unknown


class Params(KindParams):
    under: PositiveInt
    at_least: PositiveInt


def check(facts: CaseFacts, params: Params) -> Finding:
    if facts.born_from is None or facts.born_by is None:
        return unknown("No date of birth is on record.", "birth record")
    adult_from = add_years(facts.born_from, params.under)
    adult_by = add_years(facts.born_by, params.under)
    aged_from = add_years(facts.born_from, params.at_least)
    aged_by = add_years(facts.born_by, params.at_least)
    if facts.as_of < adult_from:
        return holds(f"Under {params.under} years of age.", valid_until=adult_from)
    if adult_by <= facts.as_of < aged_from:
        return clear("Between the two ages.", aged_from)
    if aged_by <= facts.as_of:
        return holds(f"At least {params.at_least} years of age.")
    return Finding(
        Answer.UNKNOWN,
        "The birth date on record leaves open on which side of an age limit the person is.",
        valid_until=adult_by if facts.as_of < adult_by else aged_by,
        missing="full date of birth",
    )


KIND = Kind(
    code="age",
    about=__doc__,
    params=Params,
    reads=("born_from", "born_by"),
    check=check,
    example=Params(under=18, at_least=65),
    words=Words(
        would_clear=(
            "a birth date that makes the person at least {under} and under {at_least} years of age"
        ),
        would_hold=(
            "a birth date that makes the person under {under}, or at least {at_least}, years of age"
        ),
        obtained_by="By the office, from the A-file; the respondent may submit a birth record.",
        params={
            "under": "The age, in years, below which a person is a child.",
            "at_least": "The age, in years, from which age is advanced.",
        },
    ),
)
