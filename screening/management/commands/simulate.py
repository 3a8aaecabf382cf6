"""Compare a proposed policy with the present one over the docket; no case is changed by it."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from collections.abc import Sequence
from datetime import date
from time import sleep
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.timezone import localdate
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from cases.accounts import machine_account
from cases.console import console as console_for
from cases.models import Office
from cases.small_cells import SMALLEST_SHOWN
from screening import runs
from screening.models import Simulation
from screening.policies import simulate
from screening.policies.document import PolicyRefused
from screening.policies.simulation_report import (
    COLUMNS,
    WITHHELD,
    Totals,
    breakdowns_in,
    changes_in,
)
from screening.policies.texts import named

NUMBERS = frozenset({"cases", *COLUMNS})


class Command(BaseCommand):
    help = (
        "Compare policy A with policy B over the docket: what is gained, lost and unchanged, and "
        "what each change rests on. Nothing is written to any case."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        which = "a code, a code and a version (doyle-2:1), or the YAML file of a draft"
        parser.add_argument("policy", metavar="A", help=f"The proposed policy: {which}.")
        parser.add_argument(
            "--against",
            metavar="B",
            help=f"The present policy: {which}. Default: the latest released version of A.",
        )
        parser.add_argument("--as-of", type=date.fromisoformat, help="Default: today.")
        parser.add_argument(
            "--office", action="append", metavar="CODE", help="Only its cases; may be repeated."
        )
        parser.add_argument("--chunk-cases", type=int, default=runs.CHUNK_CASES)
        parser.add_argument(
            "--no-wait", action="store_true", help="Leave it to the workers. Default: do it here."
        )
        parser.add_argument("--json", action="store_true", help="The result as one line of JSON.")

    def handle(self, *_args: Any, **options: Any) -> None:
        try:
            proposed = named(options["policy"])
            present = named(options["against"] or proposed.policy.code)
        except PolicyRefused as error:
            raise CommandError(str(error)) from error
        simulation = simulate.plan(
            proposed,
            present,
            as_of=options["as_of"] or localdate(),
            by=machine_account("screening"),
            office_ids=_offices(options["office"]),
            chunk_cases=options["chunk_cases"],
        )
        console = console_for(self.stdout, quiet=options["json"])
        console.print(
            f"{simulation}: {simulation.proposed} against {simulation.present}, "
            f"as of {simulation.as_of}"
        )
        if options["no_wait"]:
            simulate.nudge(simulation)
            return
        _work(simulation, console)
        if simulation.status != Simulation.Status.COMPLETED or simulation.totals is None:
            last = simulation.moves.latest("at")
            raise CommandError(f"The simulation {simulation.get_status_display()}. {last.note}")
        if options["json"]:
            self.stdout.write(json.dumps(_as_json(simulation)))
        else:
            _print(simulation.totals, console)
            console.print(f"{runs.progress(simulation).seconds:.1f} seconds")


def _offices(codes: list[str] | None) -> list[int] | None:
    if codes is None:
        return None
    known = dict(Office.objects.filter(code__in=codes).values_list("code", "pk"))
    if unknown := sorted(set(codes) - known.keys()):
        raise CommandError(f"There is no office {', '.join(unknown)}.")
    return sorted(known.values())


def _work(simulation: Simulation, console: Console) -> None:
    """Do every chunk, beside any worker, showing how far it is."""
    columns = (TextColumn("Simulating"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True) as bar:
        line = bar.add_task("")
        while simulation.status == Simulation.Status.RUNNING:
            far = runs.progress(simulation)
            bar.update(line, total=far.cases, completed=far.cases_done)
            if not simulate.work(simulation) and simulation.status == Simulation.Status.RUNNING:
                sleep(0.1)  # a worker has the last chunk


def _as_json(simulation: Simulation) -> dict[str, Any]:
    sides = {
        "proposed": _side(
            simulation.proposed_code,
            simulation.proposed_number,
            simulation.proposed_sha256,
            draft=simulation.proposed_version_id is None,
        ),
        "present": _side(
            simulation.present_code,
            simulation.present_number,
            simulation.present_sha256,
            draft=simulation.present_version_id is None,
        ),
    }
    return {
        "simulation": str(simulation.uuid),
        **sides,
        "as_of": simulation.as_of.isoformat(),
        "known_at": simulation.known_at.isoformat(),
        **(simulation.totals or {}),
        "seconds": runs.progress(simulation).seconds,
    }


def _side(code: str, number: int, sha256: str, *, draft: bool) -> dict[str, Any]:
    return {"code": code, "version": number, "sha256": sha256, "draft": draft}


def _print(totals: Totals, console: Console) -> None:
    for title, head, rows in _tables(totals):
        table = Table(title=title, title_justify="left")
        for name in head:
            table.add_column(name.replace("-", " "), justify="right" if name in NUMBERS else "left")
        for row in rows:
            table.add_row(*map(_text, row))
        console.print(table)
    console.print(f"{WITHHELD}: fewer than {SMALLEST_SHOWN}, or such a count would follow from it")


def _text(cell: str | int | None) -> str:
    if cell is None:
        return WITHHELD
    return f"{cell:,}" if isinstance(cell, int) else cell


def _tables(totals: Totals) -> list[tuple[str, tuple[str, ...], list[Sequence[str | int | None]]]]:
    tables: list[tuple[str, tuple[str, ...], list[Sequence[str | int | None]]]] = [
        ("Simulation", ("", "cases"), [*changes_in(totals)]),
        (
            "Outcome by outcome",
            ("proposed", "present", "cases"),
            [(o["proposed"], o["present"], o["cases"]) for o in totals["outcomes"]],
        ),
    ]
    for title, counts in (
        ("What the changes rest on", totals["rests_on"]),
        ("Criteria that answer otherwise", totals["answers_differ"]),
    ):
        rows = [(c["change"], f"{c['criterion']} {c['label']}", c["cases"]) for c in counts]
        tables.append((title, ("change", "criterion", "cases"), [*rows]))
    for dimension, breakdown in breakdowns_in(totals):
        by_group = [(name, *(of[c] for c in COLUMNS)) for name, of in breakdown.items()]
        tables.append((f"By {dimension}", (dimension, *COLUMNS), [*by_group]))
    return tables
