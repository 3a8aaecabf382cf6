"""A criminal charge that a court has not yet disposed of.

A charge is an accusation: it counts for nothing but the fact that a court will decide. Does not
look for arrests that led to no charge on record, see "arrest without disposition".
"""

from __future__ import annotations

from screening.criteria.kind import Kind, KindParams
from screening.criteria.search import FINGERPRINT, Search
from screening.criteria.words import Words
from screening.facts import CaseFacts, Disposition
from screening.findings import Finding, holds


class Params(KindParams):
    search: Search


def check(facts: CaseFacts, params: Params) -> Finding:
    if facts.records:
        pending = tuple(r.key for r in facts.records if r.disposition is Disposition.PENDING)
        if pending:
            return holds(f"{len(pending)} criminal charge(s) pending in court.", pending)
    return params.search.found_nothing(facts, "No pending criminal charge.")


KIND = Kind(
    code="pending-charge",
    about=__doc__,
    params=Params,
    reads=("records", "checks"),
    check=check,
    example=Params(search=FINGERPRINT),
    words=Words(
        would_clear=(
            "no charge pending in court, a disposition being on record for each, and a {search} "
            "that is on record and not expired"
        ),
        would_hold="a criminal charge that is pending in court",
        obtained_by=(
            "The office orders the check; the clerk of the criminal court certifies a disposition."
        ),
    ),
)
