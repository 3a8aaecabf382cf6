"""The case type, without which it is not known whether the policy speaks of the case.

A policy takes in what may be in its scope; that the type is missing keeps the case from a flag.
"""

from __future__ import annotations

from screening.criteria.kind import Kind, KindParams
from screening.criteria.words import Words
from screening.facts import CaseFacts
from screening.findings import Finding, clear, unknown


class Params(KindParams):
    pass


def check(facts: CaseFacts, _params: Params) -> Finding:
    if facts.case_type is None:
        return unknown("No case type is on record.", "case type")
    return clear("The case type is on record.")


KIND = Kind(
    code="case-type",
    about=__doc__,
    params=Params,
    reads=("case_type",),
    check=check,
    example=Params(),
    words=Words(
        would_clear="a case type in the record of the immigration court",
        would_hold="a record of the immigration court that names no case type",
        obtained_by="By the office, from the record of the immigration court.",
    ),
    never_holds=True,
)
