"""No counsel on record.

Reads the E-28 and the representatives assigned before a court. Whether counsel is still active is
not on record.
"""

from __future__ import annotations

from screening.criteria.kind import Kind, KindParams
from screening.criteria.words import Words
from screening.facts import CaseFacts
from screening.findings import Finding, clear, holds, unknown


class Params(KindParams):
    pass


def check(facts: CaseFacts, _params: Params) -> Finding:
    if facts.represented is None:
        return unknown("Whether there is counsel is not on record.", "E-28")
    if facts.represented:
        return clear("Counsel is on record.")
    return holds("No counsel is on record.")


KIND = Kind(
    code="representation",
    about=__doc__,
    params=Params,
    reads=("represented",),
    check=check,
    example=Params(),
    words=Words(
        would_clear="an E-28, or a representative assigned before the court",
        would_hold="a record of representation that has no counsel",
        obtained_by="By the office, from the court's record; counsel files the E-28.",
    ),
)
