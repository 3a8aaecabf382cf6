"""What the lint finds in the text of a policy, with lines and in words. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, is_dataclass
from typing import Any, TypedDict

from screening.policies import golden
from screening.policies.document import Policy
from screening.policies.lint import lines, lint
from screening.policies.probes import clear_base, differences


class Reported(TypedDict):
    """A problem and its line; of the example what is not as in a case known and clear."""

    code: str
    severity: str
    criterion: str
    line: int
    sentence: str
    example: dict[str, Any] | None


def report(policy: Policy, text: str) -> list[Reported]:
    """Return the problems of a policy and of its coverage by the golden cases, errors first.

    It takes many seconds.
    """
    problems = lint(policy, golden.coverage(golden.shipped(), policy))
    lines_of = {"": 1} | lines(text)
    base = clear_base(policy)
    return [
        Reported(
            code=p.code,
            severity=p.severity,
            criterion=p.criterion,
            line=lines_of[p.criterion],
            sentence=p.sentence,
            example=None
            if p.example is None
            else {name: _plain(v) for name, v in differences(p.example, base).items()},
        )
        for p in problems
    ]


def in_words(problem: Reported) -> list[str]:
    """Return the example as a reader sees it, a fact a line."""
    return [f"{name}: {_short(value)}" for name, value in (problem["example"] or {}).items()]


def _plain(value: Any) -> Any:
    """Return a fact as words and numbers; what is not on record is left out of records."""
    if is_dataclass(value) and not isinstance(value, type):
        return {k: _plain(v) for k, v in asdict(value).items() if k != "id" and v is not None}
    if isinstance(value, Mapping):
        return {str(k): _plain(v) for k, v in value.items()}
    if isinstance(value, tuple | frozenset):
        return [_plain(v) for v in value]
    return value if value is None or isinstance(value, bool | int) else str(value)


def _short(value: Any) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{k} {_short(v)}" for k, v in value.items())
    if isinstance(value, list):
        return "; ".join(map(_short, value)) or "none"
    return "not on record" if value is None else str(value)
