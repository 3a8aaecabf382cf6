"""Weighted choice from a prepared tuple: one random number and one index."""

from collections.abc import Callable, Iterable
from typing import TypeVar

T = TypeVar("T")
Rand = Callable[[], float]
"""Returns the next random number in [0, 1)."""


def pool(weights: Iterable[tuple[T, int]]) -> tuple[T, ...]:
    return tuple(value for value, weight in weights for _ in range(weight))


def pick(rand: Rand, choices: tuple[T, ...]) -> T:
    return choices[int(rand() * len(choices))]


def between(rand: Rand, low: int, high: int) -> int:
    """Return a whole number from low to high, both included; low where high is lower."""
    return low + int(rand() * (high - low + 1)) if high > low else low


def words(text: str) -> tuple[str, ...]:
    return tuple(text.split())
