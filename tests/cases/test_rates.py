"""Rates have exact bounds, and stand out only by more than chance explains."""

from __future__ import annotations

from math import comb

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.rates import Group, State, assess, beta_below, bounds, chance, false_discovery


@pytest.mark.parametrize(
    ("events", "cases", "low", "high"),
    [
        # By published tables of the exact interval, 95 %.
        (0, 10, 0.0, 0.3085),
        (1, 10, 0.0025, 0.4450),
        (5, 10, 0.1871, 0.8129),
        (10, 10, 0.6915, 1.0),
        (0, 0, 0.0, 1.0),
        (50, 100, 0.3983, 0.6017),
    ],
)
def test_the_bounds_are_those_of_clopper_and_pearson(events, cases, low, high):
    assert bounds(events, cases) == pytest.approx((low, high), abs=5e-5)


@given(st.integers(1, 60).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_at_its_bounds_a_result_so_extreme_is_as_rare_as_stated(drawn):
    events, cases = drawn
    low, high = bounds(events, cases)

    def at_least(p):
        return sum(comb(cases, k) * p**k * (1 - p) ** (cases - k) for k in range(events, cases + 1))

    if events:
        assert at_least(low) == pytest.approx(0.025, abs=1e-6)
    if events < cases:
        at_most = (
            1 - at_least(high) + comb(cases, events) * high**events * (1 - high) ** (cases - events)
        )
        assert at_most == pytest.approx(0.025, abs=1e-6)


def test_the_beta_distribution_is_a_distribution():
    assert beta_below(0, 2, 3) == 0
    assert beta_below(1, 2, 3) == 1
    assert beta_below(0.5, 7, 7) == pytest.approx(0.5)
    assert beta_below(0.3, 1, 1) == pytest.approx(0.3)


@given(st.integers(1, 30), st.integers(1, 30), st.data())
def test_chance_is_that_of_the_exact_test(cases, others, data):
    x = data.draw(st.integers(0, cases))
    y = data.draw(st.integers(0, others))
    total, events = cases + others, x + y

    def probability(k):
        return comb(cases, k) * comb(others, events - k) / comb(total, events)

    possible = range(max(0, events - others), min(cases, events) + 1)
    above = sum(probability(k) for k in possible if k >= x)
    below = sum(probability(k) for k in possible if k <= x)
    tail = above if x * total >= cases * events else below

    assert chance(Group("g", cases, x), total, events) == pytest.approx(min(1, 2 * tail))


def test_chance_of_a_docket_of_millions_is_found_at_once():
    large = Group("g", 500_000, 210_000)

    assert chance(large, 3_500_000, 1_400_000) < 1e-100


def test_chances_are_corrected_for_their_number():
    # The example of Benjamini and Hochberg (1995), table 1.
    found = [0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.3240]
    found += [0.4262, 0.5719, 0.6528, 0.7590, 1.0]

    corrected = false_discovery(found)

    assert [c <= 0.05 for c in corrected] == [True] * 4 + [False] * 11
    assert corrected[3] == pytest.approx(0.0095 * 15 / 4)
    assert corrected == sorted(corrected)
    assert false_discovery([]) == []


def test_only_a_difference_that_is_large_and_no_chance_is_an_alert():
    courts = [
        Group("few", 29, 29),
        Group("high", 400, 240),
        Group("low", 400, 80),
        Group("chance", 30, 16),
        Group("like the rest", 4000, 1600),
    ]

    (rates,) = assess([courts])

    assert {rate.group.name: rate.state for rate in rates} == {
        "few": State.TOO_FEW,
        "high": State.ALERT,
        "low": State.ALERT,
        "chance": State.CHANCE,
        "like the rest": State.WITHIN,
    }
    by_name = {rate.group.name: rate for rate in rates}
    assert by_name["high"].ratio == pytest.approx(0.6 / (1965 / 4859))
    assert by_name["few"].chance is None


def test_the_edges_of_the_band_are_within_it():
    (rates,) = assess([[Group("a", 1000, 500), Group("b", 1000, 300)]])

    assert [rate.ratio for rate in rates] == [1.25, 0.75]
    assert [rate.state for rate in rates] == [State.WITHIN, State.ALERT]


def test_many_groups_that_do_not_differ_raise_next_to_no_alert():
    """Ten tables of forty groups whose rates differ by chance alone, plainly so at one of forty."""
    tables = [
        [Group(f"{t} {g}", 60, 24 + (-1) ** g * (10 if g == 0 else 2)) for g in range(40)]
        for t in range(10)
    ]

    rates = [rate for table in assess(tables) for rate in table]

    assert [rate for rate in rates if rate.state is State.ALERT] == []
    assert any(rate.state is State.CHANCE for rate in rates)


def test_where_nothing_happened_there_is_no_ratio():
    (rates,) = assess([[Group("a", 100, 0), Group("b", 0, 0)]])

    assert [(rate.ratio, rate.state) for rate in rates] == [
        (None, State.WITHIN),
        (None, State.TOO_FEW),
    ]
    assert assess([[]]) == [[]]
