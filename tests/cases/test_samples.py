"""How many must be read, and which: exact, and the same for everyone who draws."""

from __future__ import annotations

from math import comb

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.samples import draw, sample_size, upper_bound


def chance_of_no_error(population: int, errors: int, size: int) -> float:
    return comb(population - errors, size) / comb(population, size)


@pytest.mark.parametrize(
    ("population", "confidence", "rate", "size"),
    [
        pytest.param(0, 0.95, 0.02, 0, id="nobody"),
        pytest.param(1, 0.95, 0.02, 1, id="one"),
        pytest.param(50, 0.95, 0.02, 39, id="few: nearly all"),
        pytest.param(1_000, 0.95, 0.02, 132, id="a thousand"),
        pytest.param(20_000, 0.95, 0.02, 148, id="twenty thousand"),
        pytest.param(20_000, 0.99, 0.01, 451, id="more sure, of less"),
    ],
)
def test_the_size_is_the_smallest_that_shows_an_error(population, confidence, rate, size):
    found = sample_size(population, confidence=confidence, tolerable_rate=rate)

    errors = min(population, int(population * rate) + 1)
    assert found == size
    if population > 1:
        assert chance_of_no_error(population, errors, found) <= 1 - confidence + 1e-12
        assert chance_of_no_error(population, errors, found - 1) > 1 - confidence


@given(
    population=st.integers(1, 3_000),
    confidence=st.sampled_from([0.8, 0.9, 0.95, 0.99]),
    rate=st.sampled_from([0.005, 0.02, 0.1]),
)
def test_a_clean_sample_leaves_no_more_errors_than_tolerated(population, confidence, rate):
    size = sample_size(population, confidence=confidence, tolerable_rate=rate)

    assert upper_bound(population, size, confidence=confidence) <= int(population * rate)


@given(
    sizes=st.lists(st.integers(1, 60), min_size=1, max_size=6),
    size=st.integers(1, 40),
    seed=st.text(min_size=1, max_size=8),
)
def test_every_stratum_is_drawn_from_and_the_draw_is_the_same_for_all(sizes, size, seed):
    strata: dict[str, list[int]] = {}
    number = 0
    for name, count in enumerate(sizes):
        strata[str(name)] = [number := number + 1 for _ in range(count)]

    drawn = draw(strata, size=size, seed=seed)

    assert drawn == draw(dict(reversed(strata.items())), size=size, seed=seed)
    assert len(drawn) == len(set(drawn))
    assert len(drawn) >= min(size, number)
    for numbers in strata.values():
        assert set(numbers) & set(drawn)


def test_another_seed_draws_others():
    strata = {"all": list(range(1_000))}

    assert draw(strata, size=30, seed="one") != draw(strata, size=30, seed="another")
