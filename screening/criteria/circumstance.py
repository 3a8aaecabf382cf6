"""A circumstance that a person found when reviewing the case.

Any one of the listed circumstances is enough. It is known to be absent only where a form that asks
about it was completed; of what nobody asked about nothing is known. Does not weigh how grave it is.
"""

from __future__ import annotations

from screening.criteria.kind import Kind, KindParams
from screening.criteria.words import Words
from screening.facts import FORM_OF, CaseFacts, Circumstance
from screening.findings import Finding, clear, holds, unknown


class Params(KindParams):
    any_of: frozenset[Circumstance]


def check(facts: CaseFacts, params: Params) -> Finding:
    present = sorted(c for c in params.any_of if facts.circumstances.get(c))
    if present:
        forms = sorted({FORM_OF[circumstance] for circumstance in present})
        return holds(
            f"On record: {', '.join(present).replace('-', ' ')}.",
            tuple(f"p:{form}" for form in forms),
        )
    unasked = {FORM_OF[c] for c in params.any_of if c not in facts.circumstances}
    if unasked:
        forms_in_words = " and ".join(sorted(unasked)).replace("-1", "").replace("-", " ")
        return unknown("Not asked about.", forms_in_words)
    return clear("Asked about, and not found.")


KIND = Kind(
    code="circumstance",
    about=__doc__,
    params=Params,
    reads=("circumstances",),
    check=check,
    example=Params(any_of=frozenset({Circumstance.HEALTH, Circumstance.PREGNANCY})),
    words=Words(
        would_clear=("completed forms that ask about {any_of} and name none of these as present"),
        would_hold="a completed form that names {any_of} as present",
        obtained_by=(
            "By the office: an interview or a review of the file, with the form completed."
        ),
        params={
            "any_of": "The circumstances of which any one is enough.",
        },
    ),
)
