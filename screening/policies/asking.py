"""Criteria, asked about many facts that are made from each other. Pure.

A criterion reads few of the facts, and what is made from other facts shares with them all in which
it does not differ: of what shares all that a criterion reads it is asked once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields
from functools import cache
from operator import attrgetter, itemgetter
from typing import Any

from screening.facts import CaseFacts, CheckKind
from screening.findings import Answer
from screening.policies.document import Criterion

NAMES = tuple(f.name for f in fields(CaseFacts) if f.name != "checks")
PLACES = {name: n for n, name in enumerate([*NAMES, *(f"checks.{kind}" for kind in CheckKind)])}
DIGITS = str.maketrans("", "", "0123456789")

Said = tuple[int, ...]
"""What all the criteria say, as numbers: the same numbers, the same said."""

Saying = tuple[Answer, str]
"""What one criterion says: its answer and its reason, whatever it counts."""

_values = attrgetter(*NAMES)


@dataclass(slots=True, eq=False)
class _Group:
    """Criteria that read the same facts, each with its place among all.

    `known` has for every one of these facts, by their identity, the number of what is said. It has
    the facts too: what is kept is not replaced by something else of the same identity.
    """

    criteria: list[tuple[int, Criterion]]
    key: Callable[[list[int]], Any]
    known: dict[Any, tuple[int, CaseFacts]] = field(default_factory=dict)
    numbers: dict[tuple[Saying, ...], int] = field(default_factory=dict)
    said: list[tuple[Saying, ...]] = field(default_factory=list)

    def ask(self, facts: CaseFacts) -> int:
        found = [c.check(facts, c.params) for _, c in self.criteria]
        said = tuple([(f.answer, without_counts(f.reason)) for f in found])
        number = self.numbers.setdefault(said, len(self.said))
        if number == len(self.said):
            self.said.append(said)
        return number


class Asking:
    """The criteria, and what they have said."""

    def __init__(self, criteria: Sequence[Criterion]) -> None:
        by_reads: dict[frozenset[str], list[tuple[int, Criterion]]] = {}
        for place, criterion in enumerate(criteria):
            by_reads.setdefault(criterion.reads, []).append((place, criterion))
        self._groups = [_Group(of, _key(reads)) for reads, of in by_reads.items()]
        self._group_of = {place: group for group in self._groups for place, _ in group.criteria}
        self._sayings: dict[Said, tuple[Saying, ...]] = {}
        self._answers: dict[Said, tuple[Answer, ...]] = {}

    def said(self, facts: CaseFacts) -> Said:
        ids = _identities(facts)
        said = []
        for group in self._groups:
            key = group.key(ids)
            known = group.known.get(key)
            if known is None:
                known = group.known[key] = (group.ask(facts), facts)
            said.append(known[0])
        return tuple(said)

    def sayings(self, said: Said) -> tuple[Saying, ...]:
        """Return what each of the criteria says, in their order."""
        if said not in self._sayings:
            found = {
                place: saying
                for group, number in zip(self._groups, said, strict=True)
                for (place, _), saying in zip(group.criteria, group.said[number], strict=True)
            }
            self._sayings[said] = tuple([found[place] for place in sorted(found)])
        return self._sayings[said]

    def answers(self, facts: CaseFacts) -> tuple[Answer, ...]:
        """Return what each of the criteria answers, in their order."""
        said = self.said(facts)
        if said not in self._answers:
            self._answers[said] = tuple([answer for answer, _ in self.sayings(said)])
        return self._answers[said]

    def firsts(self, place: int, them: Mapping[Said, CaseFacts]) -> dict[Saying, CaseFacts]:
        """Return of facts, by what all say of them, the first for each that the one there says."""
        group = self._group_of[place]
        within = [n for n, _ in group.criteria].index(place)
        number = self._groups.index(group)
        first: dict[int, CaseFacts] = {}
        for said, facts in them.items():
            first.setdefault(said[number], facts)
        found: dict[Saying, CaseFacts] = {}
        for part, facts in first.items():
            found.setdefault(group.said[part][within], facts)
        return found

    def differing(self, place: int, them: Iterable[CaseFacts]) -> Iterator[CaseFacts]:
        """Yield of the facts those that differ in what the criterion at the place reads."""
        group, seen = self._group_of[place], set()
        for facts in them:
            key = group.key(_identities(facts))
            if key not in seen:
                seen.add(key)
                yield facts


def _identities(facts: CaseFacts) -> list[int]:
    checks = facts.checks
    return [*map(id, _values(facts)), *[id(checks.get(kind)) for kind in CheckKind]]


def _key(reads: frozenset[str]) -> Callable[[list[int]], Any]:
    return itemgetter(*sorted(PLACES[name] for name in {"as_of", *reads}))


@cache
def without_counts(reason: str) -> str:
    return reason.translate(DIGITS)
