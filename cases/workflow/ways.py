"""The ways on from where a thing stands: what each move asks for, and what is in its way now.

The same list is behind the buttons of a page and behind what the API answers of a review.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from hashlib import sha256

from django.contrib.auth.models import User

from cases.models import Case, CourtOrder, FormOfDiscretion, Motion, Review, states
from cases.workflow.conditions import standing_by_circuit
from cases.workflow.engine import (
    ASKED,
    LONG_ENOUGH,
    Act,
    Transition,
    blockers,
    permitted,
    sentence,
    transitions_of,
)
from cases.workflow.reviews import LAWFUL

BY_ITSELF = {
    states.REVIEW.name: frozenset(
        {"open", "screen", "approve-in-batch", "granted", "denied", "moot", "withdraw-motion"}
    ),
    states.MOTION.name: frozenset({"draft", "file", "grant", "deny"}),
    states.COURT.name: frozenset({*CourtOrder.Kind.values, "serve-nta", "file-nta"}),
}
"""What is never a move by itself: it follows from a screening, a batch, a motion or an order."""

NOT_PERMITTED = "You are not permitted to do this."
NO_FORM = "No form of discretion is available where the case stands."


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """A move that leaves from here, and what is in the way whatever one says with it."""

    transition: Transition
    permitted: bool
    blockers: list[str]


@dataclass(frozen=True, slots=True)
class Choice:
    """A form that is available where the case stands; `authority` is None where there is none."""

    form: FormOfDiscretion
    standing: str
    authority: str


def by_hand(machine: str, name: str) -> bool:
    """Return whether someone may make the move by itself."""
    return name not in BY_ITSELF[machine]


def ways(thing: Review | Motion | Case, *, by: User, on: date) -> list[Way]:
    """Return every move that leaves from here, for this person or client on this day."""
    return [
        Way(
            transition=transition,
            permitted=permitted(transition, by),
            blockers=_in_the_way(thing, transition, by, on),
        )
        for transition in transitions_of(thing)
        if by_hand(transition.machine.name, transition.name)
    ]


def _in_the_way(
    thing: Review | Motion | Case, transition: Transition, by: User, on: date
) -> list[str]:
    """Return the blockers of an act that says all that is asked for.

    What depends on the form is said when it is chosen.
    """
    complete = Act(
        by=by,
        on=on,
        note="." * LONG_ENOUGH,
        criteria=(".",),
        consequences_read=True,
        document=".",
        actor=".",
        happened_on=on,
    )
    asks_form = "form" in transition.asks
    later = {ASKED["form"][1], *(sentence(guard) for guard in LAWFUL)} if asks_form else set()
    reasons = [r for r in blockers(thing, transition.name, complete) if r not in later]
    case = thing if isinstance(thing, Case) else thing.case
    if asks_form and not available_forms(case, on):
        reasons.append(NO_FORM)
    return reasons


def available_forms(case: Case, on: date) -> list[FormOfDiscretion]:
    """Return the forms that may be proposed where the case stands, on that day."""
    return [
        form
        for form in FormOfDiscretion.objects.filter(
            available_in__contains=[case.status], effective_from__lte=on
        )
        if form.effective_to is None or on < form.effective_to
    ]


def choices(case: Case, on: date) -> list[Choice]:
    """Return the available forms, each with what governs it in the circuit of the case."""
    circuit = case.court.circuit if case.court else ""
    found = []
    for form in available_forms(case, on):
        governing = standing_by_circuit(form, on).get(circuit) if form.motion_code else None
        found.append(
            Choice(
                form,
                governing.standing if governing else "",
                f"{governing.citation}: {governing.holding}" if governing else "",
            )
        )
    return found


def state_of(review: Review) -> str:
    """Return a word for all that a decision about the review rests on, as it stands now.

    Its version alone does not change with a position, a safeguard, a new screening or an act in
    court.
    """
    rests_on = [
        (review.version, review.determination, review.stale, review.case.version),
        *review.positions.order_by("pk").values_list("pk"),
        *review.safeguards.order_by("pk").values_list("pk", "done_at"),
        *review.motions.order_by("pk").values_list("pk", "version"),
    ]
    return sha256(repr(rests_on).encode()).hexdigest()[:16]
