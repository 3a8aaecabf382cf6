"""A removal order in this or an earlier case of the same person.

Earlier cases are found by A-number: without one on record, nobody has looked. Whether an order was
executed, or was reopened since, is for a person to find out. Law: INA 241(a)(5).
"""

from __future__ import annotations

from screening.criteria.kind import Kind, KindParams
from screening.criteria.words import Words
from screening.facts import CaseFacts
from screening.findings import Finding, clear, holds, unknown


class Params(KindParams):
    pass


def check(facts: CaseFacts, _params: Params) -> Finding:
    if facts.prior_removal_order_on is not None:
        return holds("A removal order is on record.")
    if not facts.prior_orders_known:
        return unknown("Earlier cases cannot be found without an A-number.", "A-number")
    return clear("No removal order is on record.")


KIND = Kind(
    code="prior-removal-order",
    about=__doc__,
    params=Params,
    reads=("prior_removal_order_on", "prior_orders_known"),
    check=check,
    example=Params(),
    words=Words(
        would_clear=(
            "an A-number by which earlier cases can be found, and no removal order in any of them"
        ),
        would_hold="a removal order in this or an earlier case of the same A-number",
        obtained_by="By the office, from the A-file and the record of the immigration court.",
    ),
)
