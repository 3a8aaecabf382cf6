"""Canaries: golden cases run against the released policies, on the way that every case takes.

For each criterion of a released policy the first golden case where it holds and the first where it
is clear. What they say is known beforehand: another answer is a fault of this installation.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

import structlog

from screening.facts_text import decode, encode
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
