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
from collections.abc import Collection, Hashable, Iterator, Mapping
from heapq import heappop, heappush
from math import inf, log2
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
    safe = pipes.on_rings()
    for key in small:
        if key not in safe and pipes.tells(key):
            pipes.hide(key)
    return frozenset(pipes.hidden)


class _Pipes(Generic[K]):
    def __init__(self, cells: Mapping[K, Cell], hidden: set[K]) -> None:
        self.cells: Mapping[K, Cell] = cells
        self.hidden = hidden
        self.ways: dict[Hashable, list[tuple[K, Hashable, float, float]]] = defaultdict(list)
        """From a joint: by which cell, where to, what it costs, and how many that cell can lose."""
        self.hidden_at: dict[Hashable, set[K]] = defaultdict(set)
        for key, cell in cells.items():
            cost = cell.cost
            self.ways[cell.source].append((key, cell.target, cost, inf))  # one more
            self.ways[cell.target].append((key, cell.source, cost, cell.number))  # one less
        for key in hidden:
            self._open(key)

    def _open(self, key: K) -> None:
        cell = self.cells[key]
        self.hidden_at[cell.source].add(key)
        self.hidden_at[cell.target].add(key)

    def on_rings(self) -> set[K]:
        """Return withheld cells that a ring leads through, nearly all of them, found all at once.

        A cell of one can only be more: it is on a ring if its ends are in one part, within which
        each joint leads to each other. Cells of more than one can be more or less: of these alone,
        a ring leads through all but those without which what they join would fall apart. What is
        left is asked one by one, which takes fifty times as long.
        """
        parts = self._parts()
        many = {key for key in self.hidden if self.cells[key].number > 1}
        ones = {key for key in self.hidden if self.cells[key].number == 1}
        return (many - self._bridges(many)) | {
            key for key in ones if parts[self.cells[key].source] == parts[self.cells[key].target]
        }

    def _parts(self) -> dict[Hashable, int]:
        """Return for each joint the number of its part (Kosaraju's strongly connected parts)."""
        onward: dict[Hashable, set[Hashable]] = {joint: set() for joint in self.hidden_at}
        back: dict[Hashable, set[Hashable]] = {joint: set() for joint in self.hidden_at}
        for key in self.hidden:
            cell = self.cells[key]
            onward[cell.source].add(cell.target)
            back[cell.target].add(cell.source)
            if cell.number > 1:
                onward[cell.target].add(cell.source)
                back[cell.source].add(cell.target)
        seen: set[Hashable] = set()
        left_last_first: list[Hashable] = []
        for root, from_root in onward.items():
            walk = [] if root in seen else [(root, iter(from_root))]
            seen.add(root)
            while walk:
                joint, ways = walk[-1]
                following = next((f for f in ways if f not in seen), None)
                if following is None:
                    left_last_first.append(joint)
                    walk.pop()
                else:
                    seen.add(following)
                    walk.append((following, iter(onward[following])))
        parts: dict[Hashable, int] = {}
        for number, root in enumerate(reversed(left_last_first)):
            waiting = [] if root in parts else [root]
            while waiting:
                joint = waiting.pop()
                parts[joint] = number
                waiting += [before for before in back[joint] if before not in parts]
        return parts

    def _bridges(self, keys: set[K]) -> set[K]:
        """Return the cells without which what these cells join would fall apart (Tarjan)."""
        reached: dict[Hashable, int] = {}  # in the order of the walk
        earliest: dict[Hashable, int] = {}  # reached from there without going back the same way
        bridges: set[K] = set()
        for root in self.hidden_at:
            if root in reached:
                continue
            reached[root] = earliest[root] = len(reached)
            walk: list[tuple[Hashable, K | None, Iterator[K]]]
            walk = [(root, None, iter(self.hidden_at[root] & keys))]
            while walk:
                joint, came_by, ways = walk[-1]
                way = next(ways, None)
                if way is None:
                    walk.pop()
                    if came_by is not None:
                        before = walk[-1][0]
                        earliest[before] = min(earliest[before], earliest[joint])
                        if earliest[joint] > reached[before]:
                            bridges.add(came_by)
                    continue
                if way == came_by:
                    continue
                cell = self.cells[way]
                following = cell.target if cell.source == joint else cell.source
                if following in reached:
                    earliest[joint] = min(earliest[joint], reached[following])
                else:
                    reached[following] = earliest[following] = len(reached)
                    walk.append((following, way, iter(self.hidden_at[following] & keys)))
        return bridges

    def tells(self, key: K) -> bool:
        """Say whether a withheld cell could be no other number."""
        return not any(self._leads(key, *ends) for ends in self._ends(key))

    def hide(self, key: K) -> None:
        """Withhold the cheapest ring through the cell; where there is none, all there is."""
        found: tuple[float, list[K]] | None = None
        for least in (1, 0):
            for ends in self._ends(key):
                below = found[0] if found else inf
                found = self._cheapest(key, *ends, least=least, below=below) or found
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

    def _leads(self, key: K, start: Hashable, end: Hashable) -> bool:
        # From the end with fewer ways, since a search that fails goes wherever they lead.
        back = len(self.hidden_at[end]) < len(self.hidden_at[start])
        if back:
            start, end = end, start
        seen, waiting = {start}, [start]
        while waiting:
            joint = waiting.pop()
            for way in self.hidden_at[joint]:
                cell = self.cells[way]
                along = (cell.source == joint) is not back  # one more; against it is one less
                if way == key or not (along or cell.number > 1):
                    continue
                following = cell.target if cell.source == joint else cell.source
                if following == end:
                    return True
                if following not in seen:
                    seen.add(following)
                    waiting.append(following)
        return False

    def _cheapest(
        self, key: K, start: Hashable, end: Hashable, *, least: int, below: float
    ) -> tuple[float, list[K]] | None:
        """Return what the cheapest way costs, and its cells; None where none costs less."""
        number = 0  # of two ways that cost the same the earlier; joints have no order
        waiting: list[tuple[float, int, Hashable]] = [(0.0, number, start)]
        cheapest: dict[Hashable, float] = {start: 0.0}
        came_by: dict[Hashable, tuple[Hashable, K]] = {}
        while waiting:
            cost, _, joint = heappop(waiting)
            if joint == end:
                return cost, list(_back(came_by, start, end))
            if cost > cheapest[joint]:
                continue
            for way, following, price, spare in self.ways[joint]:
                further = cost if way in self.hidden else cost + price
                if spare > least and further < cheapest.get(following, below) and way != key:
                    number += 1
                    cheapest[following] = further
                    came_by[following] = joint, way
                    heappush(waiting, (further, number, following))
        return None


def _back(
    came_by: Mapping[Hashable, tuple[Hashable, K]], start: Hashable, end: Hashable
) -> Iterator[K]:
    while end != start:
        end, way = came_by[end]
        yield way
