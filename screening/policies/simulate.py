"""Simulations: a proposed policy (A) against the present one (B), over a docket, as of a day.

The facts are gathered once and judged under both; nothing is written but what the simulation
counted. What is counted is defined in `changes.py`.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import replace
from datetime import date

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import QuerySet
from django.utils.timezone import now

from screening import runs
from screening.gather import GROUPS, gather
from screening.memo import Compared, Verdict, pair_memo_of
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
Told = tuple[Verdict, Verdict, tuple[str, ...]]
"""What a case comes to under A and under B, and the criteria that answer otherwise."""
NOTHING_SAID = Verdict(OUTSIDE, SCOPE)


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
    proposed = policy_in(simulation.proposed_document)
    present = policy_in(simulation.present_document)
    memo = pair_memo_of(proposed, present, simulation.as_of)
    selection = replace(
        runs.selection_of(simulation, chunk), covered_by=(proposed.scope, present.scope)
    )
    tally: Counter[tuple[int, str]] = Counter()
    ids: dict[int, list[int]] = defaultdict(list)
    for case_id, groups, line in gather(
        selection, as_of=simulation.as_of, known_at=simulation.known_at, beside=GROUPS
    ):
        number = memo.judge(line)
        if number is not None:
            tally[number, groups] += 1
            ids[number].append(case_id)
    said = [_told(compared) for compared in memo.said()]
    chunk.counts = _counts(tally, said)
    chunk.examples = _examples(simulation, ids, said)
    return ["counts", "examples"]


def _told(compared: Compared) -> Told:
    one, other, differing = compared
    if one is None or other is None:
        return one or NOTHING_SAID, other or NOTHING_SAID, (SCOPE,)
    return one, other, differing


def _counts(tally: Counter[tuple[int, str]], said: list[Told]) -> dict[str, dict[str, int]]:
    """Return the numbers of cases by table, as they are stored: the key of a row is its words."""
    outcomes: Counter[str] = Counter()
    leading: Counter[str] = Counter()
    answers: Counter[str] = Counter()
    by_number: Counter[int] = Counter()
    columns: dict[int, tuple[str, ...]] = {}
    by_group: Counter[tuple[int, str, str]] = Counter()
    for (number, beside), cases in tally.items():
        by_number[number] += cases
        if number not in columns:
            columns[number] = _columns(*said[number][:2])
        for place, group in enumerate(beside.split("/")):
            for column in columns[number]:
                by_group[place, column, group] += cases
    groups = {
        f"{DIMENSIONS[place]} {column} {group}": cases
        for (place, column, group), cases in by_group.items()
    }
    for number, cases in by_number.items():
        under_a, under_b, differing = said[number]
        outcomes[f"{under_a.outcome} {under_b.outcome}"] += cases
        change = change_of(under_a.outcome, under_b.outcome)
        if change is not Change.UNCHANGED:
            rests_on = under_b if change is Change.GAINED else under_a
            leading[f"{change} {rests_on.leading}"] += cases
            for code in differing:
                answers[f"{change} {code}"] += cases
    return {"outcomes": outcomes, "leading": leading, "answers": answers, "groups": groups}


def _columns(under_a: Verdict, under_b: Verdict) -> tuple[str, ...]:
    """Return the columns of the tables by group in which such a case is counted."""
    change = change_of(under_a.outcome, under_b.outcome).value
    newly = newly_needs_review(under_a.outcome, under_b.outcome)
    return ("cases", change, NEWLY) if newly else ("cases", change)


def _examples(
    simulation: Simulation, ids: dict[int, list[int]], said: list[Told]
) -> dict[str, list[int]]:
    by_change: dict[str, list[int]] = defaultdict(list)
    for number, cases in ids.items():
        proposed, present = (under.outcome for under in said[number][:2])
        change = change_of(proposed, present)
        if change is not Change.UNCHANGED:
            by_change[change.value] += cases
        if newly_needs_review(proposed, present):
            by_change[NEWLY] += cases
    return {change: drawn(simulation.uuid, cases) for change, cases in by_change.items()}
