"""Entry in one of the listed manners; with a cut-off, after that date.

The cut-off day itself is not after it. The manner is read from the charges: a visa overstay was
admitted, and is no unlawful entry. Does not ask where the person was apprehended.
"""

from __future__ import annotations

from datetime import date

from screening.criteria.kind import Kind, KindParams
from screening.criteria.words import Words
from screening.facts import CaseFacts, Entry
from screening.findings import Finding, clear, holds, unknown


class Params(KindParams):
    cutoff: date | None = None
    manners: frozenset[Entry]


def check(facts: CaseFacts, params: Params) -> Finding:
    if facts.manner_of_entry is not None and facts.manner_of_entry not in params.manners:
        return clear("The charges state another manner of entry.")
    if params.cutoff is None:
        if facts.manner_of_entry is None:
            return unknown(
                "The manner of entry is not on record.", "manner of entry (I-213, charges)"
            )
        return holds("Entered in a listed manner.")
    if facts.entered_on is None:
        return unknown("No date of entry is on record.", "date of entry (I-213)")
    if facts.entered_on <= params.cutoff:
        return clear("Entered on or before the cut-off date.")
    if facts.manner_of_entry is None:
        return unknown(
            "Entered after the cut-off date; the manner of entry is not on record.",
            "manner of entry (I-213, charges)",
        )
    return holds("Entered after the cut-off date in a listed manner.")


KIND = Kind(
    code="entry-after",
    about=__doc__,
    params=Params,
    reads=("entered_on", "manner_of_entry"),
    check=check,
    example=Params(cutoff=date(2020, 11, 1), manners=frozenset({Entry.WITHOUT_ADMISSION})),
    words=Words(
        would_clear=(
            "a date of entry on or before {cutoff}, or another manner of entry than {manners}"
        ),
        would_hold="a date of entry after {cutoff}, and the manner of entry {manners}",
        obtained_by=(
            "By the office, from the I-213 and the charges in the A-file; the respondent may "
            "submit evidence of an entry."
        ),
        params={
            "cutoff": "The last day on which an entry does not count.",
            "manners": "The manners of entry that count.",
        },
    ),
)
