"""Rates of groups against the overall rate: exact bounds, and what is more than chance.

Pure: numbers in, numbers out. Nothing here knows what is counted.

A group is an alert if its rate is outside 0.8 to 1.25 of the overall rate, if it has thirty cases
or more, and if a difference so large would be rare among groups that do not differ. The last is
asked of many groups at once, so some would stand out by chance alone. Corrected is by Benjamini and
Hochberg, which bounds the share of false alerts among the alerts, and not by Holm, which bounds the
chance of any: an alert starts a look at the cases and decides nothing, so a false one costs little,
while with hundreds of nationalities and courts Holm would find only the largest differences.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import exp, lgamma, log, log1p

LEAST_RATIO, MOST_RATIO = 0.8, 1.25
FEWEST_CASES = 30
CONFIDENCE = 0.95
FALSE_ALERTS = 0.05
"""The share of alerts that may be chance."""


class State(StrEnum):
    TOO_FEW = "too-few"
    WITHIN = "within"
    CHANCE = "chance"  # outside the band, but no more than chance explains
    ALERT = "alert"


@dataclass(frozen=True, slots=True)
class Group:
    """Of so many cases so many had the event."""

    name: str
    cases: int
    events: int


@dataclass(frozen=True, slots=True)
class Rate:
    """A group's rate with its exact bounds (Clopper and Pearson, 95 %).

    `ratio` to the overall rate, None where there is none; `chance`: how likely a difference at
    least so large from all other cases would be if there were none, corrected for the number of
    groups; None where it was not asked.
    """

    group: Group
    rate: float
    low: float
    high: float
    ratio: float | None
    chance: float | None
    state: State


def assess(tables: Sequence[Iterable[Group]]) -> list[list[Rate]]:
    """Return the rates of the groups of each table; all are corrected for together.

    Every case is in one group of each table.
    """
    listed = [list(table) for table in tables]
    overall = [(sum(g.cases for g in groups), sum(g.events for g in groups)) for groups in listed]
    asked = [
        (table, place)
        for table, groups in enumerate(listed)
        for place, group in enumerate(groups)
        if FEWEST_CASES <= group.cases < overall[table][0]
    ]
    corrected = dict(
        zip(
            asked,
            false_discovery([chance(listed[t][g], *overall[t]) for t, g in asked]),
            strict=True,
        )
    )
    return [
        [
            _rate(group, *overall[table], chance=corrected.get((table, place)))
            for place, group in enumerate(groups)
        ]
        for table, groups in enumerate(listed)
    ]


def _rate(group: Group, cases: int, events: int, *, chance: float | None) -> Rate:
    rate = group.events / group.cases if group.cases else 0.0
    low, high = bounds(group.events, group.cases)
    ratio = rate * cases / events if events and group.cases else None
    return Rate(group, rate, low, high, ratio, chance, _state(group, ratio, chance))


def _state(group: Group, ratio: float | None, chance: float | None) -> State:
    if group.cases < FEWEST_CASES:
        return State.TOO_FEW
    if ratio is None or LEAST_RATIO <= ratio <= MOST_RATIO:
        return State.WITHIN
    return State.ALERT if chance is not None and chance <= FALSE_ALERTS else State.CHANCE


# Bounds


def bounds(events: int, cases: int, *, confidence: float = CONFIDENCE) -> tuple[float, float]:
    """Return the exact bounds of a rate (Clopper and Pearson, 1934); of no cases, 0 and 1."""
    if not cases:
        return 0.0, 1.0
    tail = (1 - confidence) / 2
    low = 0.0 if events == 0 else _quantile(tail, events, cases - events + 1)
    high = 1.0 if events == cases else _quantile(1 - tail, events + 1, cases - events)
    return low, high


def _quantile(wanted: float, a: float, b: float) -> float:
    """Return where the beta distribution has this much below it."""
    low, high = 0.0, 1.0
    for _ in range(100):
        middle = (low + high) / 2
        if beta_below(middle, a, b) < wanted:
            low = middle
        else:
            high = middle
        if high - low < 1e-12:
            break
    return (low + high) / 2


def beta_below(x: float, a: float, b: float) -> float:
    """Return the share of the beta distribution below x: the regularised incomplete beta."""
    if x <= 0:
        return 0.0
    if x >= 1:
        return 1.0
    front = exp(lgamma(a + b) - lgamma(a) - lgamma(b) + a * log(x) + b * log1p(-x))
    if x < (a + 1) / (a + b + 2):
        return front * _fraction(x, a, b) / a
    return 1.0 - front * _fraction(1 - x, b, a) / b


def _fraction(x: float, a: float, b: float) -> float:
    """Return the continued fraction of the incomplete beta, by Lentz's method."""
    tiny = 1e-300
    c, d = 1.0, 1.0 / ((1.0 - (a + b) * x / (a + 1.0)) or tiny)
    result = d
    for m in range(1, 10_000):
        for numerator in (
            m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m)),
            -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1)),
        ):
            d = 1.0 / ((1.0 + numerator * d) or tiny)
            c = (1.0 + numerator / c) or tiny
            step = c * d
            result *= step
        if abs(step - 1.0) < 1e-14:
            break
    return result


# Chance


def chance(group: Group, cases: int, events: int) -> float:
    """Return how likely events at least so unevenly spread are, if the group is like the others.

    Fisher's exact test against all other cases: twice the tail on the group's side, at most one.
    """
    step = 1 if group.events * cases >= group.cases * events else -1
    return min(1.0, 2 * _tail(group, cases, events, step=step))


def _tail(group: Group, cases: int, events: int, *, step: int) -> float:
    """Return the chance of the group's number of events, or one further out this way."""
    others = cases - group.cases
    least, most = max(0, events - others), min(group.cases, events)
    x = group.events
    term = exp(
        _log_choose(group.cases, x) + _log_choose(others, events - x) - _log_choose(cases, events)
    )
    total = 0.0
    while least <= x <= most and term > total * 1e-16:
        total += term
        if step > 0:
            term *= (group.cases - x) * (events - x) / ((x + 1) * (others - events + x + 1))
        else:
            term *= x * (others - events + x) / ((group.cases - x + 1) * (events - x + 1))
        x += step
    return min(total, 1.0)


def _log_choose(n: int, k: int) -> float:
    return lgamma(n + 1) - lgamma(k + 1) - lgamma(n - k + 1)


def false_discovery(chances: Sequence[float]) -> list[float]:
    """Return the chances corrected for their number (Benjamini and Hochberg, 1995), in order."""
    number = len(chances)
    corrected = [1.0] * number
    least = 1.0
    by_size = sorted(range(number), key=lambda place: -chances[place])
    for rank, place in zip(range(number, 0, -1), by_size, strict=True):
        least = min(least, chances[place] * number / rank)
        corrected[place] = least
    return corrected
