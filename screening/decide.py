"""Policy and facts in, determination out: pure and total, the same answer every time.

Every criterion is asked, never only up to the first that holds. Nothing is summed into a score.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from screening.facts import CaseFacts
from screening.findings import Answer, Effect, Finding, Outcome, WhenUnknown, clear
from screening.policies.document import Criterion, Policy

ENGINE_VERSION = "1"
"""Changes whenever the same policy and facts could come to another determination."""


Unclear = Sequence[tuple[Criterion, Finding]]
"""The findings that are not clear, each with its criterion, in the policy's order."""


@dataclass(frozen=True, slots=True)
class Determined:
    """What a policy makes of the facts of one case; `findings` in the order of its criteria."""

    outcome: Outcome
    leading: str
    findings: tuple[Finding, ...]
    unclear: Unclear
    valid_until: date | None


def determine(policy: Policy, facts: CaseFacts) -> Determined | None:
    """Return the determination, or None where the policy does not speak of the case."""
    if not policy.scope.covers(facts):
        return None
    findings = answers(policy, facts)
    unclear = [
        (c, f)
        for c, f in zip(policy.criteria, findings, strict=True)
        if f.answer is not Answer.CLEAR
    ]
    outcome, leading = outcome_of(policy, unclear)
    changes_on = [f.valid_until for f in findings if f.valid_until is not None]
    return Determined(outcome, leading, findings, unclear, min(changes_on, default=None))


def answers(policy: Policy, facts: CaseFacts) -> tuple[Finding, ...]:
    """Return every criterion's answer, in the policy's order.

    Nine of ten people have no record: what the criteria that look for one say of them is the
    same for all that rest on the same search, and is worked out once.
    """
    if facts.records or facts.indicators:
        return tuple([c.check(facts, c.params) for c in policy.criteria])
    findings: list[Any] = [None] * len(policy.criteria)
    for search, places in policy.searches:
        not_searched = search.missing_or_expired(facts)
        if not_searched is not None:
            for place, _ in places:
                findings[place] = not_searched
        else:
            until = search.expires_on(facts.checks[search.check])
            for place, reason in places:
                findings[place] = clear(reason, until)
    for place, criterion in policy.others:
        findings[place] = criterion.check(facts, criterion.params)
    return tuple(findings)


def outcome_of(policy: Policy, unclear: Unclear) -> tuple[Outcome, str]:
    """Return the outcome of the findings, and the criterion that it rests on (none: "")."""
    excluded: Criterion | None = None
    excluded_for_good: Criterion | None = None
    insufficient: Criterion | None = None
    referred: Criterion | None = None
    mitigated = False
    for criterion, finding in unclear:
        effect = criterion.effect
        if finding.answer is Answer.HOLDS:
            if effect is Effect.EXCLUDE:
                excluded = excluded or criterion
                if criterion.group not in policy.mitigation_upgrades:
                    excluded_for_good = excluded_for_good or criterion
            elif effect is Effect.REFER or effect is Effect.BLOCK:
                referred = referred or criterion
            elif effect is Effect.MITIGATE:
                mitigated = True
        elif criterion.when_unknown is WhenUnknown.INSUFFICIENT:
            insufficient = insufficient or criterion
        elif criterion.when_unknown is WhenUnknown.REFER:
            referred = referred or criterion
    if excluded_for_good is not None:
        return Outcome.NOT_FLAGGED, excluded_for_good.code
    if excluded is not None:
        return (Outcome.REFER if mitigated else Outcome.NOT_FLAGGED), excluded.code
    if insufficient is not None:
        return Outcome.INSUFFICIENT, insufficient.code
    if referred is not None:
        return Outcome.REFER, referred.code
    return Outcome.FLAGGED, ""
