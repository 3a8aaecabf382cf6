"""Many cases under one policy on one day: what was asked about the same facts is not asked again.

A criterion reads few of the facts, and most people have no record; a birth date, a check or a
custody status is the same for many. So each criterion's answer is remembered by the texts that it
reads, and the outcome by the answers: what `determine` says of each case on its own. Of two
policies what both ask in the same words is asked once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from itertools import chain
from operator import itemgetter
from typing import Any, NamedTuple, TypeVar

from screening.decide import (
    NOWHERE,
    Weight,
    evidence_text,
    outcome_by,
    weigh,
)
from screening.facts import CaseFacts
from screening.facts_text import PLACES, Reader, places_of, row_ids, split
from screening.findings import Answer
from screening.policies.document import Criterion, Policy, Scope

T = TypeVar("T")
U = TypeVar("U")

REMEMBERED = 150_000
"""Answers at most, so that a worker's memory is bounded, whatever the size of the docket."""
NEVER = date.max.isoformat()
FEW_VALUES = frozenset(
    {
        *("case_type", "custody", "represented", "family_unreviewed", "protected_1367"),
        *("applications", "circuit", "checks.state-court"),
    }
)
"""Facts with so few values that a few thousand cases have them all: asked about together."""
ITEMS = ("records", "indicators")
"""Texts that name single rows: no two people have the same."""


FindingSetKey = tuple[tuple[int, str, str, str, str], ...]
"""Place and code of the criterion, answer, reason, what is missing: of each that is not clear."""


class Verdict(NamedTuple):
    """An outcome, and the criterion that it rests on ("": none)."""

    outcome: str
    leading: str


class Judged(NamedTuple):
    """A determination as it is written; `findings` are numbers that `Memo.findings` knows."""

    outcome: str
    leading: str
    findings: list[int]
    evidence: str
    valid_until: str


_Said = tuple[int, str, tuple[str, ...]]
"""What a group of criteria says: the number of its findings, until when, resting on what.

A plain tuple, as all that is remembered: the garbage collector leaves it alone.
"""


NOTHING = 0
"""The number of what is said where every criterion of a group is clear."""

_Unclear = tuple[int, Answer, str, str]
"""A finding that is not clear: the place of its criterion, answer, reason, what is missing."""


@dataclass(slots=True)
class _Group:
    """The criteria that read the same facts, each with its place in the policy."""

    reads: frozenset[str]
    reader: Reader
    criteria: list[tuple[int, Criterion]]
    key: Callable[[list[str]], Any]
    known: dict[Any, _Said] = field(default_factory=dict)


class _Questions:
    """Criteria, asked of cases from their facts as text, as of one day."""

    def __init__(self, criteria: Sequence[Criterion], as_of: date) -> None:
        self._items = itemgetter(*[PLACES[name] for name in ITEMS])
        of_items = [c for c in enumerate(criteria) if not c[1].reads.isdisjoint(ITEMS)]
        others = [c for c in enumerate(criteria) if c[1].reads.isdisjoint(ITEMS)]
        self._of_items = _groups(of_items, as_of)
        read = frozenset[str]().union(*[group.reads for group in self._of_items])
        self._reader_of_items = Reader(as_of, read)
        self._others = _groups(others, as_of)
        self._all = [*self._of_items, *self._others]
        self._remembered = 0
        self.parts: list[tuple[_Unclear, ...]] = [()]
        """What each number of what was said stands for."""
        self._number_of: dict[tuple[_Unclear, ...], int] = {(): NOTHING}

    @property
    def is_full(self) -> bool:
        return self._remembered >= REMEMBERED

    def ask(self, texts: list[str]) -> list[_Said]:
        """Return what each group of criteria says."""
        groups, said = self._all, []
        if any(self._items(texts)):
            # No two people have the same: those that look for a record are asked every time.
            facts = self._reader_of_items.read(texts)
            groups, said = self._others, [self._ask(group, facts) for group in self._of_items]
        for group in groups:
            key = group.key(texts)
            known = group.known.get(key)
            if known is None:
                known = self._ask(group, group.reader.read(texts))
                self.remember(group.known, key, known)
            said.append(known)
        return said

    def remember(self, known: dict[T, U], key: T, value: U) -> None:
        if self._remembered < REMEMBERED:
            known[key] = value
            self._remembered += 1

    def _ask(self, group: _Group, facts: CaseFacts) -> _Said:
        unclear = []
        valid_until = date.max
        evidence: tuple[str, ...] = ()
        for place, criterion in group.criteria:
            finding = criterion.check(facts, criterion.params)
            if finding.valid_until is not None and finding.valid_until < valid_until:
                valid_until = finding.valid_until
            if finding.answer is not Answer.CLEAR:
                unclear.append((place, finding.answer, finding.reason, finding.missing))
                evidence += finding.evidence
        part = tuple(unclear)
        number = self._number_of.get(part)
        if number is None:
            number = self._number_of[part] = len(self.parts)
            self.parts.append(part)
        return number, valid_until.isoformat(), evidence


_Own = Mapping[int, Sequence[tuple[int, Criterion]]]
"""By the place among the criteria asked, those of a policy that it answers, with their places."""


class _Verdicts:
    """What a policy makes of what the groups of criteria say, by its numbers."""

    def __init__(self, policy: Policy, own: _Own, questions: _Questions) -> None:
        self._policy = policy
        self._own = own
        self._questions = questions
        self._weights: list[Weight] = []
        self._outcomes: dict[frozenset[Weight], Verdict] = {}

    def come_to(self, numbers: Sequence[int]) -> Verdict:
        """Return the outcome, and the criterion that it rests on."""
        weights = self._weights
        if max(numbers) >= len(weights):
            weights += [self._weighed(part) for part in self._questions.parts[len(weights) :]]
        together = frozenset([weights[number] for number in numbers])
        known = self._outcomes.get(together)
        if known is None:
            outcome, place = outcome_by(Weight(*map(min, zip(*together, strict=True))))
            leading = "" if place == NOWHERE else self._policy.criteria[place].code
            known = Verdict(outcome.value, leading)
            self._questions.remember(self._outcomes, together, known)
        return known

    def answers(self, numbers: Iterable[int]) -> dict[str, Answer]:
        """Return the answers that are not clear, by criterion."""
        return {
            criterion.code: answer
            for number in numbers
            for place, answer, _, _ in self._questions.parts[number]
            for _, criterion in self._own.get(place, ())
        }

    def _weighed(self, part: tuple[_Unclear, ...]) -> Weight:
        said = [
            (order, criterion, answer)
            for place, answer, _, _ in part
            for order, criterion in self._own.get(place, ())
        ]
        return weigh(self._policy, said)


class Memo:
    """Determines cases from their facts as text, under one policy as of one day."""

    def __init__(self, policy: Policy, as_of: date) -> None:
        self._policy = policy
        self._scope_key = itemgetter(*places_of(Scope.READS))
        self._scope_reader = Reader(as_of, Scope.READS)
        self._in_scope: dict[Any, bool] = {}
        self._questions = _Questions(policy.criteria, as_of)
        own = {place: [(place, criterion)] for place, criterion in enumerate(policy.criteria)}
        self._verdicts = _Verdicts(policy, own, self._questions)

    def judge(self, line: str) -> Judged | None:
        """Return the determination, or None where the policy does not speak of the case."""
        texts = split(line)
        if not self._covers(texts):
            return None
        numbers, untils, rests_on = zip(*self._questions.ask(texts), strict=True)
        outcome, leading = self._verdicts.come_to(numbers)
        evidence = "{}"
        if any(rests_on):
            evidence = evidence_text(chain.from_iterable(rests_on), row_ids(line))
        valid_until = min(untils)
        return Judged(
            outcome,
            leading,
            [number for number in numbers if number != NOTHING],
            evidence,
            "" if valid_until == NEVER else valid_until,
        )

    @property
    def is_full(self) -> bool:
        """Whether it remembers nothing more: time for another."""
        return self._questions.is_full

    def findings(self, numbers: Iterable[int]) -> dict[int, FindingSetKey]:
        """Return what numbers of `Judged.findings` stand for."""
        parts = self._questions.parts
        criteria = self._policy.criteria
        return {
            number: tuple(
                [
                    (place, criteria[place].code, answer.value, reason, missing)
                    for place, answer, reason, missing in parts[number]
                ]
            )
            for number in numbers
        }

    def _covers(self, texts: list[str]) -> bool:
        key = self._scope_key(texts)
        covered = self._in_scope.get(key)
        if covered is None:
            covered = self._policy.scope.covers(self._scope_reader.read(texts))
            self._questions.remember(self._in_scope, key, covered)
        return covered


class Compared(NamedTuple):
    """What two policies make of a case; None: the policy does not speak of it.

    `differing`: where the outcomes differ, the criteria that answer otherwise, in the order of
    their codes; one that stands in one of the policies only is clear in the other.
    """

    one: Verdict | None
    other: Verdict | None
    differing: tuple[str, ...] = ()


class PairMemo:
    """Determines cases from their facts as text, under two policies as of one day."""

    def __init__(self, one: Policy, other: Policy, as_of: date) -> None:
        self._policies = (one, other)
        self._scope_key = itemgetter(*places_of(Scope.READS))
        self._scope_reader = Reader(as_of, Scope.READS)
        self._in_scope: dict[Any, tuple[bool, bool]] = {}
        asked: list[Criterion] = []
        own: list[dict[int, list[tuple[int, Criterion]]]] = []
        for policy in self._policies:
            mine: dict[int, list[tuple[int, Criterion]]] = {}
            for order, criterion in enumerate(policy.criteria):
                mine.setdefault(_place_of(criterion, asked), []).append((order, criterion))
            own.append(mine)
        self._questions = _Questions(asked, as_of)
        self._one, self._other = (
            _Verdicts(policy, mine, self._questions)
            for policy, mine in zip(self._policies, own, strict=True)
        )
        self._said: dict[Compared, int] = {}

    def judge(self, line: str) -> int | None:
        """Return the number of what `said` knows, or None where neither speaks of the case."""
        texts = split(line)
        scope_key = self._scope_key(texts)
        covered = self._in_scope.get(scope_key)
        if covered is None:
            facts = self._scope_reader.read(texts)
            in_one, in_other = (policy.scope.covers(facts) for policy in self._policies)
            covered = (in_one, in_other)
            self._questions.remember(self._in_scope, scope_key, covered)
        if not any(covered):
            return None
        numbers = [number for number, _, _ in self._questions.ask(texts)]
        one = self._one.come_to(numbers) if covered[0] else None
        other = self._other.come_to(numbers) if covered[1] else None
        compared = Compared(one, other)
        if one is not None and other is not None and one.outcome != other.outcome:
            compared = Compared(one, other, self._differing(numbers))
        return self._said.setdefault(compared, len(self._said))

    def _differing(self, numbers: Sequence[int]) -> tuple[str, ...]:
        one, other = self._one.answers(numbers), self._other.answers(numbers)
        clear = Answer.CLEAR
        return tuple(
            code
            for code in sorted(one.keys() | other.keys())
            if one.get(code, clear) is not other.get(code, clear)
        )

    @property
    def is_full(self) -> bool:
        """Whether it remembers nothing more: time for another."""
        return self._questions.is_full

    def said(self) -> list[Compared]:
        """Return what each number stands for."""
        return list(self._said)


def _place_of(criterion: Criterion, asked: list[Criterion]) -> int:
    """Return where the criterion stands among those asked, adding it unless it is asked already."""
    for place, known in enumerate(asked):
        if known.check is criterion.check and known.params == criterion.params:
            return place
    asked.append(criterion)
    return len(asked) - 1


def _group(criteria: list[tuple[int, Criterion]], as_of: date) -> _Group:
    reads = frozenset[str]().union(*[criterion.reads for _, criterion in criteria])
    places = places_of(reads)
    key = itemgetter(*places) if places else lambda _: ()
    return _Group(reads, Reader(as_of, reads), criteria, key)


def _groups(criteria: list[tuple[int, Criterion]], as_of: date) -> list[_Group]:
    """Return the criteria by what they read; one that reads less joins one that reads more."""
    by_reads: dict[frozenset[str], list[tuple[int, Criterion]]] = {}
    for place, criterion in sorted(criteria, key=lambda c: -len(c[1].reads)):
        reads = FEW_VALUES if criterion.reads <= FEW_VALUES else criterion.reads
        within = next((others for others in by_reads if reads <= others), reads)
        by_reads.setdefault(within, []).append((place, criterion))
    return [_group(together, as_of) for together in by_reads.values()]


_memo_of = lru_cache(maxsize=2)(Memo)
_pair_memo_of = lru_cache(maxsize=2)(PairMemo)


def memo_of(policy: Policy, as_of: date) -> Memo:
    """Return the memo of a policy on a day, kept from chunk to chunk until it is full."""
    if _memo_of(policy, as_of).is_full:
        _memo_of.cache_clear()
    return _memo_of(policy, as_of)


def pair_memo_of(one: Policy, other: Policy, as_of: date) -> PairMemo:
    """Return the same of two policies."""
    if _pair_memo_of(one, other, as_of).is_full:
        _pair_memo_of.cache_clear()
    return _pair_memo_of(one, other, as_of)
