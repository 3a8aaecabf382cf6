"""Policy and facts in, determination out: pure and total, the same answer every time.

Every criterion is asked, never only up to the first that holds. Nothing is summed into a score.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from screening.facts import CaseFacts
from screening.findings import Answer, Effect, Finding, Outcome, WhenUnknown
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
    findings = tuple([c.check(facts, c.params) for c in policy.criteria])
    unclear = [
        (c, f)
        for c, f in zip(policy.criteria, findings, strict=True)
        if f.answer is not Answer.CLEAR
    ]
    outcome, leading = outcome_of(policy, unclear)
    changes_on = [f.valid_until for f in findings if f.valid_until is not None]
    return Determined(outcome, leading, findings, unclear, min(changes_on, default=None))


FindingKey = tuple[tuple[str, str, str, str], ...]
"""Criterion, answer, reason and what is missing of each finding that is not clear."""


def finding_key(unclear: Unclear) -> FindingKey:
    """Return what the findings that are not clear say, without the evidence and the dates."""
    return tuple([(c.code, f.answer.value, f.reason, f.missing) for c, f in unclear])


def evidence_text(keys: Iterable[str], row_ids: Mapping[str, str]) -> str:
    """Return what findings rest on, each row once, as the text of an array.

    A check or form stands in a finding by its kind, of which a case has one; here it gets its id.
    """
    return "{" + ",".join(sorted({row_ids.get(key, key) for key in keys})) + "}"


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
                # What is good about a record cannot outweigh that there is one.
                mitigated = mitigated or criterion.group not in policy.mitigation_upgrades
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
