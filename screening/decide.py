"""Policy and facts in, determination out: pure and total, the same answer every time.

Every criterion is asked, never only up to the first that holds. Nothing is summed into a score.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

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


NOWHERE = 1_000_000
"""Later than the place of any criterion."""


class Weight(NamedTuple):
    """What findings come to: the first place at which each thing that decides was found.

    Of findings taken together it is the least of each: so what some criteria say is weighed once,
    and added to what the others say.
    """

    excluded_for_good: int = NOWHERE
    excluded: int = NOWHERE
    insufficient: int = NOWHERE
    referred: int = NOWHERE
    mitigated: int = NOWHERE


def weigh(policy: Policy, unclear: Iterable[tuple[int, Criterion, Answer]]) -> Weight:
    """Return what findings that are not clear come to, each with the place it stands at."""
    first: dict[str, int] = {}
    for place, criterion, answer in unclear:
        for what in _decides(policy, criterion, answer):
            first[what] = min(place, first.get(what, NOWHERE))
    return Weight(**first)


def _decides(policy: Policy, criterion: Criterion, answer: Answer) -> Iterator[str]:
    effect = criterion.effect
    if answer is not Answer.HOLDS:
        if criterion.when_unknown is WhenUnknown.INSUFFICIENT:
            yield "insufficient"
        elif criterion.when_unknown is WhenUnknown.REFER:
            yield "referred"
    elif effect is Effect.EXCLUDE:
        yield "excluded"
        if criterion.group not in policy.mitigation_upgrades:
            yield "excluded_for_good"
    elif effect is Effect.REFER or effect is Effect.BLOCK:
        yield "referred"
    elif effect is Effect.MITIGATE and criterion.group not in policy.mitigation_upgrades:
        # What is good about a record cannot outweigh that there is one.
        yield "mitigated"


def outcome_by(weight: Weight) -> tuple[Outcome, int]:
    """Return the outcome, and the place of the criterion that it rests on (none: NOWHERE)."""
    if weight.excluded_for_good != NOWHERE:
        return Outcome.NOT_FLAGGED, weight.excluded_for_good
    if weight.excluded != NOWHERE:
        mitigated = weight.mitigated != NOWHERE
        return Outcome.REFER if mitigated else Outcome.NOT_FLAGGED, weight.excluded
    if weight.insufficient != NOWHERE:
        return Outcome.INSUFFICIENT, weight.insufficient
    if weight.referred != NOWHERE:
        return Outcome.REFER, weight.referred
    return Outcome.FLAGGED, NOWHERE


def outcome_of(policy: Policy, unclear: Unclear) -> tuple[Outcome, str]:
    """Return the outcome of the findings, and the criterion that it rests on (none: "")."""
    weight = weigh(policy, [(place, c, f.answer) for place, (c, f) in enumerate(unclear)])
    outcome, place = outcome_by(weight)
    return outcome, "" if place == NOWHERE else unclear[place][0].code
