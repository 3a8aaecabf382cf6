"""A threat that a person has resolved to be this person, of one of the listed categories.

A raw hit on a name is not evidence: it makes the answer unknown until a vetting officer has
resolved it. What was resolved as another person, or as not derogatory, does not count.
"""

from __future__ import annotations

from screening.criteria.kind import Kind, KindParams
from screening.criteria.search import WATCHLIST, Search
from screening.criteria.words import Words
from screening.facts import CaseFacts, IndicatorCategory, Resolution
from screening.findings import Answer, Finding, holds


class Params(KindParams):
    categories: frozenset[IndicatorCategory]
    search: Search


UNSETTLED = frozenset({Resolution.UNRESOLVED, Resolution.WITHHELD_BY_OWNER})


def check(facts: CaseFacts, params: Params) -> Finding:
    if facts.indicators:
        listed = [i for i in facts.indicators if i.category in params.categories]
        found = tuple(i.key for i in listed if i.resolution is Resolution.IDENTICAL_DEROGATORY)
        if found:
            return holds(f"{len(found)} resolved indicator(s) of a listed category.", found)
        unsettled = tuple(i.key for i in listed if i.resolution in UNSETTLED)
        if unsettled:
            return Finding(
                Answer.UNKNOWN,
                "A possible match of a listed category is not resolved.",
                unsettled,
                None,
                "resolution by a vetting officer",
            )
    return params.search.found_nothing(facts, "No such indicator.")


KIND = Kind(
    code="threat-indicator",
    about=__doc__,
    params=Params,
    reads=("indicators", "checks"),
    check=check,
    example=Params(categories=frozenset({IndicatorCategory.TERRORISM}), search=WATCHLIST),
    words=Words(
        would_clear=(
            "no indicator of {categories} resolved to this person, every possible match of these "
            "resolved by a vetting officer, and a {search} that is on record, not expired and "
            "without an open hit"
        ),
        would_hold=(
            "an indicator of {categories} that a vetting officer has resolved to be this person, "
            "and derogatory"
        ),
        obtained_by=(
            "The office orders the check; a vetting officer resolves a possible match, with the "
            "owner of the list where the owner withholds it."
        ),
        params={
            "categories": "The categories of threat that count.",
        },
    ),
)
