"""Write a synthetic delivery in the courts' own file formats."""

import json
from argparse import ArgumentParser
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from cases.synthetic.block import Plan
from cases.synthetic.days import day_of
from cases.synthetic.write import Expected, write_delivery

FIRST, LAST = date(2000, 1, 1), date(2038, 12, 31)


class Command(BaseCommand):
    help = "Write a synthetic docket, its identities and its evidence; no real person is in it."
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("directory", type=Path)
        parser.add_argument("--cases", type=int, required=True)
        parser.add_argument("--seed", type=int, default=1)
        parser.add_argument(
            "--defects",
            type=float,
            default=1.0,
            help="multiply the real rates of the real defects; 0 plants none",
        )
        parser.add_argument(
            "--until",
            type=date.fromisoformat,
            default=date(2024, 1, 15),
            help="the last day on record",
        )
        parser.add_argument("--processes", type=int, help="as many as there are cores by default")
        parser.add_argument("--json", action="store_true", help="print the summary as JSON")

    def handle(self, *_args: Any, **options: Any) -> None:
        cases, until, processes = options["cases"], options["until"], options["processes"]
        if cases < 1 or options["defects"] < 0 or (processes is not None and processes < 1):
            raise CommandError("Give at least one case, one process, and no negative defects.")
        if not FIRST <= until <= LAST:
            raise CommandError(f"--until has to lie between {FIRST} and {LAST}.")
        plan = Plan(
            cases=cases, seed=options["seed"], defects=options["defects"], until=day_of(until)
        )
        columns = (TextColumn("Writing"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
        console = Console(stderr=True)
        with Progress(
            *columns, console=console, transient=True, disable=not console.is_terminal
        ) as progress:
            task = progress.add_task("", total=cases)
            try:
                expected = write_delivery(
                    options["directory"],
                    plan,
                    processes=processes,
                    made=lambda count: progress.advance(task, count),
                )
            except OSError as error:
                raise CommandError(f"The docket could not be written: {error}") from error
        self.stdout.write(_as_json(expected) if options["json"] else _as_table(expected))


def _as_json(expected: Expected) -> str:
    return json.dumps(asdict(expected))


def _as_table(expected: Expected) -> str:
    sections = (("rows", expected.rows), ("defects planted", expected.defects))
    return "\n".join(
        line
        for title, counts in sections
        for line in (title, *(f"  {name:<44}{count:>12,}" for name, count in counts.items()))
    )
