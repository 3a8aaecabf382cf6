"""Facts that put every criterion of a policy on both sides of each of its boundaries. Pure.

Two bases are varied: one in which all is known and as much as possible is clear, and one in which
nothing is known. A new fact, kind or policy needs nothing here.
"""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass, replace
from datetime import date, timedelta
from functools import cache
from itertools import chain, combinations, islice
from math import prod
from typing import Any, TypeVar, get_args, get_origin

from screening.criteria.dates import add_months
from screening.facts import PROHIBITED_SOURCES, CaseFacts, Indicator, OffenceFamily, Record
from screening.findings import Answer
from screening.policies.asking import Asking, Said, Saying, without_counts
from screening.policies.document import Criterion, Policy
from screening.policies.params import leaves
from screening.policies.values import (
    Asked,
    Values,
    altered,
    hints,
    is_enum,
    is_small,
    parts,
    suiting,
    unlike_codes_of,
)
from screening.statutes.categories import Category

T = TypeVar("T")

TOGETHER = {"born_from": "birth", "born_by": "birth", "set_aside": "protected_1367"}
"""Facts that are not free of others, and what they are varied as."""

MOST_FACTS = 20_000
"""So many facts at most for all of those criteria."""

MOST_PAIRS = 10_000
"""So many pairs of variations of each base at most: some 45 criteria in a few seconds."""

MOST_ITEMS = 8_000
"""So many different records at most, and so many indicators."""

MOST_SIDE_BY_SIDE = 400
"""So many pairs of different records at most, and so many of indicators."""

MOST_SUITING = 128
"""So many items that suit one part of the parameters at most."""

MOST_REASONS = 5
"""So many different things that a criterion says are looked into for more."""

MOST_FURTHER = 3_000
"""So many facts at most, twice, for a criterion that needs more."""

NAMES = tuple(f.name for f in fields(CaseFacts))


@dataclass(frozen=True, slots=True)
class Variation:
    """A change of one thing, named by `slot`: the fields that it sets.

    Of a field that is a mapping it sets one key (None: takes it out).
    """

    slot: str
    sets: tuple[tuple[str, Any], ...]
    key: Any = None

    def of(self, facts: CaseFacts) -> CaseFacts:
        """Return the facts with this changed."""
        if self.key is None:
            return replace(facts, **dict(self.sets))
        [(name, value)] = self.sets
        entries = {**getattr(facts, name), self.key: value}
        # In one order, whatever came first, so that equal facts look equal.
        ordered: Any = {k: entries[k] for k in type(self.key) if entries.get(k) is not None}
        return replace(facts, **{name: ordered})


def last_day(policy: Policy) -> date:
    """Return the last day the policy is in force; without an end, the first anniversary."""
    if policy.effective_to is None:
        return add_months(policy.effective_from, 12)
    return policy.effective_to - timedelta(days=1)


def probes(policy: Policy, *, as_of: date | None = None) -> list[CaseFacts]:
    """Return the facts, distinct and always in the same order; the first are known and clear.

    `as_of` is by default the policy's last day. Facts outside the policy's scope are among them.
    """
    return probed(policy, Asking(policy.criteria), as_of=as_of)


def probed(policy: Policy, asking: Asking, *, as_of: date | None = None) -> list[CaseFacts]:
    """Return the probes; of each of them the criteria have been asked in `asking`."""
    prober = _Prober(policy, asking, as_of or last_day(policy))
    found: dict[tuple[Any, ...], CaseFacts] = {}
    for facts in prober.first():
        found.setdefault(_key(facts), facts)
    for facts in islice(prober.further(list(found.values())), MOST_FACTS):
        found.setdefault(_key(facts), facts)
    return list(found.values())


def clear_base(policy: Policy, *, as_of: date | None = None) -> CaseFacts:
    """Return facts of which all is known and as many criteria as possible are clear."""
    return _Prober(policy, Asking(policy.criteria), as_of or last_day(policy)).known


def differences(facts: CaseFacts, base: CaseFacts) -> dict[str, Any]:
    """Return what the facts say otherwise than the base."""
    return {n: getattr(facts, n) for n in NAMES if getattr(facts, n) != getattr(base, n)}


def possible(facts: CaseFacts) -> bool:
    """Return whether the facts agree with each other, as those gathered always do."""
    first, last = facts.born_from, facts.born_by
    if first is None or last is None:
        if first is not last:
            return False
    elif first > last:
        return False
    if facts.protected_1367 is not True:
        return not facts.set_aside
    items: tuple[Record | Indicator, ...] = (*facts.records, *facts.indicators)
    return not any(item.relation in PROHIBITED_SOURCES for item in items)


class _Prober:
    """One policy on one day: what can be varied, from where, and what it tells."""

    def __init__(self, policy: Policy, asking: Asking, as_of: date) -> None:
        self.policy = policy
        self.asking = asking
        self.said = asking.said
        self.as_of = as_of
        self.parts = [[*parts(c.params)] for c in policy.criteria]
        named = [[v for _, v in leaves(c.params)] for c in policy.criteria]
        # Beside a category it matters which offence of a family it is.
        by_code = any(isinstance(v, Category) for v in chain(*named))
        self.codes = [
            [unlike_codes_of(v) for v in values if by_code and isinstance(v, OffenceFamily)]
            for values in named
        ]
        self.values = Values([*chain(*self.parts), [*leaves(policy.scope)]], as_of)
        self.values_of = cache(
            lambda places: Values([*chain(*(self.parts[p] for p in places))], as_of)
        )
        self.small = Values([], as_of)
        self.counts = [1, *self.values.counts]
        # That two offences are more than one is known without a parameter.
        self.several = sorted({2, *self.counts})
        self.slots = dict(self._slots())
        self.nothing = self._nothing_known()
        self.known = self._known_and_clear()

    def first(self) -> Iterator[CaseFacts]:
        """Yield the bases, each with one thing varied, and with two that both tell something."""
        telling = {}
        for slot, annotation in hints(CaseFacts).items():
            if _is_items(annotation) and slot not in TOGETHER:
                self.slots[slot], telling[slot] = self._explored(slot, get_args(annotation)[0])
        yield self.known
        yield self.nothing
        for base in (self.known, self.nothing):
            yield from self._varied(base, telling)
            # What sorts of record there are was found out once; with nothing known they suffice.
            self.slots |= telling

    def further(self, found: Sequence[CaseFacts]) -> Iterator[CaseFacts]:
        """Yield more for the criteria that have not been seen to hold, or not to be clear.

        They may need more facts together than two: goes on from what they were seen to say, and
        then tries what they read in every way, or in as many ways as there is time for.
        """
        first: dict[Said, CaseFacts] = {}
        for facts in found:
            first.setdefault(self.said(facts), facts)
        for place, criterion in enumerate(self.policy.criteria):
            said = self.asking.firsts(place, first)
            if not {Answer.HOLDS, Answer.CLEAR} <= {answer for answer, _ in said}:
                reasons = [*said.values()][:MOST_REASONS]
                yield from islice(self._from(reasons), MOST_FURTHER)
                yield from self._together(criterion)

    def _from(self, known: Sequence[CaseFacts]) -> Iterator[CaseFacts]:
        for facts in known:
            varied = (v.of(facts) for v in chain.from_iterable(self.slots.values()))
            yield from filter(possible, varied)

    def _together(self, criterion: Criterion) -> Iterator[CaseFacts]:
        read = {TOGETHER.get(name, name) for name in criterion.reads}
        slots = [v for s, v in self.slots.items() if s in read or s.partition(".")[0] in read]
        ways = prod(map(len, slots))
        for number in _thinned(range(ways), MOST_FURTHER):
            facts, rest = self.known, number
            for variations in slots:
                rest, place = divmod(rest, len(variations))
                facts = variations[place].of(facts)
            if possible(facts):
                yield facts

    # What can be varied

    def _slots(self) -> Iterator[tuple[str, list[Variation]]]:
        """Yield everything but the lists of items."""
        for name, annotation in hints(CaseFacts).items():
            if name == "as_of" or name in TOGETHER or _is_items(annotation):
                continue
            if _is_mapping(annotation):
                keys, entry = get_args(annotation)
                for key in keys if is_enum(keys) else ():
                    slot = f"{name}.{key.value}"
                    values = [*self._entries(entry, key), None]
                    yield slot, [Variation(slot, ((name, v),), key) for v in values]
                continue
            variations = [Variation(name, ((name, v),)) for v in self.values.of(annotation, name)]
            if name == "protected_1367":
                variations += self._set_aside()
            yield name, variations
        yield "birth", list(self._births())

    def _entries(self, annotation: Any, key: Any) -> list[Any]:
        if is_dataclass(annotation):
            return self.values.items(annotation, key)
        return self.values.of(annotation)

    def _set_aside(self) -> Iterator[Variation]:
        for kind in (Record, Indicator):
            item = replace(self.values.plainest(kind), relation=min(PROHIBITED_SOURCES))
            sets = (("protected_1367", True), ("set_aside", (item,)))
            yield Variation("protected_1367", sets)

    def _births(self) -> Iterator[Variation]:
        """Yield births known to the day, the month and the year, and one not on record."""
        days = [d for d in self.values.days if d <= self.as_of]
        spans: list[tuple[date | None, date | None]] = [(d, d) for d in days]
        for day in days:
            first = day.replace(day=1)
            spans.append((first, add_months(first, 1) - timedelta(days=1)))
            spans.append((date(day.year, 1, 1), date(day.year, 12, 31)))
        for born_from, born_by in [*dict.fromkeys(spans), (None, None)]:
            yield Variation("birth", (("born_from", born_from), ("born_by", born_by)))

    # From where

    def _nothing_known(self) -> CaseFacts:
        nothing = CaseFacts(as_of=self.as_of)
        if self._speaks_of(nothing):
            return nothing
        varied = (v.of(nothing) for v in chain.from_iterable(self.slots.values()))
        return next(filter(self._speaks_of, varied), nothing)

    def _known_and_clear(self) -> CaseFacts:
        """Take for every fact in turn what leaves the most criteria clear, until nothing helps."""
        best = self.nothing
        for _ in range(3):
            before = best
            for variations in self.slots.values():
                varied = (v.of(best) for v in variations)
                best = max(filter(self._speaks_of, varied), key=self._clear, default=best)
            if best == before:
                break
        return best

    def _clear(self, facts: CaseFacts) -> int:
        return self.asking.answers(facts).count(Answer.CLEAR)

    def _speaks_of(self, facts: CaseFacts) -> bool:
        return possible(facts) and self.policy.scope.covers(facts)

    # What it tells

    def _explored(self, slot: str, kind: Any) -> tuple[list[Variation], list[Variation]]:
        """Return the items that matter, and one for every set of answers that an item can give.

        Begins with what the parameters speak of, and with pairs of small changes. From each item
        that gives new answers it goes on, one change at a time, to the values that the criteria
        ask about that it has moved.
        """
        plainest = self.values.plainest(kind)
        none = Variation(slot, ((slot, ()),))
        found: dict[Any, list[Variation]] = {}
        telling = {self.said(self.known): none}
        waiting: deque[Iterator[Any]] = deque()

        def take(item: Any, seen: set[Said] | None, counts: Iterable[int]) -> None:
            if item in found or len(found) >= MOST_ITEMS:
                return
            found[item] = []
            for count in counts:
                variation = Variation(slot, ((slot, _numbered([item] * count)),))
                found[item].append(variation)
                said = self.said(variation.of(self.known))
                telling.setdefault(said, variation)
                if seen is not None and said not in seen:
                    seen.add(said)
                    waiting.append(self._values_asked_by(said).changed_lazily(item))

        seen = set(telling)
        for criterion, asked in zip(self.policy.criteria, self.parts, strict=True):
            for part in asked:
                # Each part on its own: another may say the same of an item for other reasons.
                seen_of_part = set(seen)
                for item in self._suiting(slot, plainest, criterion, part):
                    take(item, seen_of_part, self.several)
        for criterion, asked in zip(self.policy.criteria, self.codes, strict=True):
            for part in asked:
                for item in self._suiting(slot, plainest, criterion, part):
                    take(item, None, self.counts)
        for one in self.small.changed(plainest):
            for other in self.small.changed(one):
                take(other, seen, self.counts)
        for item in self.values.changed(plainest):
            take(item, seen, self.counts)
        while waiting and len(found) < MOST_ITEMS:
            for item in waiting.popleft():
                take(item, seen, self.counts)
        together = _thinned([*combinations(telling.values(), 2)], MOST_SIDE_BY_SIDE)
        both = [_numbered([*a.sets[0][1], *b.sets[0][1]]) for a, b in together]
        return (
            [none, *chain(*found.values()), *(Variation(slot, ((slot, items),)) for items in both)],
            [*telling.values()],
        )

    def _values_asked_by(self, said: Said) -> Values:
        """Return the values that the criteria ask about which do not say what they say at first."""
        first, then = map(self.asking.sayings, (self.said(self.known), said))
        pairs = enumerate(zip(first, then, strict=True))
        return self.values_of(frozenset(n for n, (one, other) in pairs if one != other))

    def _suiting(
        self, slot: str, plainest: Any, criterion: Criterion, part: Asked
    ) -> Iterator[Any]:
        """Yield items that have what a part of the parameters speaks of, each with the change that
        it takes besides to make the criterion speak: a charge counts only once it is disposed of.
        """
        items = _thinned(suiting(plainest, part), MOST_SUITING)
        if items == [plainest]:
            return

        def said(item: Any) -> tuple[Saying, ...]:
            copies = [_numbered([item] * count) for count in self.several]
            cases = [Variation(slot, ((slot, c),)).of(self.known) for c in copies]
            findings = [criterion.check(facts, criterion.params) for facts in cases]
            return tuple([(f.answer, without_counts(f.reason)) for f in findings])

        silent = said(plainest)
        changes: list[dict[str, Any]] = [{}, *({n: v} for n, v in self.small.changes(plainest))]
        dates = [n for n, v in hints(plainest.__class__).items() if date in get_args(v)]
        for tried in (items[-1], items[0]):
            spoken = {said(altered(tried, change)): change for change in reversed(changes)}
            spoken.pop(silent, None)
            for change in [change for of, change in spoken.items() if not _holds(of)]:
                # It may have to lie within some years: what happened on the day does.
                for name in dates:
                    further = {**change, name: self.as_of}
                    if _holds(of := said(altered(tried, further))):
                        spoken.setdefault(of, further)
            if {} in spoken.values():
                settled = {of: change for of, change in spoken.items() if _holds(of)}
                spoken = {said(tried): {}} | settled
            for item in items if spoken else ():
                for change in spoken.values():
                    yield altered(item, change)
            if spoken:
                return

    def _varied(
        self, base: CaseFacts, telling_items: Mapping[str, Sequence[Variation]]
    ) -> Iterator[CaseFacts]:
        said_of_base = self.said(base)
        telling: dict[str, list[Variation]] = defaultdict(list)
        small: dict[str, list[Variation]] = defaultdict(list)
        for slot, variations in self.slots.items():
            seen = {said_of_base}
            worth_asking = set(telling_items.get(slot, variations))
            for variation in variations:
                facts = variation.of(base)
                if not possible(facts):
                    continue
                yield facts
                if variation not in worth_asking:
                    continue
                said = self.said(facts)
                if said not in seen:
                    seen.add(said)
                    telling[slot].append(variation)
                elif all(is_small(value) for _, value in variation.sets):
                    small[slot].append(variation)
        pairs = [
            pair
            for a, b in combinations(self.slots, 2)
            for pair in chain(
                ((v, w) for v in telling[a] for w in chain(telling[b], small[b])),
                ((v, w) for v in small[a] for w in telling[b]),
            )
        ]
        for one, other in _thinned(pairs, MOST_PAIRS):
            facts = other.of(one.of(base))
            if self._speaks_of(facts):
                yield facts


def _holds(said: Sequence[Saying]) -> bool:
    return any(answer is Answer.HOLDS for answer, _ in said)


def _thinned(them: Sequence[T], most: int) -> Sequence[T]:
    """Return at most so many of them, taken evenly."""
    step = -(-len(them) // most)
    # An even step would pick the same of two from every pair of values.
    return them[:: step | 1] if them else them


def _numbered(items: Iterable[Any]) -> tuple[Any, ...]:
    numbered = enumerate(items, start=1)
    return tuple([item if item.id == n else replace(item, id=n) for n, item in numbered])


def _is_items(annotation: Any) -> bool:
    return get_origin(annotation) is tuple and is_dataclass(get_args(annotation)[0])


def _is_mapping(annotation: Any) -> bool:
    origin = get_origin(annotation)
    return isinstance(origin, type) and issubclass(origin, Mapping)


def _key(facts: CaseFacts) -> tuple[Any, ...]:
    values = (getattr(facts, name) for name in NAMES)
    return tuple([tuple(v.items()) if isinstance(v, Mapping) else v for v in values])
