"""A required background check: on record, not expired, without an open hit.

A check that ended in an error or an unclassifiable print, or that is still out, counts as not
made. What a check found is for the other criteria.
"""

from __future__ import annotations

from screening.criteria.kind import Kind, KindParams
from screening.criteria.search import FINGERPRINT, Search
from screening.criteria.words import Words
from screening.facts import CaseFacts, CheckResult
from screening.findings import Finding, clear, holds


class Params(KindParams):
    search: Search


OPEN_HITS = frozenset({CheckResult.HIT_UNRESOLVED, CheckResult.WITHHELD_BY_OWNER})


def check(facts: CaseFacts, params: Params) -> Finding:
    problem = params.search.missing_or_expired(facts)
    if problem is not None:
        return problem
    made = facts.checks[params.search.check]
    expires_on = params.search.expires_on(made)
    if made.result in OPEN_HITS:
        return holds(f"The {params.search.label} has an open hit.", (made.key,), expires_on)
    return clear(f"The {params.search.label} is on record and fresh.", expires_on)


KIND = Kind(
    code="check-freshness",
    about=__doc__,
    params=Params,
    reads=("checks",),
    check=check,
    example=Params(search=FINGERPRINT),
    words=Words(
        would_clear="a {search} that is on record, not expired and without an open hit",
        would_hold="a {search} with a hit that is not resolved or that its owner withholds",
        obtained_by="The office orders the check.",
    ),
)
