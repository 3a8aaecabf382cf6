"""Tries to recover what is withheld, over all published tables at once.

It takes the tables as a reader has them, writes down every sum that ties their cells, and solves:
by elimination, which finds whatever follows by adding and subtracting any of the sums; and by
bounds, which uses that no count is below zero.
"""

from __future__ import annotations

from collections import defaultdict
from fractions import Fraction
from math import inf

from cases.statistics.dimensions import By
from cases.statistics.kinds import KINDS
from cases.statistics.release import TOTAL

Cell = tuple[int, By, str, str]


def sums(tables, office_of) -> list[list[tuple[int, Cell]]]:
    """Return every sum as signed cells that add up to nothing."""
    equations = []
    for by, table in tables.items():
        columns = defaultdict(list)
        for year, group in table:
            equations.append(
                [(1, (year, by, group, kind)) for kind in KINDS] + [(-1, (year, by, group, TOTAL))]
            )
            for kind in (*KINDS, TOTAL):
                columns[year, kind].append((1, (year, by, group, kind)))
        if by is not By.FISCAL_YEAR:
            for (year, kind), parts in columns.items():
                equations.append([*parts, (-1, (year, By.FISCAL_YEAR, "", kind))])
    courts = defaultdict(list)
    for year, court in tables.get(By.COURT, {}):
        for kind in (*KINDS, TOTAL):
            office = office_of.get(court, "")
            courts[year, office, kind].append((1, (year, By.COURT, court, kind)))
    for (year, office, kind), parts in courts.items():
        equations.append([*parts, (-1, (year, By.OFFICE, office, kind))])
    return equations


def unknowns(equations, shown):
    """Put what is shown into the sums: what is left is of withheld cells, and comes to a number."""
    for equation in equations:
        left = [(sign, cell) for sign, cell in equation if shown[cell] is None]
        known = sum(sign * shown[cell] for sign, cell in equation if shown[cell] is not None)
        if left:
            yield left, -known
        else:
            assert known == 0


def recovered(tables, office_of, *, also=()) -> dict[Cell, int]:
    """Return the withheld cells that follow from what is shown, with what they must be.

    `also`: further sums that are told, each the cells that it adds and what they come to.
    """
    shown = {
        (year, by, group, kind): n
        for by, table in tables.items()
        for (year, group), counts in table.items()
        for kind, n in counts.items()
    }
    equations = sums(tables, office_of)
    for place, (cells, come_to) in enumerate(also):
        shown[place] = come_to
        equations.append([*((1, cell) for cell in cells if cell in shown), (-1, place)])
    rows = list(unknowns(equations, shown))
    return by_elimination(rows) | by_bounds(rows)


def by_elimination(rows) -> dict[Cell, int]:
    """Bring the sums to reduced row echelon form; a row of one cell says what it is."""
    pivots: dict[Cell, tuple[dict[Cell, Fraction], Fraction]] = {}
    for left, value in rows:
        row = {cell: Fraction(sign) for sign, cell in left}
        come_to = Fraction(value)
        for cell in [c for c in row if c in pivots]:
            factor = row.get(cell, Fraction(0))
            if factor:
                other, other_value = pivots[cell]
                for c, f in other.items():
                    row[c] = row.get(c, Fraction(0)) - factor * f
                come_to -= factor * other_value
        row = {c: f for c, f in row.items() if f}
        if not row:
            continue
        pivot, leading = next(iter(row.items()))
        row, come_to = {c: f / leading for c, f in row.items()}, come_to / leading
        for cell, (other, other_value) in pivots.items():
            factor = other.get(pivot)
            if factor:
                for c, f in row.items():
                    other[c] = other.get(c, Fraction(0)) - factor * f
                pivots[cell] = (
                    {c: f for c, f in other.items() if f},
                    other_value - factor * come_to,
                )
        pivots[pivot] = (row, come_to)
    return {cell: int(value) for cell, (row, value) in pivots.items() if len(row) == 1}


def by_bounds(rows) -> dict[Cell, int]:
    """Narrow what each cell may be by each sum that it stands in, until nothing narrows."""
    low: dict[Cell, float] = defaultdict(int)
    high: dict[Cell, float] = defaultdict(lambda: inf)
    narrowed = True
    while narrowed:
        narrowed = False
        for left, value in rows:
            least = sum(low[c] if s > 0 else -high[c] for s, c in left)
            most = sum(high[c] if s > 0 else -low[c] for s, c in left)
            for sign, cell in left:
                own_least = low[cell] if sign > 0 else -high[cell]
                own_most = high[cell] if sign > 0 else -low[cell]
                rest_least = _without(
                    least, own_least, [(s, c) for s, c in left if c != cell], low, high
                )
                rest_most = -_without(
                    -most, -own_most, [(-s, c) for s, c in left if c != cell], low, high
                )
                a, b = value - rest_most, value - rest_least
                new_low, new_high = (a, b) if sign > 0 else (-b, -a)
                if new_low > low[cell]:
                    low[cell], narrowed = new_low, True
                if new_high < high[cell]:
                    high[cell], narrowed = new_high, True
            assert all(low[c] <= high[c] for _, c in left)
    return {
        c: int(low[c])
        for _, left in [(0, r) for r, _ in rows]
        for _, c in left
        if low[c] == high[c]
    }


def _without(total, own, others, low, high):
    if total not in (inf, -inf):
        return total - own
    return sum(low[c] if s > 0 else -high[c] for s, c in others)
