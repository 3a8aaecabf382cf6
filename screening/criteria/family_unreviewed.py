"""Family members' cases, linked as lead or rider, that no person has reviewed.

Families are closed together or not at all. Counts active links only; a severed rider is a case of
its own.
"""

from __future__ import annotations

from screening.criteria.kind import Kind, KindParams
from screening.criteria.words import Words
from screening.facts import CaseFacts
from screening.findings import Finding, clear, holds, unknown


class Params(KindParams):
    pass


def check(facts: CaseFacts, _params: Params) -> Finding:
    if facts.family_unreviewed is None:
        return unknown("No lead and rider links are on record.", "lead and rider links")
    if facts.family_unreviewed:
        return holds(f"{facts.family_unreviewed} linked family case(s) not reviewed.")
    return clear("No linked family case is unreviewed.")


KIND = Kind(
    code="family-unreviewed",
    about=__doc__,
    params=Params,
    reads=("family_unreviewed",),
    check=check,
    example=Params(),
    words=Words(
        would_clear=(
            "the lead and rider links on record, and every linked family case reviewed by a person"
        ),
        would_hold="a linked family case that no person has reviewed",
        obtained_by=(
            "By the office, from the court's record of leads and riders; the family's cases are "
            "for its reviewers."
        ),
    ),
)
