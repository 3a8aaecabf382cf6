"""Whatever anyone does in whatever order, what must always hold holds."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from hypothesis import HealthCheck, Phase, event, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from cases.models import Case, CourtOrder, FormOfDiscretion, Motion, Move, Review, states
from cases.workflow import TRANSITIONS, TransitionRefused, advance, permitted, transitions_of
from cases.workflow.court import Order, record_act, record_order
from cases.workflow.motions import draft_motion
from cases.workflow.positions import Position, Statement, record_position
from cases.workflow.safeguards import do_step
from tests.cases.workflow.cast import (
    ON,
    act,
    case_in_court,
    filed,
    make_review,
    person,
    proposing,
    ready,
    screened_with,
    service,
)

BACKWARDS = {"suspend", "rescind", "close-suspended", "decline", "return", "reconsider"}
FORMS = ("dismissal", "administrative-closure", "nta-not-filed")
STEP = st.tuples(
    st.sampled_from(
        [*["review"] * 9, *["motion"] * 4, *["position", "evidence"] * 2, "order", "act"]
    ),
    st.integers(0, 5),
    st.integers(0, 99),
    st.sampled_from([True, True, True, False]),
)


class AnyOrder(TestCase):
    def people(self) -> list[User]:
        roles = ("attorney", "attorney", "supervisor", "recorder", "clerk")
        return [*map(person, roles), service()]

    def step(
        self, review: Review, what: str, people: list[User], number: int, *, likely: bool
    ) -> None:
        """Try something: if likely, what may leave from where it is, by someone who may."""
        by = people[number % len(people)]
        if what == "review":
            names = [t.name for t in transitions_of(review)] if likely else None
            if names and number % 6:
                names = [n for n in names if n not in BACKWARDS] or names
            name = pick(names or [n for n in TRANSITIONS["review"] if n != "open"], number)
            by = someone(people, "review", name, number) if likely else by
            given = (
                proposing(by, pick(FORMS, number // 7))
                if "propose" in name or name == "decide"
                else act(by)
            )
            advance(review, name, given)
            if name == "screen":
                screened_with(review)
        elif what == "motion":
            motion = review.motions.order_by("-id").first()
            if motion is None or number % 5 == 0:
                draft_motion(review, act(by))
            else:
                names = [t.name for t in transitions_of(motion)] if likely else None
                name = pick(names or [*TRANSITIONS["motion"]], number)
                by = someone(people, "motion", name, number) if likely else by
                advance(motion, name, act(by))
        elif what == "position":
            position = pick([*Position.values, *["joins"] * 6], number)
            statement = Statement(
                position=position,
                stated_on=ON,
                stated_by="counsel" if number % 2 else "nobody",
                informed_of_consequences=likely,
                reasons="So they say.",
            )
            record_position(review, statement, act(by))
        elif what == "order":
            motion = review.motions.order_by("-id").first() if likely else None
            kind = pick(CourtOrder.Kind.values, number)
            record_order(
                Case.objects.get(pk=review.case_id), Order(kind=kind, motion=motion), act(by)
            )
        elif what == "act":
            names = [n for n in TRANSITIONS["case"] if n not in CourtOrder.Kind.values]
            record_act(Case.objects.get(pk=review.case_id), pick(names, number), act(by))
        elif number % 4 == 0:
            Review.objects.filter(pk=review.pk).update(stale=True)
        else:
            screened_with(review)
            for step in review.safeguards.filter(done_at=None):
                do_step(step, by=someone(people, "review", "propose", 0), note="Done.")

    @settings(
        max_examples=40,
        deadline=None,
        phases=[Phase.explicit, Phase.reuse, Phase.generate],  # to shrink takes minutes
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
    )
    @given(
        steps=st.lists(STEP, min_size=35, max_size=65),
        represented=st.booleans(),
        custody=st.sampled_from(["N", "D"]),
        outcome=st.sampled_from(["flagged", "refer", "not-flagged", "insufficient"]),
        begun=st.sampled_from([None, ready, filed]),
    )
    def test_nothing_breaks_what_must_always_hold(self, steps, represented, custody, **begins):
        outcome, begun = begins["outcome"], begins["begun"]
        people = self.people()
        case = case_in_court(represented=represented or begun is not None, custody=custody)
        review = make_review(case, outcome=outcome if begun is None else "flagged")
        if begun is not None:
            begun(review, by=people[0], supervisor=people[2])
        for what, who, number, likely in steps:
            before = snapshot(review)
            try:
                self.step(review, what, people[who:] + people[:who], number, likely=likely)
            except (TransitionRefused, PermissionDenied):
                # A refusal changes nothing, be it of the last of several moves.
                assert snapshot(review) == before
            review = Review.objects.get(pk=review.pk)
            check(review)
            if review.status in states.ENDED:
                event(f"ended {review.status}")
                review = make_review(Case.objects.get(pk=case.pk), outcome=outcome)
        event(f"motions filed: {Motion.objects.exclude(filed_on=None).count()}")


def someone(people: list[User], machine: str, name: str, number: int) -> User:
    """Return one who is permitted, if anyone is."""
    able = [p for p in people if permitted(TRANSITIONS[machine][name], p)]
    return pick(able or people, number // 3)


def pick(among: Any, number: int) -> Any:
    listed = list(among)
    return listed[number % len(listed)]


def snapshot(review: Review) -> tuple[Any, ...]:
    return (
        Review.objects.values_list("status", "version", "stale").get(pk=review.pk),
        list(Motion.objects.order_by("pk").values_list("status", "version")),
        list(Case.objects.order_by("pk").values_list("status", "version")),
        Move.objects.count(),
        CourtOrder.objects.count(),
    )


def check(review: Review) -> None:
    case = Case.objects.get(pk=review.case_id)
    motions = list(review.motions.all())
    for thing, machine in ((review, "review"), (case, "case"), *((m, "motion") for m in motions)):
        moves = list(Move.objects.filter(**{machine: thing}, machine=machine).order_by("pk"))
        if moves:
            assert thing.status == moves[-1].target
        for one, next_one in pairwise(moves):
            assert next_one.source == one.target
    decided = {*states.DECIDED, Review.Status.MOTION_FILED, Review.Status.GRANTED}
    if review.status in decided:
        assert review.form_id
        assert review.proposed_by_id
        assert review.approved_by_id != review.proposed_by_id
    for motion in motions:
        if motion.filed_on is not None:
            people = {motion.proposed_by_id, motion.approved_by_id, motion.signed_by_id}
            assert len(people - {None}) > 1, "one person alone brought a motion before the judge"
        if motion.status in {Motion.Status.RULED_GRANTED, Motion.Status.RULED_DENIED}:
            assert motion.orders.exists()
        assert motion.form != FormOfDiscretion.objects.get(pk="nta-not-filed")
    standing = [m for m in motions if m.status not in {"withdrawn", "moot"}]
    assert len(standing) <= 1
    if review.status == Review.Status.GRANTED:
        assert any(m.status == Motion.Status.RULED_GRANTED for m in motions)
    if review.status == Review.Status.MOTION_FILED:
        assert {m.status for m in standing} <= {"filed", "response-open"}
