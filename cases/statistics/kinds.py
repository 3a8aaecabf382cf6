"""The kinds of orders that end a case, each its own column, and what they add up to.

Read from the decision of the case or the other completion of its type (see `intake.codes`), so
that a letter is never read without its field; of the office's own record, from the kind of the
order and whether it rules on a motion of the office. Prosecutorial discretion shows as I, M and Y;
a dismissal (U) is usually one on such a motion, but not always, and is counted apart. A change of
venue or a transfer completes nothing.
"""

from __future__ import annotations

from enum import StrEnum

from cases.intake.codes import DecisionMeaning, decision, ends_the_case
from cases.models import CourtOrder

Meaning = DecisionMeaning
Order = CourtOrder.Kind


class Completion(StrEnum):
    """What an order did that ended a case. Administrative closure ends it for the time being."""

    ADMINISTRATIVE_CLOSURE = "administrative_closure"
    PD_ADMINISTRATIVE_CLOSURE = "pd_administrative_closure"
    IN_COURT_PD_CLOSURE = "in_court_pd_closure"
    PD_TERMINATION = "pd_termination"
    DISMISSED = "dismissed"
    TERMINATED = "terminated"
    RELIEF_GRANTED = "relief_granted"
    WITHHOLDING = "withholding"
    REMOVAL_ORDERED = "removal_ordered"
    REMOVAL_IN_ABSENTIA = "removal_in_absentia"
    VOLUNTARY_DEPARTURE = "voluntary_departure"
    DENIED = "denied"
    WITHDRAWN_OR_ABANDONED = "withdrawn_or_abandoned"
    FAILURE_TO_PROSECUTE = "failure_to_prosecute"
    OTHER_ADMINISTRATIVE = "other_administrative"
    OTHER_DECISION = "other_decision"


KIND_OF_MEANING = {
    Meaning.ADMIN_CLOSED: Completion.ADMINISTRATIVE_CLOSURE,
    Meaning.ADMIN_CLOSED_NO_SHOW: Completion.ADMINISTRATIVE_CLOSURE,
    Meaning.PD_ADMIN_CLOSED: Completion.PD_ADMINISTRATIVE_CLOSURE,
    Meaning.IN_COURT_PD_ADMIN_CLOSED: Completion.IN_COURT_PD_CLOSURE,
    Meaning.PD_TERMINATED: Completion.PD_TERMINATION,
    Meaning.DISMISSED: Completion.DISMISSED,
    Meaning.TERMINATED: Completion.TERMINATED,
    Meaning.CONDITIONAL: Completion.RELIEF_GRANTED,
    Meaning.FINAL_GRANT: Completion.RELIEF_GRANTED,
    Meaning.GRANTED: Completion.RELIEF_GRANTED,
    Meaning.RECOMMENDED: Completion.RELIEF_GRANTED,
    Meaning.RELIEF_GRANTED: Completion.RELIEF_GRANTED,
    Meaning.REMOVAL_CAT_DEFERRAL: Completion.WITHHOLDING,
    Meaning.REMOVAL_CAT_WITHHOLDING: Completion.WITHHOLDING,
    Meaning.REMOVAL_WITHHOLDING: Completion.WITHHOLDING,
    Meaning.REMOVAL: Completion.REMOVAL_ORDERED,
    Meaning.VOLUNTARY_DEPARTURE: Completion.VOLUNTARY_DEPARTURE,
    Meaning.DENIED: Completion.DENIED,
    Meaning.ABANDONED: Completion.WITHDRAWN_OR_ABANDONED,
    Meaning.WITHDRAWN: Completion.WITHDRAWN_OR_ABANDONED,
    Meaning.FAILURE_TO_PROSECUTE: Completion.FAILURE_TO_PROSECUTE,
    Meaning.HAITIAN: Completion.OTHER_ADMINISTRATIVE,
    Meaning.OTHER_ADMINISTRATIVE: Completion.OTHER_ADMINISTRATIVE,
    Meaning.TEMPORARY_PROTECTED_STATUS: Completion.OTHER_ADMINISTRATIVE,
    Meaning.AFFIRMED: Completion.OTHER_DECISION,
    Meaning.JURISDICTION_TO_BOARD: Completion.OTHER_DECISION,
    Meaning.OTHER: Completion.OTHER_DECISION,
    Meaning.REVOKED: Completion.OTHER_DECISION,
    Meaning.SUSTAINED: Completion.OTHER_DECISION,
    Meaning.UNKNOWN: Completion.OTHER_DECISION,
    Meaning.VACATED: Completion.OTHER_DECISION,
}
IN_ABSENTIA = "Y"

ON_MOTION = " on motion"
"""Ends the kind of an order that rules on a motion of the office, see `CompletingOrder`."""
KIND_OF_ORDER = {
    Order.ADMIN_CLOSURE: Completion.ADMINISTRATIVE_CLOSURE,
    Order.DISMISSAL: Completion.DISMISSED,
    Order.TERMINATION: Completion.TERMINATED,
    Order.RELIEF: Completion.RELIEF_GRANTED,
    Order.WITHHOLDING: Completion.WITHHOLDING,
    Order.REMOVAL: Completion.REMOVAL_ORDERED,
    Order.VOLUNTARY_DEPARTURE: Completion.VOLUNTARY_DEPARTURE,
    Order.WITHDRAWN: Completion.WITHDRAWN_OR_ABANDONED,
    Order.ABANDONED: Completion.WITHDRAWN_OR_ABANDONED,
    Order.ADMIN_CLOSURE + ON_MOTION: Completion.PD_ADMINISTRATIVE_CLOSURE,
    Order.DISMISSAL + ON_MOTION: Completion.DISMISSED,
    Order.TERMINATION + ON_MOTION: Completion.PD_TERMINATION,
}
"""A motion of the office is one of discretion; a dismissal stays in its column, as in EOIR's data,
which has no letter for one on such a motion."""

KINDS = tuple(kind.value for kind in Completion)
CLOSURES = (
    Completion.ADMINISTRATIVE_CLOSURE.value,
    Completion.PD_ADMINISTRATIVE_CLOSURE.value,
    Completion.IN_COURT_PD_CLOSURE.value,
    Completion.PD_TERMINATION.value,
    Completion.DISMISSED.value,
    Completion.TERMINATED.value,
)
DISCRETION = (
    Completion.PD_ADMINISTRATIVE_CLOSURE.value,
    Completion.IN_COURT_PD_CLOSURE.value,
    Completion.PD_TERMINATION.value,
)
MERITS = (
    Completion.RELIEF_GRANTED.value,
    Completion.WITHHOLDING.value,
    Completion.REMOVAL_ORDERED.value,
    Completion.REMOVAL_IN_ABSENTIA.value,
    Completion.VOLUNTARY_DEPARTURE.value,
    Completion.DENIED.value,
)

IN_WORDS = {
    "administrative_closure": "administrative closure",
    "pd_administrative_closure": "PD administrative closure",
    "in_court_pd_closure": "in-court PD closure",
    "pd_termination": "PD termination",
    "dismissed": "dismissed",
    "terminated": "terminated",
    "relief_granted": "relief granted",
    "withholding": "withholding or CAT protection",
    "removal_ordered": "removal ordered",
    "removal_in_absentia": "removal in absentia",
    "voluntary_departure": "voluntary departure",
    "denied": "denied",
    "withdrawn_or_abandoned": "withdrawn or abandoned",
    "failure_to_prosecute": "failure to prosecute",
    "other_administrative": "other administrative completion",
    "other_decision": "other decision",
}


def completion(
    case_type: str, decision_code: str, other_completion: str, order_kind: str = ""
) -> Completion | None:
    """Return the kind of completion that these codes stand for; None where the case goes on.

    `order_kind` is that of an order on the office's own record, which has no codes. Whether removal
    was ordered in absentia stands in a column of its own: see `in_absentia`.
    """
    if order_kind:
        return KIND_OF_ORDER.get(order_kind)
    ordered = decision(case_type, decision_code, other_completion)
    if ordered is None or not ends_the_case(ordered):
        return None
    return KIND_OF_MEANING[ordered]


def in_absentia(kind: Completion, absentia: str) -> Completion:
    """Return the kind with regard to the column ABSENTIA: a removal of someone not present."""
    absent = kind is Completion.REMOVAL_ORDERED and absentia == IN_ABSENTIA
    return Completion.REMOVAL_IN_ABSENTIA if absent else kind
