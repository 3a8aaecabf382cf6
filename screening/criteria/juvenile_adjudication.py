"""An adjudication of juvenile delinquency.

It is not a conviction, whatever the act was; a person sees to the safeguards for a minor. Law: INA
101(a)(48)(A); Matter of Devison, 22 I&N Dec. 1362 (BIA 2000).
"""

from __future__ import annotations

from screening.criteria.kind import Kind, KindParams
from screening.criteria.search import FINGERPRINT, Search
from screening.facts import CaseFacts, Disposition
from screening.findings import Finding, holds


class Params(KindParams):
    search: Search


def check(facts: CaseFacts, params: Params) -> Finding:
    found = tuple(
        r.key for r in facts.records if r.disposition is Disposition.JUVENILE_ADJUDICATION
    )
    if found:
        return holds(f"{len(found)} juvenile adjudication(s), no conviction.", found)
    return params.search.found_nothing(facts, "No juvenile adjudication.")


KIND = Kind(
    code="juvenile-adjudication",
    about=__doc__,
    params=Params,
    reads=("records", "checks"),
    check=check,
    example=Params(search=FINGERPRINT),
)
