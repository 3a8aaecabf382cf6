"""Counts that sums tie to each other, within a table and between tables: which to withhold.

A cell stands in two sums: it is a part of one and a part of what another comes to. So a table with
its sums is a set of pipes between joints: at each joint as much comes in as goes out. A withheld
cell can be computed from what is shown exactly if no ring of withheld cells leads through it: along
a ring one more in some is one less in others, and every sum stays what it is. A cell that is one
less must not fall to none, for that it is withheld suggests that it is some.

Small counts are withheld (see `small_cells`), and for each that no ring leads through, the cells of
the ring that costs the reader least.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Hashable, Iterable, Iterator, Mapping
from heapq import heappop, heappush
from math import log2
from operator import itemgetter
from typing import Generic, NamedTuple, TypeVar

from cases.small_cells import is_small

K = TypeVar("K", bound=Hashable)
NOTHING = 40.0
"""What withholding a zero costs: it hides next to nothing, so it is the last resort."""


class Cell(NamedTuple):
    """A count between the sum that it is a part of and the sum that it adds to.

    `weight`: how much more than another cell of its size the reader would miss it.
    """

    source: Hashable
    target: Hashable
    number: int
    weight: float = 1.0

    @property
    def is_small(self) -> bool:
        return is_small(self.number)

    @property
    def cost(self) -> float:
        return self.weight * (1 + log2(1 + self.number)) if self.number else NOTHING


def withheld(cells: Mapping[K, Cell], *, already: Collection[K] = ()) -> frozenset[K]:
    """Return the cells that must not be shown, `already` and the small ones among them.

    Sums that are shown and given by no cell are those at the joints.
    """
    small = [key for key, cell in cells.items() if cell.is_small]
    small.sort(key=lambda key: cells[key].number)
    pipes = _Pipes(cells, {*already, *small})
    for key in small:
        if pipes.tells(key):
            pipes.hide(key)
    return frozenset(pipes.hidden)


class _Pipes(Generic[K]):
    def __init__(self, cells: Mapping[K, Cell], hidden: set[K]) -> None:
        self.cells: Mapping[K, Cell] = cells
        self.hidden = hidden
        self.at: dict[Hashable, list[K]] = defaultdict(list)
        self.hidden_at: dict[Hashable, set[K]] = defaultdict(set)
        for key, cell in cells.items():
            self.at[cell.source].append(key)
            self.at[cell.target].append(key)
        for key in hidden:
            self._open(key)

    def _open(self, key: K) -> None:
        cell = self.cells[key]
        self.hidden_at[cell.source].add(key)
        self.hidden_at[cell.target].add(key)

    def tells(self, key: K) -> bool:
        """Say whether a withheld cell could be no other number."""
        return not any(self._leads(key, *ends) for ends in self._ends(key))

    def hide(self, key: K) -> None:
        """Withhold the cheapest ring through the cell; where there is none, all there is."""
        for least in (1, 0):
            rings = [self._cheapest(key, *ends, least=least) for ends in self._ends(key)]
            found = min((r for r in rings if r), default=None, key=itemgetter(0))
            if found is not None:
                break
        more = set(self.cells) if found is None else set(found[1])
        for other in more - self.hidden:
            self.hidden.add(other)
            self._open(other)

    def _ends(self, key: K) -> Iterator[tuple[Hashable, Hashable]]:
        """Yield from where to where the rest of a ring leads: for one more, and for one less."""
        cell = self.cells[key]
        yield cell.target, cell.source
        if cell.number > 1:
            yield cell.source, cell.target

    def _ways(self, joint: Hashable, keys: Iterable[K], least: int) -> Iterator[tuple[K, Hashable]]:
        for key in keys:
            cell = self.cells[key]
            if cell.source == joint:
                yield key, cell.target  # one more
            elif cell.number > least:
                yield key, cell.source  # one less

    def _leads(self, key: K, start: Hashable, end: Hashable) -> bool:
        seen, waiting = {start}, [start]
        while waiting:
            joint = waiting.pop()
            for way, following in self._ways(joint, self.hidden_at[joint], 1):
                if way == key:
                    continue
                if following == end:
                    return True
                if following not in seen:
                    seen.add(following)
                    waiting.append(following)
        return False

    def _cheapest(
        self, key: K, start: Hashable, end: Hashable, *, least: int
    ) -> tuple[float, list[K]] | None:
        """Return what the cheapest way costs, and its cells; None where no way leads."""
        number = 0  # of two ways that cost the same the earlier; joints have no order
        waiting: list[tuple[float, int, Hashable, list[K]]] = [(0.0, number, start, [])]
        done: set[Hashable] = set()
        while waiting:
            cost, _, joint, taken = heappop(waiting)
            if joint == end:
                return cost, taken
            if joint in done:
                continue
            done.add(joint)
            for way, following in self._ways(joint, self.at[joint], least):
                if way == key or following in done:
                    continue
                number += 1
                further = cost + (0.0 if way in self.hidden else self.cells[way].cost)
                heappush(waiting, (further, number, following, [*taken, way]))
        return None
