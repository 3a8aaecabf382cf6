"""How many of a batch must be read, which, and how often readers found an error.

Exact, and drawn so that anyone can draw again.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import sha256

from django.db.models import Count, Q, QuerySet
from django.db.models.functions import TruncMonth

from cases.models import SampleReading
from cases.rates import bounds


def sample_size(population: int, *, confidence: float, tolerable_rate: float) -> int:
    """Return how many of the population must be read, and found without error.

    The smallest number that would show at least one error with the stated confidence, if more than
    the tolerable rate were errors; exact for draws without replacement (hypergeometric).
    """
    if population <= 0:
        return 0
    errors = min(population, int(population * tolerable_rate) + 1)
    unseen, size = 1.0, 0
    while unseen > 1 - confidence and size < population:
        unseen *= max(0, population - errors - size) / (population - size)
        size += 1
    return size


def upper_bound(population: int, size: int, *, confidence: float) -> int:
    """Return the most errors that a sample without any leaves possible at this confidence."""
    errors = 0
    while errors < population:
        unseen = 1.0
        for place in range(size):
            unseen *= max(0, population - (errors + 1) - place) / (population - place)
        if unseen <= 1 - confidence:
            break
        errors += 1
    return errors


def draw(strata: Mapping[str, Sequence[int]], *, size: int, seed: str) -> list[int]:
    """Return the numbers drawn, in order: from each stratum its share, and at least one.

    The same strata, size and seed give the same numbers, whoever draws.
    """
    population = sum(map(len, strata.values()))
    if not population:
        return []
    drawn: list[int] = []
    for name in sorted(strata):
        numbers = strata[name]
        share = max(1, -(-size * len(numbers) // population))
        drawn += sorted(numbers, key=lambda number: _ticket(seed, number))[:share]
    return sorted(drawn)


def _ticket(seed: str, number: int) -> bytes:
    return sha256(f"{seed}:{number}".encode()).digest()


@dataclass(frozen=True, slots=True)
class Month:
    """What readers found in the samples of one month; the rate has exact bounds (95 %)."""

    begins_on: date
    read: int
    errors: int
    rate: float
    low: float
    high: float


def errors_by_month(readings: QuerySet[SampleReading]) -> list[Month]:
    """Return how often readers would not have closed what was proposed, the latest month first."""
    counted = (
        readings.annotate(month=TruncMonth("read_at"))
        .values("month")
        .annotate(read=Count("pk"), errors=Count("pk", filter=Q(would_close=False)))
        .order_by("-month")
        .values_list("month", "read", "errors")
    )
    return [
        Month(month.date(), read, errors, errors / read, *bounds(errors, read))
        for month, read, errors in counted
    ]
