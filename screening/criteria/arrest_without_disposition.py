"""An arrest or charge with no disposition on record.

An arrest is not a conviction: a person must find out what became of it. Does not judge what the
arrest was for.
"""

from __future__ import annotations

from screening.criteria.kind import Kind, KindParams
from screening.criteria.search import FINGERPRINT, Search
from screening.criteria.words import Words
from screening.facts import CaseFacts
from screening.findings import Finding, holds


class Params(KindParams):
    search: Search


def check(facts: CaseFacts, params: Params) -> Finding:
    if facts.records:
        undisposed = tuple(r.key for r in facts.records if r.disposition is None)
        if undisposed:
            return holds(f"{len(undisposed)} arrest(s) without a disposition.", undisposed)
    return params.search.found_nothing(facts, "No arrest without a disposition.")


KIND = Kind(
    code="arrest-without-disposition",
    about=__doc__,
    params=Params,
    reads=("records", "checks"),
    check=check,
    example=Params(search=FINGERPRINT),
    words=Words(
        would_clear=(
            "a disposition on record for each arrest and charge, and a {search} that is on record "
            "and not expired"
        ),
        would_hold="an arrest or charge of which no disposition is on record",
        obtained_by=(
            "The office orders the check; the arresting agency, the prosecutor or the clerk of the "
            "criminal court says what became of an arrest."
        ),
    ),
)
