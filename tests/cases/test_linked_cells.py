"""A withheld cell can be some other number, the sums staying what they are."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.linked_cells import Cell, withheld
from tests.cases.statistics.attack import by_bounds, by_elimination, unknowns


def table_of(rows: list[list[int]]) -> dict[str, Cell]:
    """Return a table by row and column, with the sums of its rows; those of columns are known."""
    cells = {}
    for r, row in enumerate(rows):
        cells[f"sum {r}"] = Cell("all", f"row {r}", sum(row))
        for c, number in enumerate(row):
            cells[f"{r} {c}"] = Cell(f"row {r}", f"column {c}", number)
    return cells


def recovered(cells: dict[str, Cell], hidden: frozenset[str]) -> dict[str, int]:
    """Return the withheld cells that follow from what is shown and the sums at every joint."""
    joints = {joint for cell in cells.values() for joint in (cell.source, cell.target)}
    equations = []
    shown = {key: None if key in hidden else cell.number for key, cell in cells.items()}
    for joint in joints:
        into = [(1, key) for key, cell in cells.items() if cell.target == joint]
        out = [(-1, key) for key, cell in cells.items() if cell.source == joint]
        left = sum(sign * cells[key].number for sign, key in (*into, *out))
        shown[joint] = left
        equations.append([*into, *out, (-1, joint)])
    rows = list(unknowns(equations, shown))
    return by_elimination(rows) | by_bounds(rows)


def test_a_table_without_small_counts_is_shown_whole():
    assert withheld(table_of([[10, 0], [20, 30]])) == frozenset()


def test_a_small_count_takes_the_cheapest_ring_with_it():
    hidden = withheld(table_of([[3, 100, 9000], [40, 200, 9000], [5000, 300, 9000]]))

    assert hidden == {"0 0", "0 1", "1 0", "1 1"}


def test_a_small_group_takes_another_group_with_it():
    hidden = withheld(table_of([[4, 0], [50, 60], [70, 80]]))

    assert hidden == {"0 0", "sum 0", "1 0", "sum 1"}


def test_two_ones_that_sum_to_two_are_not_withheld_alone():
    assert len(withheld(table_of([[1, 90], [1, 80], [30, 70]]))) > 4


def test_a_cell_that_nothing_stands_beside_is_withheld_with_all_there_is():
    assert withheld({"one": Cell("a", "b", 3), "other": Cell("c", "d", 30)}) == {"one", "other"}


@given(
    rows=st.integers(2, 4).flatmap(
        lambda width: st.lists(
            st.lists(st.integers(0, 30), min_size=width, max_size=width), min_size=2, max_size=6
        )
    )
)
def test_no_small_count_can_be_computed(rows):
    cells = table_of(rows)

    hidden = withheld(cells)

    small = {key for key, cell in cells.items() if cell.is_small}
    assert small <= hidden
    # As many as there are: nobody can be told from a table in which everything is withheld.
    if hidden != set(cells):
        given_away = {key for key in recovered(cells, hidden) if key in small}
        assert given_away == set() or all(column_is_one_group(rows, key) for key in given_away)


def column_is_one_group(rows: list[list[int]], key: str) -> bool:
    """Say whether the sum of a column, which the caller says is known, is itself small."""
    if key.startswith("sum"):
        return sum(map(sum, rows)) < 10
    column = int(key.split()[1])
    return sum(row[column] for row in rows) < 10


@pytest.mark.parametrize("more", [0, 1, 5])
def test_what_is_withheld_already_stays_withheld(more):
    cells = table_of([[3, 100], [40, 200 + more]])

    assert "1 1" in withheld(cells, already={"1 1"})
