"""Take in counts of border encounters: daily ones, or the monthly files that CBP publishes."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from rich.table import Table

from cases.accounts import machine_account
from cases.console import console as console_for
from cases.encounters.counts import TakenIn, take_in
from cases.encounters.files import CountsRefused


class Command(BaseCommand):
    help = "Take in a file of encounter counts (docs/encounters.md): all of it, or nothing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--json", action="store_true", help="The result as one line of JSON.")

    def handle(self, *_args: Any, **options: Any) -> None:
        try:
            taken = take_in(options["file"], by=machine_account("intake"))
        except CountsRefused as error:
            raise CommandError(str(error)) from error
        if options["json"]:
            self.stdout.write(json.dumps(as_dict(taken)))
            return
        console = console_for(self.stdout)
        file = taken.file
        console.print(
            f"{file.name}: {file.read:,} lines read; {file.basis.label}: {taken.added:,} counts "
            f"added, {taken.revised:,} revised, {taken.unchanged:,} known already."
        )
        regions = list(dict.fromkeys(name for total in file.totals.values() for name in total))
        table = Table(title="Encounters by fiscal year", title_justify="left")
        for head in ("year", *(name.replace("_", " ") for name in regions)):
            table.add_column(head, justify="right")
        for year, total in file.totals.items():
            table.add_row(str(year), *(f"{total[name]:,}" for name in regions))
        console.print(table)


def as_dict(taken: TakenIn) -> dict[str, Any]:
    return {
        "file": taken.file.name,
        "basis": taken.file.basis,
        "read": taken.file.read,
        "added": taken.added,
        "revised": taken.revised,
        "unchanged": taken.unchanged,
        "fiscal_years": {str(year): total for year, total in taken.file.totals.items()},
    }
