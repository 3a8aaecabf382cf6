"""An arrest or charge with no disposition on record.

An arrest is not a conviction: a person must find out what became of it. Does not judge what the
arrest was for.
"""

from __future__ import annotations

from screening.criteria.kind import Kind, KindParams
from screening.criteria.search import FINGERPRINT, Search
from screening.facts import CaseFacts
from screening.findings import Finding, clear, holds


class Params(KindParams):
    search: Search


def check(facts: CaseFacts, params: Params) -> Finding:
    if facts.records:
        undisposed = tuple(r.key for r in facts.records if r.disposition is None)
        if undisposed:
            return holds(f"{len(undisposed)} arrest(s) without a disposition.", undisposed)
    not_searched = params.search.missing_or_expired(facts)
    if not_searched is not None:
        return not_searched
    return clear("No arrest without a disposition.", params.search.fresh_until(facts))


KIND = Kind(
    code="arrest-without-disposition",
    about=__doc__,
    params=Params,
    check=check,
    example=Params(search=FINGERPRINT),
)
