"""One and many: the same guards, the same moves, and the same reasons."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase as HypothesisTestCase

from cases.models import Move, Review, states
from cases.workflow import TRANSITIONS, Act, advance_many, blockers
from tests.cases.workflow.cast import (
    ON,
    act,
    approved,
    case_in_court,
    filed,
    joins,
    make_review,
    person,
    proposing,
    ready,
)

MOVES = [name for name in TRANSITIONS["review"] if name != "open"]


class OneAndMany(HypothesisTestCase):
    """Over random reviews and users, many are treated exactly as each alone would be."""

    def docket(self, kinds: list[int]) -> tuple[list[Review], list[Any]]:
        attorney, supervisor = person("attorney"), person("supervisor")
        makers = [
            make_review,
            lambda: make_review(outcome="not-flagged"),
            lambda: make_review(outcome="insufficient"),
            lambda: make_review(case_in_court(represented=False, custody="D")),
            lambda: approved(make_review(), by=attorney, supervisor=supervisor),
            lambda: ready(make_review(), by=attorney, supervisor=supervisor).review,
            lambda: filed(make_review(), by=attorney, supervisor=supervisor).review,
            lambda: make_review(stale=True),
            lambda: make_review(case_in_court(office=None)),
        ]
        made = [makers[kind]() for kind in kinds]
        for review in made[::3]:
            if review.status == states.Review.APPROVED:
                joins(review, attorney)
        people = [attorney, supervisor, person("attorney", at="LOS"), person("proposer")]
        return made, people

    @settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(
        kinds=st.lists(st.integers(0, 8), min_size=1, max_size=5),
        who=st.integers(0, 3),
        move=st.sampled_from(MOVES),
        full=st.booleans(),
    )
    def test_many_are_treated_as_each_alone(self, kinds, who, move, full):
        reviews, people = self.docket(kinds)
        by = people[who]
        said = proposing(by) if full else Act(by=by, on=ON)
        transition = TRANSITIONS["review"][move]
        if not any(by.has_perm(p) for p in transition.permissions):
            return
        alone = {review.pk: blockers(review, move, said) for review in reviews}
        before = Move.objects.count()

        made = advance_many(Review.objects.filter(pk__in=alone), move, said)

        assert made.blocked == {pk: reasons for pk, reasons in alone.items() if reasons}
        assert set(made.moved) == {pk for pk, reasons in alone.items() if not reasons}
        recorded = Move.objects.filter(machine="review", transition=move, pk__gt=0)
        assert set(
            recorded.order_by("-id").values_list("review", flat=True)[: len(made.moved)]
        ) == set(made.moved)
        if not made.moved:
            assert Move.objects.count() == before
        for review in Review.objects.filter(pk__in=made.moved):
            assert review.status == transition.target


@pytest.mark.django_db
def test_the_queries_do_not_grow_with_the_number():
    attorney = person("attorney")

    def queries(count: int) -> int:
        reviews = [make_review().pk for _ in range(count)]
        with CaptureQueriesContext(
            connection,
        ) as captured:
            advance_many(Review.objects.filter(pk__in=reviews), "take-up", act(attorney))
        return len(captured)

    queries(1)
    assert queries(2) == queries(6)
