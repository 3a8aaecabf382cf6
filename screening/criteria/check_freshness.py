"""The required background checks: all on record, none expired, none with an open hit.

A check that ended in an error or an unclassifiable print, or that is still out, counts as not
made. What a check found is for the other criteria.
"""

from __future__ import annotations

from screening.criteria.kind import Kind, KindParams
from screening.criteria.search import FINGERPRINT, WATCHLIST, Search
from screening.facts import CaseFacts, CheckResult
from screening.findings import Finding, clear, holds


class Params(KindParams):
    required: tuple[Search, ...]


OPEN_HITS = frozenset({CheckResult.HIT_UNRESOLVED, CheckResult.WITHHELD_BY_OWNER})


def check(facts: CaseFacts, params: Params) -> Finding:
    expired = None
    valid_until = None
    open_hits = []
    for search in params.required:
        problem = search.missing_or_expired(facts)
        if problem is not None:
            # Missing is said before expired: it takes longer to put right.
            if not problem.evidence:
                return problem
            expired = expired or problem
            continue
        made = facts.checks[search.check]
        expires_on = search.expires_on(made)
        if valid_until is None or expires_on < valid_until:
            valid_until = expires_on
        if made.result in OPEN_HITS:
            open_hits.append(made.key)
    if expired is not None:
        return expired
    if open_hits:
        return holds(f"{len(open_hits)} check(s) with an open hit.", tuple(open_hits), valid_until)
    return clear("All required checks are on record and fresh.", valid_until)


KIND = Kind(
    code="check-freshness",
    about=__doc__,
    params=Params,
    check=check,
    example=Params(required=(FINGERPRINT, WATCHLIST)),
)
