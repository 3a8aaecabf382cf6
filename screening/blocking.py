"""What keeps cases from being flagged, over many cases: what an office would obtain first.

Counts determinations by their findings, which the database groups; no case is read by itself.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from functools import lru_cache
from typing import Any

from django.db.models import Count

from cases.access import Access
from screening.access import visible_determinations
from screening.decide import outcome_of
from screening.findings import Answer, Finding, Outcome
from screening.models import FindingSet, PolicyVersion
from screening.policies.document import Criterion, Policy
from screening.policies.release import policy_of

NOT_CLEAR = (Answer.HOLDS.value, Answer.UNKNOWN.value, Answer.STALE.value)


@dataclass(slots=True)
class Blocker:
    """One criterion of a policy version, in numbers of cases that it keeps from being flagged.

    `alone`: of these, those that nothing else keeps. `leading`: those whose outcome rests on it.
    """

    policy: str
    version: int
    criterion: str
    label: str
    effect: str
    cases: int = 0
    alone: int = 0
    leading: int = 0
    answers: dict[str, int] = field(default_factory=lambda: dict.fromkeys(NOT_CLEAR, 0))
    missing: dict[str, int] = field(default_factory=dict)

    @property
    def with_others(self) -> int:
        return self.cases - self.alone


@dataclass(slots=True)
class ToObtain:
    """Something missing, in numbers of cases; `alone`: nothing else keeps them.

    Once obtained it may speak against a case as well as for it.
    """

    missing: str
    cases: int = 0
    alone: int = 0
    criteria: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Blocking:
    """What keeps `kept` of `cases` from being flagged; what keeps most stands first."""

    cases: int
    kept: int
    criteria: list[Blocker]
    to_obtain: list[ToObtain]

    def as_dict(self) -> dict[str, Any]:
        """Return the numbers in types that JSON has."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class _Group:
    """Cases with the same findings; `keeping`: the findings that keep them from being flagged."""

    version: PolicyVersion
    leading: str
    cases: int
    keeping: list[tuple[Criterion, dict[str, str]]]


def blocking(access: Access, *, policy: str | None = None, office: str | None = None) -> Blocking:
    """Count over the current determinations that the access may see, in three queries.

    `policy` and `office` narrow it to those with the code.
    """
    groups = list(_groups(access, policy=policy, office=office))
    return Blocking(
        cases=sum(group.cases for group in groups),
        kept=sum(group.cases for group in groups if group.keeping),
        criteria=_criteria(groups),
        to_obtain=_to_obtain(groups),
    )


def _groups(access: Access, *, policy: str | None, office: str | None) -> Iterator[_Group]:
    seen = visible_determinations(access).current()
    if policy is not None:
        seen = seen.filter(policy_version__code=policy)
    if office is not None:
        seen = seen.filter(case__office__code=office)
    counts = list(
        seen.values_list("policy_version_id", "finding_sets", "leading").annotate(n=Count("pk"))
    )
    versions = PolicyVersion.objects.in_bulk({version for version, *_ in counts})
    numbers = {number for _, sets, *_ in counts for number in sets}
    findings = dict(FindingSet.objects.filter(pk__in=numbers).values_list("pk", "findings"))
    # What only notes something differs in many ways: cases that the same keeps are one group.
    together: Counter[tuple[int, str, tuple[int, ...]]] = Counter()
    keeping: dict[tuple[int, int], list[tuple[Criterion, dict[str, str]]]] = {}
    for version, sets, leading, cases in counts:
        for number in sets:
            if (version, number) not in keeping:
                keepers = _keepers(policy_of(versions[version]))
                keeping[version, number] = [
                    (criterion, f)
                    for f in findings[number]
                    if (criterion := keepers.get((f["criterion"], f["answer"]))) is not None
                ]
        kept_by = tuple(number for number in sets if keeping[version, number])
        together[version, leading, kept_by] += cases
    for (version, leading, kept_by), cases in together.items():
        kept = [of for number in kept_by for of in keeping[version, number]]
        yield _Group(versions[version], leading, cases, kept)


@lru_cache(maxsize=64)
def _keepers(policy: Policy) -> dict[tuple[str, str], Criterion]:
    """Return the criteria by their code and each answer that keeps a case from being flagged.

    Asked of `outcome_of` with all else clear, so that the rules stand in one place.
    """
    return {
        (criterion.code, answer): criterion
        for criterion in policy.criteria
        for answer in NOT_CLEAR
        if outcome_of(policy, [(criterion, Finding(Answer(answer), "what if"))])[0]
        is not Outcome.FLAGGED
    }


def _criteria(groups: list[_Group]) -> list[Blocker]:
    found: dict[tuple[int, str], Blocker] = {}
    for group in groups:
        version = group.version
        for criterion, finding in group.keeping:
            blocker = found.setdefault(
                (version.pk, criterion.code),
                Blocker(
                    version.code, version.version, criterion.code, criterion.label, criterion.effect
                ),
            )
            blocker.cases += group.cases
            blocker.answers[finding["answer"]] += group.cases
            if len(group.keeping) == 1:
                blocker.alone += group.cases
            if criterion.code == group.leading:
                blocker.leading += group.cases
            if what := finding["missing"]:
                blocker.missing[what] = blocker.missing.get(what, 0) + group.cases
    for blocker in found.values():
        blocker.missing = dict(sorted(blocker.missing.items(), key=lambda item: (-item[1], item)))
    return sorted(found.values(), key=lambda b: (-b.cases, -b.alone, b.criterion, b.version))


def _to_obtain(groups: list[_Group]) -> list[ToObtain]:
    found: dict[str, ToObtain] = {}
    for group in groups:
        missing = {finding["missing"] for _, finding in group.keeping}
        for what in missing - {""}:
            waits = found.setdefault(what, ToObtain(what))
            waits.cases += group.cases
            codes = {c.code for c, f in group.keeping if f["missing"] == what}
            waits.criteria = sorted(codes.union(waits.criteria))
            if len(missing) == 1:
                waits.alone += group.cases
    return sorted(found.values(), key=lambda o: (-o.cases, -o.alone, o.missing))
