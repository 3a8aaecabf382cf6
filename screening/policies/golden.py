"""Policies held to their golden cases. Pure: no database."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from screening.criteria import KINDS
from screening.decide import Determined, determine
from screening.findings import Answer
from screening.policies.document import Policy, read
from screening.policies.golden_cases import (
    OUT_OF_SCOPE,
    SHIPPED,
    Expectation,
    GoldenCase,
    GoldenRefused,
    load,
    shipped,
)

__all__ = [
    "SHIPPED",
    "Failure",
    "GoldenCase",
    "GoldenRefused",
    "Report",
    "canaries",
    "coverage",
    "load",
    "run",
    "run_draft",
    "shipped",
]


@dataclass(frozen=True, slots=True)
class Failure:
    """A golden case that a policy does not answer as expected, with the differences in words."""

    case: str
    about: str
    file: str
    policy: str
    differences: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Report:
    """How many expectations policies were held to, which failed, and which are known to fail."""

    cases: int
    failed: tuple[Failure, ...]
    open: tuple[Failure, ...]


def run(cases: Iterable[GoldenCase], policies: Mapping[str, Policy]) -> Report:
    """Hold the policies to the cases; what a case expects of another policy is left out."""
    held_to = 0
    failed: list[Failure] = []
    open_ones: list[Failure] = []
    for case in cases:
        for code, expected in case.expect.items():
            if code not in policies:
                continue
            held_to += 1
            made = determine(policies[code], case.facts)
            if different := tuple(differences(expected, policies[code], made)):
                failure = Failure(case.name, case.about, case.file, code, different)
                (open_ones if expected.open else failed).append(failure)
    return Report(held_to, tuple(failed), tuple(open_ones))


def run_draft(text: str, cases: Iterable[GoldenCase]) -> Report:
    """Hold the text of a policy to the cases that name its code.

    Raises PolicyRefused when the text is not a policy.
    """
    policy = read(text)
    return run(cases, {policy.code: policy})


def differences(expected: Expectation, policy: Policy, made: Determined | None) -> Iterator[str]:
    """Yield what a policy says otherwise than expected, in words."""
    outcome = OUT_OF_SCOPE if made is None else made.outcome.value
    if outcome != expected.outcome:
        yield f"outcome: expected {expected.outcome}, is {outcome}"
    if made is None or expected.outcome == OUT_OF_SCOPE:
        return
    if made.leading != expected.leading:
        yield f"leading: expected {expected.leading or 'none'}, is {made.leading or 'none'}"
    if expected.valid_until not in (None, made.valid_until):
        yield f"valid until: expected {expected.valid_until}, is {made.valid_until}"
    found = dict(zip((c.code for c in policy.criteria), made.findings, strict=True))
    named = expected.holds | expected.unknown | expected.stale | set(expected.reasons)
    for code in sorted(named - set(found)):
        yield f"{code}: {policy.code} has no such criterion"
    for code, finding in found.items():
        if finding.answer is not expected.answer(code):
            yield (
                f"{code}: expected {expected.answer(code)}, is {finding.answer}: {finding.reason}"
            )
        elif expected.reasons.get(code, "") not in finding.reason:
            yield f"{code}: {expected.reasons[code]!r} is not in its reason: {finding.reason}"


def coverage(cases: Iterable[GoldenCase], policy: Policy) -> dict[str, set[Answer]]:
    """Return the answers that the cases expect of each criterion of a policy."""
    settled = [e for _, e in _settled(cases, policy)]
    return {c.code: {e.answer(c.code) for e in settled} for c in policy.criteria}


def canaries(cases: Iterable[GoldenCase], policy: Policy) -> tuple[list[GoldenCase], list[str]]:
    """Return for each criterion the first case where it holds and the first where it is clear.

    Each case once; and for which criterion and answer there is none. A kind that never holds,
    because it only says what is missing, has one where it is unknown instead.
    """
    settled = list(_settled(cases, policy))
    chosen: dict[str, GoldenCase] = {}
    lacking = []
    for criterion in policy.criteria:
        moves = Answer.UNKNOWN if KINDS[criterion.kind].never_holds else Answer.HOLDS
        for answer in (moves, Answer.CLEAR):
            giving = (case for case, e in settled if e.answer(criterion.code) is answer)
            if (first := next(giving, None)) is None:
                lacking.append(f"{criterion.code} {answer}")
            else:
                chosen[first.name] = first
    return list(chosen.values()), lacking


def _settled(
    cases: Iterable[GoldenCase], policy: Policy
) -> Iterator[tuple[GoldenCase, Expectation]]:
    """Yield the cases in the policy's scope with what they expect of it, but for open ones."""
    for case in cases:
        expected = case.expect.get(policy.code)
        if expected is not None and not expected.open and expected.outcome != OUT_OF_SCOPE:
            yield case, expected
