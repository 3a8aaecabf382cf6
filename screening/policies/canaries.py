"""Canaries: golden cases run against the released policies, on the way that every case takes.

For each criterion of a released policy the first golden case where it holds and the first where it
is clear. What they say is known beforehand: another answer is a fault of this installation.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields, replace
from datetime import date
from typing import Any

import structlog

from screening.facts import QUESTIONS, CaseFacts, Check, Indicator, Record
from screening.facts_text import FIELDS, decode
from screening.models import PolicyVersion
from screening.policies.golden import Failure, GoldenCase, canaries, run, shipped
from screening.policies.release import policy_of, released

logger = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class CanaryReport:
    """How many canaries were run, which failed, and which criteria have none for an answer."""

    canaries: int
    failed: tuple[Failure, ...]
    lacking: tuple[str, ...]


def run_canaries(cases: Iterable[GoldenCase] | None = None) -> CanaryReport:
    """Run the canaries of the latest released version of every policy; log what fails, in codes.

    Raises PolicyVersion.DoesNotExist when no policy is released.
    """
    cases = shipped() if cases is None else tuple(cases)
    codes = sorted(set(PolicyVersion.objects.values_list("code", flat=True)))
    if not codes:
        raise PolicyVersion.DoesNotExist("no policy is released")
    number = 0
    failed: list[Failure] = []
    lacking: list[str] = []
    for code in codes:
        policy = policy_of(released(code))
        chosen, missing = canaries(cases, policy)
        lines = [(case, encode(case.facts)) for case in chosen]
        read = [replace(case, facts=decode(line, case.facts.as_of)) for case, line in lines]
        report = run(read, {code: policy})
        number += report.cases
        failed += report.failed
        lacking += [f"{code} {criterion}" for criterion in missing]
        for failure in report.failed:
            logger.error("canary failed", policy=code, version=policy.version, case=failure.case)
        if missing:
            logger.warning("criteria without a canary", policy=code, criteria=missing)
    return CanaryReport(number, tuple(failed), tuple(lacking))


def encode(facts: CaseFacts) -> str:
    """Return the line that `decode` turns into these facts."""
    derogatory = sorted((*facts.records, *facts.indicators, *facts.set_aside), key=lambda i: i.id)
    of_other_shape = {
        "birth_precision": _precision(facts),
        "records": _items(i for i in derogatory if isinstance(i, Record)),
        "indicators": _items(i for i in derogatory if isinstance(i, Indicator)),
        "applications": _array(facts.applications),
        "forms": ";".join(
            f"{number},{form},{'+'.join(sorted(c for c in asked if facts.circumstances.get(c)))}"
            for number, (form, asked) in enumerate(QUESTIONS.items(), 1)
            if asked <= facts.circumstances.keys()
        ),
        "checks": ";".join(
            f"{number},{_item(check)}" for number, check in enumerate(facts.checks.values(), 1)
        ),
    }
    return "|".join(
        of_other_shape[name] if name in of_other_shape else _text(getattr(facts, name))
        for name in FIELDS
    )


def _precision(facts: CaseFacts) -> str:
    if facts.born_from is None or facts.born_by is None:
        return ""
    if facts.born_from == facts.born_by:
        return "day"
    return "month" if facts.born_from.month == facts.born_by.month else "year"


def _array(values: frozenset[str] | None) -> str:
    return "" if values is None else "{" + ",".join(sorted(values)) + "}"


def _items(items: Iterable[Record | Indicator]) -> str:
    return ";".join(map(_item, items))


def _item(item: Record | Indicator | Check) -> str:
    """Return an item's fields in the order of its class."""
    return ",".join(_text(getattr(item, f.name)) for f in fields(item))


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "t" if value else "f"
    if isinstance(value, tuple):
        return "{" + ",".join(_text(v) for v in value) + "}"
    return value.isoformat() if isinstance(value, date) else str(value)
