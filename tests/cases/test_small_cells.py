"""Small counts are withheld, and can be computed from nothing that is shown."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from cases.small_cells import is_small, withheld


@pytest.mark.parametrize(
    ("count", "small"), [(0, False), (1, True), (9, True), (10, False), (11, False)]
)
def test_one_to_nine_is_small(count, small):
    assert is_small(count) is small


def test_a_table_without_small_counts_is_shown_whole():
    assert withheld({"A": {"x": 10, "y": 0}, "B": {"x": 0, "y": 300}}) == frozenset()


def test_a_small_count_takes_what_gives_it_away_with_it():
    table = {
        "A": {"x": 3, "y": 100},
        "B": {"x": 40, "y": 200},
        "C": {"x": 50, "y": 300},
    }

    # B's x, or the sum of x would tell A's; both y, or the sum of the group would.
    assert withheld(table) == {("A", "x"), ("B", "x"), ("A", "y"), ("B", "y")}


def test_what_is_enough_of_a_large_group_stays_shown():
    table = {
        "A": {"x": 3, "y": 500, "z": 20_000},
        "B": {"x": 5, "y": 400, "z": 10_000},
        "C": {"x": 60, "y": 300, "z": 9_000},
    }

    assert withheld(table) == {("A", "x"), ("A", "z"), ("B", "x"), ("B", "z")}


def test_groups_that_are_small_as_a_whole_are_enough_for_each_other():
    table = {"A": {"x": 0, "y": 4}, "B": {"x": 0, "y": 7}, "C": {"x": 90, "y": 80}}

    assert withheld(table) == {("A", "y"), ("B", "y")}


def test_two_ones_that_sum_to_two_are_not_withheld_alone():
    table = {"A": {"x": 1, "y": 90}, "B": {"x": 1, "y": 80}, "C": {"x": 30, "y": 70}}

    assert ("C", "x") in withheld(table)


def test_a_column_that_is_shown_of_no_group_stands_in():
    table = {"A": {"x": 3, "rest": 90}, "B": {"x": 40, "rest": 80}, "C": {"x": 50, "rest": 70}}

    hidden = withheld(table, unseen={"rest"})

    assert {c for c in hidden if c[1] == "x"} == {("A", "x"), ("B", "x")}


def tables(groups: int, columns: int, most: int):
    row = st.lists(st.integers(0, most), min_size=columns, max_size=columns)
    return st.lists(row, min_size=groups, max_size=groups)


def all_tables(rows, hidden):
    """Yield every table that shows the same and has the same sums."""
    (first, second), columns = rows, len(rows[0])
    free = [c for c in range(columns) if (0, c) in hidden or (1, c) in hidden]
    choices = [range(first[c] + second[c] + 1) if c in free else [first[c]] for c in range(columns)]
    for chosen in product(*choices):
        other = [first[c] + second[c] - chosen[c] for c in range(columns)]
        same = all((0, c) in hidden or (chosen[c] == first[c]) for c in range(columns)) and all(
            (1, c) in hidden or other[c] == second[c] for c in range(columns)
        )
        told = [(sum(row), sum(made)) for row, made in ((first, chosen), (second, other))]
        if same and all(cases == sum_made or is_small(cases) for cases, sum_made in told):
            yield (chosen, tuple(other))


@given(rows=tables(2, 3, 14))
def test_no_small_count_can_be_computed(rows):
    named = {str(g): {str(c): n for c, n in enumerate(row)} for g, row in enumerate(rows)}
    hidden = {(int(g), int(c)) for g, c in withheld(named)}
    small = [(g, c) for g in (0, 1) for c in range(3) if is_small(rows[g][c])]
    assume(small)

    possible = list(all_tables(rows, hidden))

    assert set(small) <= hidden
    for g, c in small:
        everything = {*product((0, 1), (c,)), *product((g,), range(3))}
        assert len({table[g][c] for table in possible}) > 1 or everything <= hidden


@given(rows=tables(6, 4, 40))
def test_withholding_ends_and_spares_nothing_small(rows):
    named = {str(g): {str(c): n for c, n in enumerate(row)} for g, row in enumerate(rows)}

    hidden = withheld(named)

    for g, row in named.items():
        of_group = [c for c in row if (g, c) in hidden]
        assert all((g, c) in hidden for c, n in row.items() if is_small(n))
        # With the sum of the group one alone would be known.
        assert len(of_group) != 1 or is_small(sum(row.values()))
