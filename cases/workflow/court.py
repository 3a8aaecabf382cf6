"""The case in court: it moves only by recording what a court or an agency did, by its document."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import OuterRef, Q, QuerySet, Subquery

from cases.models import Case, CourtOrder, Motion, Move, states
from cases.workflow import restart
from cases.workflow.engine import (
    Act,
    Transition,
    TransitionRefused,
    add,
    advance,
    blockers,
)
from cases.workflow.reviews import RECORDER

Cases = QuerySet[Case]
Kind = CourtOrder.Kind

RULES_ON_A_MOTION = {
    Kind.ADMIN_CLOSURE: "grant",
    Kind.DISMISSAL: "grant",
    Kind.TERMINATION: "grant",
    Kind.DENIAL: "deny",
}
"""What an order does to the motion that it rules on; any other order makes it moot."""


NO_PREJUDICE = "Only a dismissal or a termination is with prejudice."


def appealed_from_another(status: str) -> Any:
    def guard(cases: Cases, _act: Act) -> Cases:
        last = Move.objects.filter(
            case=OuterRef("pk"), machine=states.COURT.name, transition="appeal"
        ).order_by("-id")
        return cases.alias(appealed_from=Subquery(last.values("source")[:1])).exclude(
            Q(appealed_from=None) | Q(appealed_from=status)
        )

    guard.__doc__ = f"It stood otherwise before the appeal: not {Case.Status(status).label}."
    return guard


ACTS = {
    "serve-nta": "Charging document served",
    "cancel-nta": "Charging document cancelled",
    "leave-unfiled": "Charging document left unfiled",
    "file-nta": "Charging document filed with the court",
    "hearing": "Hearing set, held or put off",
    "close-administratively": "Administratively closed",
    "dismiss": "Dismissed",
    "terminate": "Terminated",
    "grant-relief": "Relief granted",
    "order-removal": "Removal ordered",
    "grant-voluntary-departure": "Voluntary departure granted",
    "grant-withholding": "Withholding or CAT protection granted",
    "withdraw-application": "Application withdrawn",
    "find-abandoned": "Application found abandoned",
    "recalendar": "Recalendared",
    "refuse-to-recalendar": "Motion to recalendar denied",
    "deny-motion": "Motion denied",
    "appeal": "Appealed",
    **{f"affirm-{status}": f"Affirmed: {Case.Status(status).label}" for status in states.OVER},
    "remand": "Vacated and remanded",
    "reopen": "Reopened",
    "begin-expedited-removal": "Expedited removal begun",
}
LAW = {
    "cancel-nta": "8 CFR 239.2(a)",
    "file-nta": "8 CFR 1003.14",
    "close-administratively": "8 CFR 1003.18(c)",
    "dismiss": "8 CFR 239.2(c), 1239.2(c)",
    "terminate": "8 CFR 1003.18(d), 1239.2(f)",
    "recalendar": "8 CFR 1003.18(c)",
    "appeal": "8 CFR 1003.38",
    "reopen": "8 CFR 1003.23",
    "begin-expedited-removal": "INA 235(b)(1)",
}


def _sets(name: str) -> Callable[[Act], dict[str, Any]]:
    """The day of completion comes with what completes a case, and goes with what undoes that."""
    sources, target = states.COURT.of(name)
    if target in sources:
        return lambda _act: {}
    if target in {Case.Status.ADMIN_CLOSED, *states.OVER}:
        return lambda act: {"completed_on": act.happened_on}
    return lambda _act: {"completed_on": None}


add(
    *(
        Transition(
            machine=states.COURT,
            name=name,
            label=label,
            permissions=(RECORDER,),
            asks=("document", "actor", "happened_on"),
            law=LAW.get(name, ""),
            sets=_sets(name),
            guards=(appealed_from_another(name.removeprefix("affirm-")),)
            if name.startswith("affirm-")
            else (),
        )
        for name, label in ACTS.items()
    )
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """An order as its document says."""

    kind: str
    motion: Motion | None = None
    ground: str = ""
    with_prejudice: bool = False


def objections(case: Case, order: Order, act: Act) -> list[str]:
    """Return every reason why the order cannot be recorded; empty means that it can."""
    reasons = blockers(case, order.kind, act)
    if order.motion is None:
        if order.kind == Kind.DENIAL:
            reasons.append("Name the motion that is denied.")
    elif order.motion.case_id != case.pk:
        reasons.append("The motion is of another case.")
    elif order.motion.status not in {states.Motion.FILED, states.Motion.RESPONSE_OPEN}:
        reasons.append(f"The motion is {order.motion.get_status_display()}.")
    if order.with_prejudice and order.kind not in CourtOrder.MAY_BE_WITH_PREJUDICE:
        reasons.append(NO_PREJUDICE)
    if CourtOrder.objects.filter(
        case=case, document=act.document.strip(), superseded_at=None
    ).exists():
        reasons.append("An order with this document is on record already.")
    return reasons


@transaction.atomic
def record_order(case: Case, order: Order, act: Act) -> CourtOrder:
    """Put a judge's or the Board's order on record; the motion, the review and the case follow.

    An order that leaves a motion of ours without an object makes it moot. Raises PermissionDenied,
    and TransitionRefused with every reason against it; then nothing has changed.
    """
    Case.objects.select_for_update(of=("self",)).get(pk=case.pk)
    if reasons := objections(case, order, act):
        raise TransitionRefused(order.kind, reasons)
    move = advance(case, order.kind, act)
    try:
        with transaction.atomic():
            made = CourtOrder.objects.create(
                case=case,
                motion=order.motion,
                move=move,
                kind=order.kind,
                ordered_on=act.happened_on or act.on,
                ordered_by=act.actor.strip(),
                document=act.document.strip(),
                ground=order.ground.strip(),
                with_prejudice=order.with_prejudice,
                recorded_by=act.by,
            )
    except IntegrityError:
        raise TransitionRefused(order.kind, ["This order is on record already."]) from None
    if order.motion is not None:
        advance(order.motion, RULES_ON_A_MOTION.get(Kind(order.kind), "moot"), _told(act))
    if case.status != Case.Status.PENDING:
        _make_moot(case, _told(act))
    restart.follow(case, order.kind, _told(act))
    return made


def _told(act: Act) -> Act:
    if act.note.strip():
        return act
    return replace(act, note=f"The act {act.document.strip()} of {act.happened_on}.")


def _make_moot(case: Case, act: Act) -> None:
    """What else the office has before the judge in this case has lost its object."""
    standing = (states.Motion.FILED, states.Motion.RESPONSE_OPEN)
    for motion in case.motions.filter(status__in=standing):
        advance(motion, "moot", act)


@transaction.atomic
def record_act(case: Case, name: str, act: Act) -> Move:
    """Put on record what another did to the case that is no order: an appeal, a hearing."""
    if name in Kind.values:
        raise TransitionRefused(name, ["This is an order: record its document as one."])
    move = advance(case, name, act)
    restart.follow(case, name, _told(act))
    return move
