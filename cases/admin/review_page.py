"""What the page of a review shows, asked for piece by piece by its template."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django import forms
from django.contrib.auth.models import User
from django.db.models import Q
from django.urls import reverse
from django.utils.functional import cached_property

from cases.admin.court_forms import CorrectionForm, CourtActForm, OrderForm
from cases.admin.review_forms import MoveForm, PositionForm, StepForm
from cases.models import CourtOrder, Motion, Move, RespondentPosition, Review, states
from cases.workflow import TRANSITIONS, Transition, permitted
from cases.workflow.positions import RECORDING, TAKING_IN
from cases.workflow.reviews import ATTORNEY, RECORDER
from cases.workflow.safeguards import STEPS
from cases.workflow.ways import Choice, Way, choices, state_of, ways

BEFORE_DECISION = set(states.BEFORE_FILING) - set(states.DECIDED)
STATUS = {
    states.REVIEW.name: dict(states.Review.choices),
    states.MOTION.name: dict(states.Motion.choices),
    states.COURT.name: dict(states.Court.choices),
}
THING = {states.REVIEW.name: "review", states.MOTION.name: "motion", states.COURT.name: "case"}


@dataclass(frozen=True, slots=True)
class Refused:
    """What was typed into one of the forms, and every reason why it was not done."""

    key: str
    form: forms.Form | None
    reasons: list[str]


@dataclass(frozen=True, slots=True)
class Button:
    """A move with the form for what it asks, or with what is in the way."""

    way: Way
    key: str
    url: str
    form: MoveForm
    target: str
    refused: list[str] = field(default_factory=list)


class ReviewPage:
    """One review as one reader may see it. Every part is one query, however much there is."""

    def __init__(
        self, review: Review, *, user: User, on: date, refused: Refused | None = None
    ) -> None:
        self.review = review
        self.case = review.case
        self.user = user
        self.on = on
        self.refused = refused
        self.names_respondent = user.has_perm("cases.view_respondent")

    @cached_property
    def seen(self) -> str:
        return state_of(self.review)

    @cached_property
    def ended(self) -> bool:
        return self.review.status in states.ENDED

    @cached_property
    def decided(self) -> bool:
        return self.review.status not in (*BEFORE_DECISION, states.Review.SUSPENDED)

    # What may come next

    def _buttons(self, thing: Review | Motion) -> list[Button]:
        return [
            Button(
                way=way,
                key=(key := f"{way.transition.machine.name}-{way.transition.name}"),
                url=self._url(thing, way.transition.name),
                form=self._typed(key)
                or MoveForm(transition=way.transition, review=self.review, choices=self.choices),
                target=str(STATUS[way.transition.machine.name][way.transition.target]).lower(),
                refused=self._reasons(key),
            )
            for way in ways(thing, by=self.user, on=self.on)
        ]

    def _url(self, thing: Review | Motion, name: str) -> str:
        if isinstance(thing, Motion):
            return reverse("admin:cases_review_motion", args=[self.review.pk, thing.pk, name])
        return reverse("admin:cases_review_move", args=[thing.pk, name])

    def _typed(self, key: str) -> Any:
        return self.refused.form if self.refused and self.refused.key == key else None

    @cached_property
    def lost(self) -> list[tuple[str, str]]:
        """Return what was typed into a form that the page no longer has, so that it can be kept."""
        form = self.refused.form if self.refused else None
        if self.refused is None or form is None or self.refused.key in self._forms_shown():
            return []
        typed = ((str(form[name].label), form[name].value()) for name in form.fields)
        return [(label, str(value)) for label, value in typed if value not in (None, "", False)]

    def _forms_shown(self) -> set[str]:
        of_motions = [button for _, buttons in self.motions for button in buttons]
        shown = {b.key for b in (*self.buttons, *of_motions) if not b.way.blockers}
        steps = self.may_do_steps and not self.ended
        shown |= {s["key"] for s in self.safeguards if steps and s["row"].done_at is None}
        shown |= {"position"} if self.may_record_position else set()
        shown |= {key for _, key, form in self.orders if form}
        return shown | ({"order", "act"} if self.may_record_order else set())

    def _reasons(self, key: str) -> list[str]:
        return self.refused.reasons if self.refused and self.refused.key == key else []

    @cached_property
    def buttons(self) -> list[Button]:
        """Return the moves that leave from here, those that are open first."""
        return sorted(self._buttons(self.review), key=lambda button: bool(button.way.blockers))

    # The decision

    @cached_property
    def choices(self) -> list[Choice]:
        return choices(self.case, self.on)

    @cached_property
    def compared(self) -> list[Choice]:
        """Return the forms to show side by side: all that are available, until one is decided."""
        if not self.decided or self.review.form is None:
            return self.choices
        governed = [choice for choice in self.choices if choice.form == self.review.form]
        return governed or [Choice(self.review.form, "", "")]

    @cached_property
    def side_by_side(self) -> list[tuple[str, list[str]]]:
        """Return what each form means, row by row."""
        forms_ = [choice.form for choice in self.compared]
        return (
            [
                ("Legal basis", [form.legal_basis for form in forms_]),
                *(
                    (label, [form.consequences[n][1] for form in forms_])
                    for n, label in enumerate(label for label, _ in forms_[0].consequences)
                ),
            ]
            if forms_
            else []
        )

    @cached_property
    def ground(self) -> str:
        """Return the ground of the decision, in the words of its form."""
        grounds = self.review.form.grounds if self.review.form else []
        found = [g for g in grounds if g["code"] == self.review.ground]
        return f"{found[0]['text']} ({found[0]['citation']})" if found else self.review.ground

    # The respondent

    @cached_property
    def positions(self) -> list[RespondentPosition]:
        return list(self.review.positions.select_related("recorded_by"))

    @cached_property
    def may_record_position(self) -> bool:
        return not self.ended and any(map(self.user.has_perm, (RECORDING, TAKING_IN)))

    @cached_property
    def position_form(self) -> Any:
        return self._typed("position") or PositionForm()

    @cached_property
    def safeguards(self) -> list[dict[str, Any]]:
        return [
            {
                "row": step,
                "text": STEPS[step.step].text,
                "key": f"safeguard-{step.step}",
                "form": self._typed(f"safeguard-{step.step}") or StepForm(step=step.step),
            }
            for step in self.review.safeguards.select_related("done_by")
        ]

    @cached_property
    def may_do_steps(self) -> bool:
        return self.user.has_perm(ATTORNEY)

    # In court

    @cached_property
    def motions(self) -> list[tuple[Motion, list[Button]]]:
        rows = self.review.motions.select_related("form", "signed_by", "case__court")
        return [(motion, self._buttons(motion)) for motion in rows]

    @cached_property
    def draft_blockers(self) -> list[str] | None:
        """Return what is in the way of drafting a motion; None where none is to be drafted."""
        form = self.review.form
        if form is None or form.decided_by != "judge" or self.review.status not in states.DECIDED:
            return None
        over = {states.Motion.WITHDRAWN, states.Motion.MOOT}
        if any(motion.status not in over for motion, _ in self.motions):
            return None
        if not permitted(TRANSITIONS["motion"]["draft"], self.user):
            return ["You are not permitted to draft motions."]
        return []

    @cached_property
    def orders(self) -> list[tuple[CourtOrder, str, Any]]:
        """Return each order with the key of its correction and, where it can be, the form."""
        found = []
        for order in self.case.court_orders.select_related("recorded_by", "motion"):
            key = f"correct-{order.pk}"
            open_to = self.may_record_order and order.superseded_at is None
            form = (self._typed(key) or CorrectionForm(order=order)) if open_to else None
            found.append((order, key, form))
        return found

    @cached_property
    def may_record_order(self) -> bool:
        return self.user.has_perm(RECORDER)

    @cached_property
    def acts(self) -> list[Transition]:
        """Return what others can do to the case, where it stands, that is no order."""
        if not self.may_record_order:
            return []
        found = ways(self.case, by=self.user, on=self.on)
        return [way.transition for way in found if not way.blockers]

    @cached_property
    def act_form(self) -> Any:
        return self._typed("act") or CourtActForm(acts=self.acts)

    @cached_property
    def order_form(self) -> Any:
        return self._typed("order") or OrderForm(motions=self.case.motions.order_by("pk"))

    # How it went

    @cached_property
    def timeline(self) -> list[dict[str, Any]]:
        of_court = Q(case=self.review.case_id, machine=states.COURT.name)
        moves = Move.objects.filter(Q(review=self.review) | of_court).select_related("by")
        return [
            {
                "row": move,
                "thing": THING[move.machine],
                "label": TRANSITIONS[move.machine][move.transition].label,
                "source": STATUS[move.machine].get(move.source, ""),
                "target": STATUS[move.machine][move.target],
                "override": TRANSITIONS[move.machine][move.transition].override,
            }
            for move in moves.order_by("-pk")
        ]
