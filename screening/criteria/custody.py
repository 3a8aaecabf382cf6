"""The custody status on record.

EOIR's own code: D detained, R released, N never detained. Does not look at conditions of release.
"""

from __future__ import annotations

from screening.criteria.kind import Kind, KindParams
from screening.criteria.words import Words
from screening.facts import CaseFacts, Custody
from screening.findings import Finding, clear, holds, unknown


class Params(KindParams):
    values: frozenset[Custody]


def check(facts: CaseFacts, params: Params) -> Finding:
    if facts.custody is None:
        return unknown("No custody status is on record.", "custody record")
    if facts.custody in params.values:
        return holds(f"Custody status {facts.custody.name.lower()}.")
    return clear("Another custody status.")


KIND = Kind(
    code="custody",
    about=__doc__,
    params=Params,
    reads=("custody",),
    check=check,
    example=Params(values=frozenset({Custody.DETAINED})),
    words=Words(
        would_clear="a custody status other than {values}",
        would_hold="the custody status {values}",
        obtained_by=(
            "By the office, from the custody record of the detaining agency and of the immigration "
            "court."
        ),
        params={
            "values": "The custody statuses that count.",
        },
    ),
)
