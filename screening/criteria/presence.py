"""Length of presence in the United States since the entry on record.

Assumes no departure since: absences do not show in the docket.
"""

from __future__ import annotations

from pydantic import PositiveInt

from screening.criteria.dates import add_years
from screening.criteria.kind import Kind, KindParams
from screening.criteria.words import Words
from screening.facts import CaseFacts
from screening.findings import Finding, clear, holds, unknown


class Params(KindParams):
    years: PositiveInt


def check(facts: CaseFacts, params: Params) -> Finding:
    if facts.entered_on is None:
        return unknown("No date of entry is on record.", "entry evidence")
    reached_on = add_years(facts.entered_on, params.years)
    if reached_on <= facts.as_of:
        return holds(f"Present for {params.years} years or more.")
    return clear(f"Present for less than {params.years} years.", reached_on)


KIND = Kind(
    code="presence",
    about=__doc__,
    params=Params,
    reads=("entered_on",),
    check=check,
    example=Params(years=10),
    words=Words(
        would_clear="a date of entry less than {years} years ago",
        would_hold="a date of entry {years} years ago or earlier",
        obtained_by="By the office, from the A-file; the respondent may submit evidence of entry.",
        params={
            "years": "How many years of presence it takes.",
        },
    ),
)
