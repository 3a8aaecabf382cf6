"""A person whose information 8 U.S.C. 1367 protects (VAWA, T and U matters).

Holds where the record says so. Asks nothing of the alleged perpetrator, and discloses nothing.
"""

from __future__ import annotations

from screening.criteria.kind import Kind, KindParams
from screening.criteria.words import Words
from screening.facts import CaseFacts
from screening.findings import Finding, clear, holds, unknown


class Params(KindParams):
    pass


def check(facts: CaseFacts, _params: Params) -> Finding:
    if facts.protected_1367 is None:
        return unknown("Whether 8 U.S.C. 1367 protects is not on record.", "protection flag")
    if facts.protected_1367:
        return holds("Protected by 8 U.S.C. 1367.")
    return clear("Not protected by 8 U.S.C. 1367.")


KIND = Kind(
    code="protected-1367",
    about=__doc__,
    params=Params,
    reads=("protected_1367",),
    check=check,
    example=Params(),
    words=Words(
        would_clear="a record that 8 U.S.C. 1367 does not protect this person",
        would_hold="a record that 8 U.S.C. 1367 protects this person",
        obtained_by=(
            "By the office, from the systems that carry the protection flag; not from the "
            "respondent's family or an alleged perpetrator."
        ),
    ),
)
