"""Take in evidence: criminal records, background checks, threat indicators."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from rich.progress import track
from rich.table import Table

from cases.accounts import machine_account
from cases.console import console as console_for
from screening.evidence.ndjson import as_json, take_in
from screening.models import EvidenceFile


class Command(BaseCommand):
    help = "Take in evidence files (NDJSON, see docs/formats.md), or directories of them."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("paths", nargs="+", type=Path)
        parser.add_argument("--json", action="store_true", help="One JSON object a file.")

    def handle(self, *_args: Any, **options: Any) -> None:
        files = []
        for path in options["paths"]:
            if not path.exists():
                raise CommandError(f"{path}: there is no such file or directory.")
            files += sorted(path.rglob("*.ndjson")) if path.is_dir() else [path]
        if not files:
            raise CommandError("No *.ndjson file is there.")
        by = machine_account("intake")
        console = console_for(self.stdout)
        shown = track(files, "Evidence", console=console, transient=True)
        taken = [take_in(f, by=by) for f in (files if options["json"] else shown)]
        if options["json"]:
            for file in taken:
                self.stdout.write(as_json(file))
        else:
            console.print(_table(taken))


def _table(taken: list[EvidenceFile]) -> Table:
    table = Table(title="Evidence", title_justify="left")
    table.add_column("file")
    for name in ("read", "added", "superseded", "unchanged", "quarantined"):
        table.add_column(name, justify="right")
    for file in taken:
        numbers = (file.read, file.added, file.superseded, file.unchanged, file.quarantined)
        table.add_row(file.name, *(f"{n:,}" for n in numbers))
    return table
