"""A conviction that a court has vacated, for one of the listed reasons.

One vacated for a legal defect is no conviction any more; one vacated for rehabilitation still
counts as one, and the vacatur is shown. Law: Matter of Pickering, 23 I&N Dec. 621 (BIA 2003).
"""

from __future__ import annotations

from screening.criteria.kind import Kind, KindParams
from screening.criteria.search import FINGERPRINT, Search
from screening.criteria.words import Words
from screening.facts import CaseFacts, Disposition, Vacatur
from screening.findings import Finding, holds


class Params(KindParams):
    reasons: frozenset[Vacatur]
    search: Search


def check(facts: CaseFacts, params: Params) -> Finding:
    found = tuple(
        r.key
        for r in facts.records
        if r.disposition is Disposition.CONVICTED and r.vacated in params.reasons
    )
    if found:
        return holds(f"{len(found)} conviction(s) vacated.", found)
    return params.search.found_nothing(facts, "No vacated conviction.")


KIND = Kind(
    code="vacated-conviction",
    about=__doc__,
    params=Params,
    reads=("records", "checks"),
    check=check,
    example=Params(reasons=frozenset(Vacatur), search=FINGERPRINT),
    words=Words(
        would_clear=(
            "no conviction vacated for {reasons}, and a {search} that is on record, not expired "
            "and without an open hit"
        ),
        would_hold="a conviction vacated for {reasons}",
        obtained_by=("The office orders the check; the criminal court has the order of vacatur."),
        params={
            "reasons": ("The reasons for which a conviction was vacated that count."),
        },
    ),
)
