"""What a simulation came to: the totals that readers see, and the cases shown as examples.

The chunks hold exact counts. Their sum is told once all are done, not before: from two sums told
while it runs, what one chunk has added could be computed.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from hashlib import sha256
from heapq import nsmallest
from typing import TypedDict
from uuid import UUID

from cases.access import Access
from cases.models import Case, Office
from cases.small_cells import withheld
from screening.models import Simulation
from screening.policies.changes import DIMENSIONS, NEWLY, SCOPE, Change
from screening.policies.release import policy_in

EXAMPLES = 20
"""Cases kept of each kind of change."""
NOT_ON_RECORD = "not on record"
REPRESENTATION = {"true": "represented", "false": "unrepresented"}
CHANGES = tuple(change.value for change in Change)
COLUMNS = (*CHANGES, NEWLY)
"""Of the tables by group."""
WITHHELD = "withheld"


class OutcomeCount(TypedDict):
    proposed: str
    present: str
    cases: int


class CriterionCount(TypedDict):
    change: str
    criterion: str
    label: str
    cases: int


Breakdown = dict[str, dict[str, int | None]]
"""Counts by group and column; None is withheld."""


class Totals(TypedDict):
    """Numbers of cases; `rests_on` and `answers_differ` are of those that change."""

    cases: int
    gained: int
    lost: int
    otherwise_changed: int
    unchanged: int
    newly_needs_review: int
    outcomes: list[OutcomeCount]
    rests_on: list[CriterionCount]
    answers_differ: list[CriterionCount]
    by_office: Breakdown
    by_nationality: Breakdown
    by_representation: Breakdown


def totals_of(simulation: Simulation) -> Totals:
    """Add up the chunks; small counts of people are withheld."""
    tables: dict[str, Counter[str]] = defaultdict(Counter)
    for counts in simulation.chunks.values_list("counts", flat=True).iterator():
        for table, rows in counts.items():
            tables[table].update(rows)
    by_group: dict[str, dict[str, dict[str, int]]] = {name: {} for name in DIMENSIONS}
    for key, cases in tables["groups"].items():
        dimension, column, group = key.split(" ", 2)
        counted = by_group[dimension].setdefault(group, dict.fromkeys(("cases", *COLUMNS), 0))
        counted[column] += cases
    # Every case is in one group of each dimension.
    sums: Counter[str] = Counter()
    for counted in by_group[DIMENSIONS[0]].values():
        sums.update(counted)
    offices = dict(Office.objects.values_list("pk", "code"))
    names = {
        "office": {str(pk): code for pk, code in offices.items()},
        "nationality": {},
        "representation": REPRESENTATION,
    }
    office, nationality, representation = (
        _breakdown(by_group[dimension], names[dimension]) for dimension in DIMENSIONS
    )
    labels = labels_of(simulation)
    return {
        "cases": sums["cases"],
        "gained": sums[Change.GAINED],
        "lost": sums[Change.LOST],
        "otherwise_changed": sums[Change.OTHERWISE],
        "unchanged": sums[Change.UNCHANGED],
        "newly_needs_review": sums[NEWLY],
        "outcomes": [
            {"proposed": proposed, "present": present, "cases": cases}
            for key, cases in tables["outcomes"].most_common()
            for proposed, present in [key.split(" ")]
        ],
        "rests_on": _by_criterion(tables["leading"], labels),
        "answers_differ": _by_criterion(tables["answers"], labels),
        "by_office": office,
        "by_nationality": nationality,
        "by_representation": representation,
    }


def labels_of(simulation: Simulation) -> dict[str, str]:
    """Return the label of each criterion of both policies, as the proposed one has it."""
    present = policy_in(simulation.present_document)
    proposed = policy_in(simulation.proposed_document)
    return {c.code: c.label for c in (*present.criteria, *proposed.criteria)} | {
        SCOPE: "Outside the scope of the policy"
    }


def _by_criterion(rows: Counter[str], labels: dict[str, str]) -> list[CriterionCount]:
    return [
        {"change": change, "criterion": code, "label": labels.get(code, ""), "cases": cases}
        for key, cases in sorted(rows.items(), key=lambda row: (-row[1], row[0]))
        for change, code in [key.split(" ")]
    ]


def _breakdown(groups: dict[str, dict[str, int]], names: dict[str, str]) -> Breakdown:
    named = {names.get(g, g) or NOT_ON_RECORD: counts for g, counts in sorted(groups.items())}
    # A case has one change; that it newly needs review is told in a table of its own.
    changes = {name: {c: counts[c] for c in CHANGES} for name, counts in named.items()}
    reviews = {
        name: {NEWLY: counts[NEWLY], "others": counts["cases"] - counts[NEWLY]}
        for name, counts in named.items()
    }
    hidden = withheld(changes) | withheld(reviews, unseen={"others"})
    return {
        name: {c: None if (name, c) in hidden else counts[c] for c in COLUMNS}
        for name, counts in named.items()
    }


def examples_of(simulation: Simulation) -> dict[str, list[int]]:
    """Return the ids of the cases kept, of all that the chunks kept."""
    kept: dict[str, list[int]] = defaultdict(list)
    for by_change in simulation.chunks.values_list("examples", flat=True).iterator():
        for change, ids in by_change.items():
            kept[change] += ids
    return {change: drawn(simulation.uuid, ids) for change, ids in kept.items()}


def drawn(uuid: UUID, case_ids: Iterable[int]) -> list[int]:
    """Return the cases kept as examples: by chance, and the same whoever draws them again."""
    return nsmallest(EXAMPLES, case_ids, key=lambda pk: sha256(f"{uuid}/{pk}".encode()).digest())


def visible_examples(simulation: Simulation, access: Access) -> dict[str, list[Case]]:
    """Return, by kind of change, the examples that this access may see; in the order drawn."""
    ids = {pk for drawn_ids in simulation.examples.values() for pk in drawn_ids}
    cases = Case.objects.visible_to(access).in_bulk(ids)
    return {
        change: [cases[pk] for pk in simulation.examples.get(change, ()) if pk in cases]
        for change in (Change.GAINED, Change.LOST, Change.OTHERWISE, NEWLY)
    }


def rows_of(simulation: Simulation, totals: Totals) -> Iterator[tuple[str, str, str, str | int]]:
    """Yield the tables of a simulation as lines: table, row, column, number of cases."""
    yield "simulation", "id", "", str(simulation.uuid)
    yield "simulation", "proposed", simulation.proposed, simulation.proposed_sha256
    yield "simulation", "present", simulation.present, simulation.present_sha256
    yield "simulation", "as of", "", simulation.as_of.isoformat()
    yield "simulation", "evidence known at", "", simulation.known_at.isoformat()
    yield "simulation", "offices", "", _offices(simulation)
    for column, cases in changes_in(totals):
        yield "total", column, "", cases
    for line in totals["outcomes"]:
        yield (
            "outcome",
            f"proposed: {line['proposed']}",
            f"present: {line['present']}",
            line["cases"],
        )
    for table, lines in (
        ("change rests on", totals["rests_on"]),
        ("answers differ", totals["answers_differ"]),
    ):
        for of in lines:
            yield table, f"{of['criterion']} {of['label']}", of["change"], of["cases"]
    for dimension, breakdown in breakdowns_in(totals):
        for name, counts in breakdown.items():
            for column in COLUMNS:
                n = counts[column]
                yield dimension, name, column, WITHHELD if n is None else n


def changes_in(totals: Totals) -> list[tuple[str, int]]:
    """Return the totals by what changes."""
    return [
        ("cases", totals["cases"]),
        (Change.GAINED.value, totals["gained"]),
        (Change.LOST.value, totals["lost"]),
        (Change.OTHERWISE.value, totals["otherwise_changed"]),
        (Change.UNCHANGED.value, totals["unchanged"]),
        (NEWLY, totals["newly_needs_review"]),
    ]


def breakdowns_in(totals: Totals) -> list[tuple[str, Breakdown]]:
    return [
        ("office", totals["by_office"]),
        ("nationality", totals["by_nationality"]),
        ("representation", totals["by_representation"]),
    ]


def _offices(simulation: Simulation) -> str:
    if simulation.office_ids is None:
        return "every office"
    codes = Office.objects.filter(pk__in=simulation.office_ids).values_list("code", flat=True)
    return ", ".join(codes)
