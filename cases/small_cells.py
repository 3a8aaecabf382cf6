"""Small counts of people are withheld, and whatever they could be computed from.

A table counts cases by group and column; each case stands in one cell. Taken to be known are the
sums of its columns, which are told, and of its groups, which other tables tell unless they are
small. A count of one to nine is withheld, and other cells with it, until it could be some other
number as well. Zero says nothing of anyone; it is shown unless it must stand in for others.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping

SMALLEST_SHOWN = 10

Cell = tuple[str, str]
"""A group and a column."""
Table = Mapping[str, Mapping[str, int]]


def is_small(count: int) -> bool:
    return 0 < count < SMALLEST_SHOWN


def withheld(table: Table, *, unseen: Collection[str] = ()) -> frozenset[Cell]:
    """Return the cells that must not be shown; `unseen` columns are shown of no group."""
    counts = {(group, column): n for group, row in table.items() for column, n in row.items()}
    small = [cell for cell, n in counts.items() if is_small(n) and cell[1] not in unseen]
    hidden = {*small, *(cell for cell in counts if cell[1] in unseen)}
    sums = {group: sum(row.values()) for group, row in table.items()}
    untold = {group for group, cases in sums.items() if is_small(cases)}
    while bare := [cell for cell in small if _computable(cell, hidden, counts, untold)]:
        more = set[Cell]().union(*(_to_hide(cell, hidden, counts) for cell in bare))
        if not more:
            break  # everything beside them is withheld
        hidden |= more
    return frozenset(hidden)


def _computable(
    cell: Cell, hidden: set[Cell], counts: Mapping[Cell, int], untold: Collection[str]
) -> bool:
    """Return whether the withheld cell could be no other number, the sums being what they are.

    One more in a cell is one less in another of its group, and so one more in a third of that
    column, and so on: the cell can differ where such a chain leads back to it. No count falls to
    zero on the way, because that it is withheld suggests that it is none. Of two groups whose sums
    are untold, one can have more and the other less.
    """
    ways: dict[str, list[str]] = {"untold": [f"group {group}" for group in untold]}
    ways |= {f"group {group}": ["untold"] for group in untold}
    for group, column in hidden - {cell}:
        ways.setdefault(f"group {group}", []).append(f"column {column}")  # one more
        if counts[group, column] > 1:
            ways.setdefault(f"column {column}", []).append(f"group {group}")  # one less
    group, column = f"group {cell[0]}", f"column {cell[1]}"
    more = _leads(column, group, ways)
    less = counts[cell] > 1 and _leads(group, column, ways)
    return not (more or less)


def _leads(start: str, end: str, ways: Mapping[str, list[str]]) -> bool:
    seen, waiting = {start}, [start]
    while waiting:
        for place in ways.get(waiting.pop(), ()):
            if place == end:
                return True
            if place not in seen:
                seen.add(place)
                waiting.append(place)
    return False


def _to_hide(cell: Cell, hidden: set[Cell], counts: Mapping[Cell, int]) -> set[Cell]:
    """Return what to withhold with a cell: three that it can differ with.

    Another of its group, the largest, and both of another group; that of the column rather withheld
    already, and small rather than zero.
    """
    group, column = cell
    columns = [c for g, c in counts if g == group and c != column]
    groups = [g for g, c in counts if c == column and g != group]
    groups.sort(key=lambda g: ((g, column) not in hidden, not counts[g, column], counts[g, column]))
    for other in sorted(columns, key=lambda c: -counts[group, c]):
        for another in groups:
            more = {(group, other), (another, column), (another, other)} - hidden
            if more:
                return more
    return set()
