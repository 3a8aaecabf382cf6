"""Parameters in words: the same for a reader of one case and for a reader of the policy."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import Enum
from typing import Any

from pydantic import BaseModel

LIMITS = {"min": "at least ", "max": "at most "}
UNITS = frozenset({"days", "months", "years"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """What a reader is told of a kind besides its docstring.

    What would have to be on record for the answer to be another completes "clear with ...": the
    name of a parameter in braces stands for its value in words.
    """

    would_clear: str
    would_hold: str
    obtained_by: str
    """Who may obtain what is missing; a sentence."""
    params: Mapping[str, str] = field(default_factory=dict)
    """What each parameter means."""


def filled(template: str, params: BaseModel) -> str:
    """Return a text of `Words` with the values of these parameters."""
    return template.format_map({name: in_words(value) for name, value in params})


def in_words(value: Any) -> str:
    """Return a value of a parameter as a reader would write it."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, date):
        return f"{value.day} {value:%B} {value.year}"
    if isinstance(value, Enum):
        return value.name.replace("_", " ").lower()
    if isinstance(value, frozenset):
        return _either(sorted(map(in_words, value)))
    if isinstance(value, list | tuple):
        return "; or ".join(map(in_words, value))
    return str(value)


def _either(texts: list[str]) -> str:
    return " or ".join(filter(None, (", ".join(texts[:-1]), texts[-1]))) if texts else "none"


def phrases(params: BaseModel) -> list[str]:
    """Return each parameter that is set as a phrase: `min_sentence_days` as "sentence at least
    365 days"."""
    return [phrase(name, value) for name, value in params if value is not None]


def phrase(name: str, value: Any) -> str:
    parts = name.split("_")
    if isinstance(value, bool) or not isinstance(value, int):
        return f"{' '.join(parts)}: {in_words(value)}"
    limit = LIMITS.get(parts[0], "")
    if limit:
        parts = parts[1:]
    unit = parts.pop() if parts[-1] in UNITS else ""
    unit = unit[:-1] if value == 1 else unit
    return " ".join([*parts, f"{limit}{value:,} {unit}".strip()])
