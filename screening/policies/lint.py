"""What is wrong with a policy that reads well: dead, double, contradictory or untested criteria.

Pure: the policy is asked about its probes, and every problem comes with facts that show it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Set
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Literal

import yaml
from pydantic import BaseModel

from screening.criteria import KINDS
from screening.decide import NOWHERE, outcome_by, weigh
from screening.facts import CaseFacts
from screening.findings import Answer, Effect, Outcome, WhenUnknown
from screening.policies.asking import Asking
from screening.policies.document import DECIDES, Criterion, Policy
from screening.policies.params import empty_lists, leaves, listed, searches
from screening.policies.probes import last_day, probed

FRESHNESS = "check-freshness"
"""The kind of criterion that demands checks; the others rest on them."""

OPPOSED = ({Effect.EXCLUDE, Effect.AGGRAVATE}, {Effect.MITIGATE})

NOT_KNOWN = frozenset({Answer.UNKNOWN, Answer.STALE})


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One thing wrong with a policy; `criterion` is "" where it is the policy as a whole.

    `example` is a case in which it shows; None where there is none, as of what can never be.
    """

    code: str
    severity: Literal["error", "warning"]
    criterion: str
    sentence: str
    example: CaseFacts | None = None


@dataclass(frozen=True, slots=True)
class _Shown:
    """One set of answers that the policy can give, with the first facts that lead to it."""

    facts: CaseFacts
    answers: tuple[Answer, ...]
    outcome: Outcome
    leading: str


class _Probed:
    """A policy, and every different set of answers that its probes get from it."""

    def __init__(self, policy: Policy) -> None:
        self.policy = policy
        self.asking = Asking(policy.criteria)
        found = probed(policy, self.asking)
        self._asked: dict[frozenset[str], list[tuple[CaseFacts, tuple[Answer, ...]]]] = {}
        self.facts = [facts for facts in found if policy.scope.covers(facts)]
        first: dict[tuple[Answer, ...], CaseFacts] = {}
        for facts in self.facts:
            first.setdefault(self.asking.answers(facts), facts)
        self.shown = [_Shown(f, answers, *self._outcome(answers)) for answers, f in first.items()]
        self.holding = {c.code: self.where(c, {Answer.HOLDS}) for c in policy.criteria}
        self.clear = {c.code: self.where(c, {Answer.CLEAR}) for c in policy.criteria}

    def where(self, criterion: Criterion, of: Set[Answer]) -> frozenset[int]:
        """Return the sets of answers in which the criterion gives one of these."""
        place = self.policy.criteria.index(criterion)
        return frozenset(n for n, one in enumerate(self.shown) if one.answers[place] in of)

    def asked(self, criterion: Criterion) -> list[tuple[CaseFacts, Answer]]:
        """Return the facts that differ in what the criterion reads, each with its answer."""
        place = self.policy.criteria.index(criterion)
        if criterion.reads not in self._asked:
            differing = self.asking.differing(place, self.facts)
            self._asked[criterion.reads] = [(f, self.asking.answers(f)) for f in differing]
        return [(facts, answers[place]) for facts, answers in self._asked[criterion.reads]]

    def in_doubt(self, criterion: Criterion) -> CaseFacts | None:
        """Return the first facts that are evidence of the criterion, but do not settle it."""
        for facts, answer in self.asked(criterion):
            if answer is Answer.UNKNOWN:
                evidence = criterion.check(facts, criterion.params).evidence
                # A check with an open hit leaves everything open, and is evidence of nothing.
                if any(not key.startswith("b:") for key in evidence):
                    return facts
        return None

    def first(self, sets: Iterable[int]) -> CaseFacts | None:
        number = min(sets, default=None)
        return None if number is None else self.shown[number].facts

    def outcome_without(self, criterion: Criterion, number: int) -> Outcome:
        return self._outcome(self.shown[number].answers, without=criterion)[0]

    def _outcome(
        self, answers: Iterable[Answer], *, without: Criterion | None = None
    ) -> tuple[Outcome, str]:
        """Return what answers come to, and the criterion that it rests on (none: "")."""
        said = enumerate(zip(self.policy.criteria, answers, strict=True))
        unclear = [
            (n, c, answer)
            for n, (c, answer) in said
            if answer is not Answer.CLEAR and c is not without
        ]
        outcome, place = outcome_by(weigh(self.policy, unclear))
        return outcome, "" if place == NOWHERE else self.policy.criteria[place].code


def lint(policy: Policy, covered: Mapping[str, Set[Answer]] | None = None) -> list[Problem]:
    """Return what is wrong with the policy: errors first, then in the order of the policy.

    `covered` says which answers the golden cases get from each criterion; None: not looked at.
    """
    probed = _Probed(policy)
    problems = [*_parameters(probed)]
    problems += _dead(probed, said_of=_criteria_of(problems))
    # What is said of the others would only repeat that these are wrong.
    live = [c for c in policy.criteria if c.code not in _criteria_of(problems)]
    problems += _redundant(probed, live)
    problems += _contained(probed, live)
    problems += _contradictory(probed, live)
    problems += _unreachable(probed, [c for c in live if c.code not in _criteria_of(problems)])
    problems += _unknown(probed, live)
    problems += _references(policy)
    if covered is not None:
        problems += _untested(probed, live, covered)
    order = ["", *(c.code for c in policy.criteria)]
    return sorted(problems, key=lambda p: (p.severity != "error", order.index(p.criterion)))


def lines(text: str) -> dict[str, int]:
    """Return the line on which each criterion begins in the text of a policy."""
    found = {}
    document: Any = yaml.compose(text, Loader=yaml.SafeLoader)
    for key, criteria in document.value:
        if key.value == "criteria":
            for criterion in criteria.value:
                for name, code in criterion.value:
                    if name.value == "code":
                        found[code.value] = name.start_mark.line + 1
    return found


def _criteria_of(problems: Iterable[Problem]) -> set[str]:
    return {p.criterion for p in problems}


def _named(criterion: Criterion) -> str:
    return f"{criterion.code} ({criterion.label})"


def _strength(policy: Policy, criterion: Criterion) -> int:
    """Return how far a criterion goes towards not closing; 0 for those that never decide."""
    if criterion.effect is Effect.EXCLUDE:
        return 3 if criterion.group in policy.mitigation_upgrades else 4
    return {Effect.BLOCK: 2, Effect.REFER: 1}.get(criterion.effect, 0)


def _parameters(probed: _Probed) -> Iterator[Problem]:
    """Find parameters that contradict each other."""
    for criterion in probed.policy.criteria:
        under = getattr(criterion.params, "under", None)
        at_least = getattr(criterion.params, "at_least", None)
        if under is not None and at_least is not None and under >= at_least:
            yield Problem(
                code="inconsistent",
                severity="error",
                criterion=criterion.code,
                sentence=f"{_named(criterion)} means everyone: under {under} years of age, or at "
                f"least {at_least}. The second must be the greater.",
                example=probed.first(probed.holding[criterion.code]),
            )
        elif (empty := list(empty_lists(criterion.params))) and probed.holding[criterion.code]:
            yield Problem(
                code="inconsistent",
                severity="error",
                criterion=criterion.code,
                sentence=f"In {_named(criterion)}, {', '.join(empty)} is an empty list: that part "
                "never applies. Fill it or leave it out.",
            )


def _dead(probed: _Probed, *, said_of: Set[str]) -> Iterator[Problem]:
    """Find the criteria that never hold, and those that hold whatever is known."""
    for criterion in probed.policy.criteria:
        if criterion.code in said_of:
            continue
        if probed.holding[criterion.code]:
            if not probed.clear[criterion.code]:
                yield Problem(
                    code="always-holds",
                    severity="error",
                    criterion=criterion.code,
                    sentence=f"{_named(criterion)} holds in every case of which enough is known: "
                    "it tells no case from another.",
                    example=probed.first(probed.holding[criterion.code]),
                )
        elif KINDS[criterion.kind].never_holds or _holds_on_another_day(probed, criterion):
            continue
        elif (in_doubt := probed.in_doubt(criterion)) is not None:
            yield Problem(
                code="never-settled",
                severity="warning",
                criterion=criterion.code,
                sentence=f"{_named(criterion)} can never hold: evidence of it leaves it open at "
                "most.",
                example=in_doubt,
            )
        else:
            yield Problem(
                code="never-holds",
                severity="error",
                criterion=criterion.code,
                sentence=f"{_named(criterion)} can never hold: no case meets its conditions."
                + _why_never(probed.policy, criterion),
            )


def _holds_on_another_day(probed: _Probed, criterion: Criterion) -> bool:
    """Return whether it holds on the first day, or on one that it names.

    A period of the law that the criterion names may end before the last day, which the probes take.
    """
    policy = probed.policy
    named = [value for _, value in leaves(criterion.params) if isinstance(value, date)]
    days = {policy.effective_from, *named}
    return any(
        criterion.check(replace(facts, as_of=day), criterion.params).answer is Answer.HOLDS
        for day in days
        if policy.effective_from <= day <= last_day(policy)
        for facts, _ in probed.asked(criterion)
    )


def _why_never(policy: Policy, criterion: Criterion) -> str:
    if empty := list(empty_lists(criterion.params)):
        return f" {', '.join(empty)} is an empty list."
    last = last_day(policy)
    for name, value in leaves(criterion.params):
        if isinstance(value, date) and value >= last:
            return f" Its {name}, {value}, is not before the last day looked at, {last}."
    return ""


def _redundant(probed: _Probed, live: list[Criterion]) -> Iterator[Problem]:
    """Find what a list names although every answer is the same without it."""
    for criterion in live:
        asked = probed.asked(criterion)
        # Where the criterion is not clear a difference is most likely, and found soonest.
        clear_last = sorted(asked, key=lambda a: a[1] is Answer.CLEAR)
        parts: list[str] = []
        named: dict[str, list[tuple[str, Any]]] = {}
        for path, value, without, alone in listed(criterion.params):
            if any(path.startswith(f"{part}.") for part in parts) or any(
                criterion.check(facts, without).answer is not answer for facts, answer in clear_last
            ):
                continue
            if isinstance(value, BaseModel):
                parts.append(path)
                named[path] = [("", alone)]
            else:
                named.setdefault(path, []).append((str(value), alone))
        for path, of_list in named.items():
            values = [value for value, _ in of_list if value]
            what = f"{_in_words(values)} in {path}" if values else path
            verb, it = ("change", "any one of them") if len(values) > 1 else ("changes", "it")
            yield Problem(
                code="redundant",
                severity="warning",
                criterion=criterion.code,
                sentence=f"In {_named(criterion)}, {what} {verb} nothing: every case has "
                f"the same answer without {it}.",
                example=next(
                    (
                        facts
                        for _, alone in of_list
                        for facts, answer in asked
                        if answer is Answer.HOLDS
                        and criterion.check(facts, alone).answer is Answer.HOLDS
                    ),
                    None,
                ),
            )


def _in_words(values: list[str]) -> str:
    *others, last = values
    return f"{', '.join(others)} and {last}" if others else last


def _contained(probed: _Probed, live: list[Criterion]) -> Iterator[Problem]:
    """Find the criteria that another, as strong or stronger, makes superfluous where they hold."""
    # Of what holds on another day only, or never, nothing is to be seen here.
    live = [c for c in live if probed.holding[c.code]]
    for place, one in enumerate(live):
        held = probed.holding[one.code]
        for other in live:
            wider = probed.holding[other.code]
            if other is one or not held <= wider or not _goes_as_far(probed.policy, other, one):
                continue
            equal = held == wider and _goes_as_far(probed.policy, one, other)
            if equal and live.index(other) > place:
                continue
            if equal:
                yield Problem(
                    code="duplicate",
                    severity="error",
                    criterion=one.code,
                    sentence=f"{_named(one)} and {_named(other)} hold in the same cases and do the "
                    "same: one of them is enough.",
                    example=probed.first(held),
                )
            else:
                yield Problem(
                    code="contained",
                    severity="warning",
                    criterion=one.code,
                    sentence=f"Wherever {_named(one)} holds, {_named(other)} holds too and goes at "
                    f"least as far ({other.effect}).",
                    example=probed.first(held),
                )
            break


def _goes_as_far(policy: Policy, one: Criterion, other: Criterion) -> bool:
    if one.effect in DECIDES and other.effect in DECIDES:
        return _strength(policy, one) >= _strength(policy, other)
    return one.effect is other.effect


def _contradictory(probed: _Probed, live: list[Criterion]) -> Iterator[Problem]:
    """Find the same conditions with opposite effects."""
    against, for_ = OPPOSED
    live = [c for c in live if probed.holding[c.code]]
    for one in live:
        if one.effect not in for_:
            continue
        for other in live:
            if other.effect not in against:
                continue
            mitigated, excluded = probed.holding[one.code], probed.holding[other.code]
            if excluded <= mitigated:
                verb = "excludes" if other.effect is Effect.EXCLUDE else "aggravates"
                what = f"Every case that {_named(other)} {verb}, {_named(one)} mitigates"
                never_stands = (
                    other.effect is Effect.EXCLUDE
                    and other.group in probed.policy.mitigation_upgrades
                )
                what += ": the exclusion never stands." if never_stands else "."
            elif mitigated <= excluded:
                what = (
                    f"{_named(one)} mitigates only what {_named(other)} holds against the "
                    "respondent."
                )
            else:
                continue
            yield Problem(
                code="contradictory",
                severity="error" if excluded <= mitigated else "warning",
                criterion=one.code,
                sentence=what,
                example=probed.first(mitigated & excluded),
            )


def _unreachable(probed: _Probed, criteria: list[Criterion]) -> Iterator[Problem]:
    """Find the criteria that would decide but never do, because another always does first."""
    leading = {one.leading for one in probed.shown}
    for criterion in criteria:
        if criterion.effect not in DECIDES or criterion.code in leading:
            continue
        matters = probed.where(criterion, {Answer.HOLDS} | NOT_KNOWN)
        if not matters or any(
            probed.outcome_without(criterion, n) is not probed.shown[n].outcome for n in matters
        ):
            continue
        held = probed.holding[criterion.code]
        others = {probed.shown[n].leading for n in held}
        named = [c.code for c in probed.policy.criteria if c.code in others]
        yield Problem(
            code="unreachable",
            severity="warning",
            criterion=criterion.code,
            sentence=f"{_named(criterion)} never decides: where it would, another has decided "
            f"already ({', '.join(named)}).",
            example=probed.first(held),
        )


def _unknown(probed: _Probed, live: list[Criterion]) -> Iterator[Problem]:
    """Find where not knowing does more than the effect says, or less than the group does."""
    for criterion in live:
        if criterion.effect not in DECIDES and criterion.when_unknown is not WhenUnknown.NOTE:
            yield Problem(
                code="unknown-decides",
                severity="warning",
                criterion=criterion.code,
                sentence=f"{_named(criterion)} does not decide where it holds "
                f"({criterion.effect}), but not knowing it does ({criterion.when_unknown}). "
                "Let it note what is not known.",
                example=probed.first(
                    n
                    for n in probed.where(criterion, NOT_KNOWN)
                    if probed.outcome_without(criterion, n) is not probed.shown[n].outcome
                ),
            )
        stricter = [
            c.code
            for c in probed.policy.criteria
            if c.group == criterion.group and c.when_unknown is WhenUnknown.INSUFFICIENT
        ]
        if (
            criterion.effect is Effect.EXCLUDE
            and criterion.when_unknown is WhenUnknown.REFER
            and stricter
        ):
            yield Problem(
                code="unknown-unequal",
                severity="warning",
                criterion=criterion.code,
                sentence=f"Not knowing {_named(criterion)}, which excludes, refers the case; not "
                f"knowing {', '.join(stricter)} of the same group says that too little is known.",
                example=probed.first(
                    n
                    for n in probed.where(criterion, NOT_KNOWN)
                    if probed.shown[n].leading == criterion.code
                ),
            )


def _references(policy: Policy) -> Iterator[Problem]:
    """Find names of what is not there."""
    groups = {c.group for c in policy.criteria}
    excluding = {c.group for c in policy.criteria if c.effect is Effect.EXCLUDE}
    for group in sorted(policy.mitigation_upgrades):
        if group not in groups:
            yield Problem(
                code="unknown-group",
                severity="error",
                criterion="",
                sentence=f"mitigation_upgrades names {group}, but no criterion is of that group.",
            )
        elif group not in excluding:
            yield Problem(
                code="upgrades-nothing",
                severity="warning",
                criterion="",
                sentence=f"mitigation_upgrades names {group}, but no criterion of that group "
                "excludes.",
            )
    if policy.mitigation_upgrades and not any(c.effect is Effect.MITIGATE for c in policy.criteria):
        yield Problem(
            code="upgrades-nothing",
            severity="warning",
            criterion="",
            sentence="mitigation_upgrades names groups, but no criterion mitigates.",
        )
    demanded = {
        search.check
        for criterion in policy.criteria
        if criterion.kind == FRESHNESS
        for search in searches(criterion.params)
    }
    for criterion in policy.criteria:
        for search in searches(criterion.params):
            if search.check not in demanded:
                demanded.add(search.check)
                yield Problem(
                    code="check-not-demanded",
                    severity="warning",
                    criterion=criterion.code,
                    sentence=f"{_named(criterion)} rests on the {search.label}, but no criterion "
                    f"of the kind {FRESHNESS} demands one.",
                )


def _untested(
    probed: _Probed, live: list[Criterion], covered: Mapping[str, Set[Answer]]
) -> Iterator[Problem]:
    """Find the criteria that no golden case shows on both sides."""
    for code in sorted(covered.keys() - {c.code for c in probed.policy.criteria}):
        yield Problem(
            code="unknown-criterion",
            severity="error",
            criterion="",
            sentence=f"A golden case speaks of {code}, but the policy has no such criterion.",
        )
    for criterion in live:
        seen = covered.get(criterion.code, frozenset())
        for answer, verb, where in (
            (Answer.HOLDS, "holds", probed.holding),
            (Answer.CLEAR, "is clear", probed.clear),
        ):
            if answer not in seen:
                yield Problem(
                    code="no-golden-case",
                    severity="error",
                    criterion=criterion.code,
                    sentence=f"There is no golden case in which {_named(criterion)} {verb}.",
                    example=probed.first(where[criterion.code]),
                )
