"""A possible match that no person has resolved yet, of any category.

The process cannot go to filing while one is open. Says nothing about whether the match is right.
"""

from __future__ import annotations

from screening.criteria.kind import Kind, KindParams
from screening.criteria.search import WATCHLIST, Search
from screening.criteria.threat_indicator import UNSETTLED
from screening.criteria.words import Words
from screening.facts import CaseFacts
from screening.findings import Finding, holds


class Params(KindParams):
    search: Search


def check(facts: CaseFacts, params: Params) -> Finding:
    if facts.indicators:
        open_ones = tuple(i.key for i in facts.indicators if i.resolution in UNSETTLED)
        if open_ones:
            return holds(f"{len(open_ones)} possible match(es) not resolved.", open_ones)
    return params.search.found_nothing(facts, "Every possible match is resolved.")


KIND = Kind(
    code="unresolved-indicator",
    about=__doc__,
    params=Params,
    reads=("indicators", "checks"),
    check=check,
    example=Params(search=WATCHLIST),
    words=Words(
        would_clear=(
            "every possible match resolved by a vetting officer, and a {search} that is on "
            "record, not expired and without an open hit"
        ),
        would_hold="a possible match of any category that no vetting officer has resolved",
        obtained_by="The office orders the check; a vetting officer resolves a possible match.",
    ),
)
