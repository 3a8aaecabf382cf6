"""Take in a delivery of the courts' files and the office's identities."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeElapsedColumn
from rich.table import Table

from cases.accounts import machine_account
from cases.console import console as console_for
from cases.intake.load import DeliveryRefused, load
from cases.models import DeliveredFile, Delivery

NUMBERS = ("read", "added", "changed", "unchanged", "repaired", "quarantined")
TOLERANCE = 5
"""Rows by which Count.txt may differ: EOIR's own releases are off by a few."""


class Command(BaseCommand):
    help = "Take in a directory of EOIR CASE files; all of it, or nothing and a clear error."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("directory", type=Path)
        parser.add_argument("--json", action="store_true", help="The table as one line of JSON.")

    def handle(self, *_args: Any, **options: Any) -> None:
        console = console_for(self.stdout, quiet=options["json"])
        columns = (
            TextColumn("{task.description}"),
            BarColumn(),
            TaskProgressColumn(),
            TimeElapsedColumn(),
        )
        screen = Console(stderr=True)
        with Progress(
            *columns, console=screen, transient=True, disable=not screen.is_terminal
        ) as bar:
            line = bar.add_task("Import", total=1.0)
            try:
                delivery, is_new = load(
                    options["directory"],
                    by=machine_account("intake"),
                    tell=lambda step, done: bar.update(line, description=step, completed=done),
                )
            except DeliveryRefused as error:
                raise CommandError(str(error)) from error
        files = [(f, numbers(f, is_new=is_new)) for f in delivery.files.order_by("pk")]
        if options["json"]:
            told = {f.name: {"announced": f.announced, **n} for f, n in files}
            self.stdout.write(json.dumps({"delivery": delivery.pk, "new": is_new, "files": told}))
        else:
            show(delivery, files, console, is_new=is_new)


def numbers(file: DeliveredFile, *, is_new: bool) -> dict[str, int]:
    """Return what became of the file's rows; of a delivery known already nothing is new."""
    counted = {name: getattr(file, name) for name in NUMBERS}
    if not is_new:
        counted["unchanged"] += counted["added"] + counted["changed"]
        counted["added"] = counted["changed"] = 0
    return counted


def show(
    delivery: Delivery,
    files: list[tuple[DeliveredFile, dict[str, int]]],
    console: Console,
    *,
    is_new: bool,
) -> None:
    """Print the fate of every row, by file."""
    title = f"Delivery {delivery.pk}" + ("" if is_new else ": known already, nothing to do")
    table = Table(title=title, title_justify="left")
    table.add_column("file", no_wrap=True)
    table.add_column("an-\nnounced", justify="right", no_wrap=True)
    for name in NUMBERS:
        head = {"unchanged": "un-\nchanged", "quarantined": "quaran-\ntined"}.get(name, name)
        table.add_column(head, justify="right", no_wrap=True)
    for file, counted in files:
        announced = "" if file.announced is None else f"{file.announced:,}"
        if file.announced is not None and abs(file.announced - file.read) > TOLERANCE:
            announced += " ≠"
        table.add_row(file.name, announced, *(f"{n:,}" for n in counted.values()))
    console.print(table)
    if any("≠" in cell for cell in table.columns[1].cells if isinstance(cell, str)):
        console.print(f"≠ more than {TOLERANCE} rows from what Count.txt announces.")
    if any(counted["quarantined"] for _, counted in files):
        console.print("Quarantined rows are kept, with file, line, column and reason.")
