"""Entry within the last years, in one of the listed manners.

Who has not been present for that long may be exposed to expedited removal once the case ends. On
the day on which the years are complete it holds no more. Assumes no departure since the entry on
record. Law: INA 235(b)(1)(A)(iii)(II).
"""

from __future__ import annotations

from pydantic import PositiveInt

from screening.criteria.dates import add_years
from screening.criteria.kind import Kind, KindParams
from screening.criteria.words import Words
from screening.facts import CaseFacts, Entry
from screening.findings import Answer, Finding, clear, holds, unknown


class Params(KindParams):
    years: PositiveInt
    manners: frozenset[Entry]


def check(facts: CaseFacts, params: Params) -> Finding:
    if facts.manner_of_entry is not None and facts.manner_of_entry not in params.manners:
        return clear("The charges state another manner of entry.")
    if facts.entered_on is None:
        return unknown("No date of entry is on record.", "date of entry (I-213)")
    complete_on = add_years(facts.entered_on, params.years)
    if complete_on <= facts.as_of:
        return clear(f"Entered {params.years} years ago or earlier.")
    if facts.manner_of_entry is None:
        return Finding(
            Answer.UNKNOWN,
            f"Entered less than {params.years} years ago; the manner of entry is not on record.",
            valid_until=complete_on,
            missing="manner of entry (I-213, charges)",
        )
    return holds(
        f"Entered less than {params.years} years ago in a listed manner.", valid_until=complete_on
    )


KIND = Kind(
    code="entry-within",
    about=__doc__,
    params=Params,
    reads=("entered_on", "manner_of_entry"),
    check=check,
    example=Params(years=2, manners=frozenset({Entry.WITHOUT_ADMISSION})),
    words=Words(
        would_clear=(
            "a date of entry {years} or more years ago, or another manner of entry than {manners}"
        ),
        would_hold=(
            "a date of entry less than {years} years ago, and the manner of entry {manners}"
        ),
        obtained_by=(
            "By the office, from the I-213 and the charges in the A-file; the respondent may "
            "submit evidence of an entry."
        ),
        params={
            "years": "How many years back an entry counts.",
            "manners": "The manners of entry that count.",
        },
    ),
)
