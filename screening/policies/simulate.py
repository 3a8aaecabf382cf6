"""Simulations: a proposed policy (A) against the present one (B), over a docket, as of a day.

The facts are gathered once and judged under both; nothing is written but what the simulation
counted. What is counted is defined in `changes.py`.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import replace
from datetime import date
from functools import lru_cache

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import QuerySet
from django.utils.timezone import now

from screening import runs
from screening.decide import FindingKey
from screening.findings import Answer
from screening.gather import GROUPS, gather
from screening.memo import Judged, memo_of
from screening.models import Simulation, SimulationChunk
from screening.models.runs import Move
from screening.policies.changes import (
    DIMENSIONS,
    NEWLY,
    OUTSIDE,
    SCOPE,
    Change,
    change_of,
    newly_needs_review,
)
from screening.policies.release import policy_in
from screening.policies.simulation_report import drawn, examples_of, totals_of
from screening.policies.texts import PolicyText

TASK = "screening.tasks.simulate_next_chunk"
"""By name: the task calls this module, so this module does not import the task."""
_Said = tuple[str, str, int]
"""Outcome, leading criterion and number of the findings, under one policy."""
NOTHING_SAID: _Said = (OUTSIDE, SCOPE, -1)


@transaction.atomic
def plan(
    proposed: PolicyText,
    present: PolicyText,
    *,
    as_of: date,
    by: User,
    office_ids: list[int] | None = None,
    chunk_cases: int = runs.CHUNK_CASES,
) -> Simulation:
    """Put a simulation and its chunks on record and start it; `nudge` queues its work.

    Raises PolicyRefused where one of the texts is not a policy.
    """
    simulation = Simulation.objects.create(
        proposed_code=proposed.policy.code,
        proposed_number=proposed.policy.version,
        proposed_version=proposed.version,
        proposed_document=proposed.document,
        proposed_sha256=proposed.sha256,
        present_code=present.policy.code,
        present_number=present.policy.version,
        present_version=present.version,
        present_document=present.document,
        present_sha256=present.sha256,
        as_of=as_of,
        known_at=now(),
        office_ids=office_ids,
        requested_by=by,
    )
    runs.plan_chunks(simulation, chunk_cases=chunk_cases)
    runs.advance(simulation, "start", by=by)
    finish_if_done(simulation)
    return simulation


def nudge(simulation: Simulation) -> int:
    """Queue one message for each chunk not done, on commit; one too many does no harm."""
    return runs.nudge(simulation, TASK)


def stalled() -> QuerySet[Simulation]:
    """Return running simulations on which nothing has been finished for a minute."""
    return runs.stalled(Simulation)


def cancel(simulation: Simulation, *, by: User) -> Move:
    """Stop before the next chunk."""
    return runs.advance(simulation, "cancel", by=by)


def work(simulation: Simulation) -> bool:
    """Take the next chunk that nobody works on and do it; return whether there was one."""
    return runs.work(simulation, _do, settle=_settle)


def finish_if_done(simulation: Simulation) -> None:
    """Complete the simulation once no chunk is left; fail it when one has failed too often."""
    runs.finish_if_done(simulation, settle=_settle)


def _settle(simulation: Simulation) -> None:
    simulation.totals = totals_of(simulation)
    simulation.examples = examples_of(simulation)
    simulation.save(update_fields=["totals", "examples"])


def _do(simulation: Simulation, chunk: SimulationChunk) -> list[str]:
    policies = [policy_in(simulation.proposed_document), policy_in(simulation.present_document)]
    proposed, present = [memo_of(policy, simulation.as_of) for policy in policies]
    selection = replace(
        runs.selection_of(simulation, chunk),
        covered_by=tuple(policy.scope for policy in policies),
    )
    tally: Counter[tuple[_Said, _Said, str]] = Counter()
    ids: dict[tuple[str, str], list[int]] = defaultdict(list)
    for case_id, groups, line in gather(
        selection, as_of=simulation.as_of, known_at=simulation.known_at, beside=GROUPS
    ):
        judged_a, judged_b = proposed.judge(line), present.judge(line)
        if judged_a is None and judged_b is None:
            continue
        under_a, under_b = _said(judged_a), _said(judged_b)
        tally[under_a, under_b, groups] += 1
        if under_a[0] != under_b[0]:
            ids[under_a[0], under_b[0]].append(case_id)
    chunk.counts = _counts(tally, proposed.findings(), present.findings())
    chunk.examples = _examples(simulation, ids)
    return ["counts", "examples"]


def _said(judged: Judged | None) -> _Said:
    return NOTHING_SAID if judged is None else judged[:3]


def _counts(
    tally: Counter[tuple[_Said, _Said, str]],
    proposed: list[FindingKey],
    present: list[FindingKey],
) -> dict[str, dict[str, int]]:
    """Return the numbers of cases by table, as they are stored: the key of a row is its words."""
    outcomes: Counter[str] = Counter()
    leading: Counter[str] = Counter()
    answers: Counter[str] = Counter()
    groups: Counter[str] = Counter()
    differing = lru_cache(maxsize=None)(
        lambda a, b: _differing(proposed[a], present[b]) if a >= 0 and b >= 0 else [SCOPE]
    )
    for (under_a, under_b, beside), cases in tally.items():
        change = change_of(under_a[0], under_b[0])
        outcomes[f"{under_a[0]} {under_b[0]}"] += cases
        columns = ["cases", change.value]
        if newly_needs_review(under_a[0], under_b[0]):
            columns.append(NEWLY)
        for dimension, group in zip(DIMENSIONS, beside.split("/"), strict=True):
            for column in columns:
                groups[f"{dimension} {column} {group}"] += cases
        if change is not Change.UNCHANGED:
            rests_on = under_b if change is Change.GAINED else under_a
            leading[f"{change} {rests_on[1]}"] += cases
            for code in differing(under_a[2], under_b[2]):
                answers[f"{change} {code}"] += cases
    return {"outcomes": outcomes, "leading": leading, "answers": answers, "groups": groups}


def _differing(proposed: FindingKey, present: FindingKey) -> list[str]:
    """Return the criteria that answer otherwise; those not among the findings are clear."""
    under_a, under_b = ({code: answer for code, answer, *_ in key} for key in (proposed, present))
    clear = Answer.CLEAR.value
    return [
        code
        for code in sorted(under_a.keys() | under_b.keys())
        if under_a.get(code, clear) != under_b.get(code, clear)
    ]


def _examples(
    simulation: Simulation, ids: dict[tuple[str, str], list[int]]
) -> dict[str, list[int]]:
    by_change: dict[str, list[int]] = defaultdict(list)
    for (proposed, present), cases in ids.items():
        by_change[change_of(proposed, present).value] += cases
        if newly_needs_review(proposed, present):
            by_change[NEWLY] += cases
    return {change: drawn(simulation.uuid, cases) for change, cases in by_change.items()}
