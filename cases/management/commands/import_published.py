"""Take in figures that others published, each with its source."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from cases.console import console as console_for
from cases.statistics.published import FiguresRefused, load

NUMBERS = ("added", "changed", "unchanged")


class Command(BaseCommand):
    help = (
        "Take in files of published figures: measure,period,value,source, or UNHCR's decisions by "
        "year. They are shown beside our own, and where sources differ both are."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("files", nargs="+", type=Path, metavar="FILE")
        parser.add_argument("--json", action="store_true", help="One JSON object a file.")

    def handle(self, *_args: Any, **options: Any) -> None:
        console = console_for(self.stdout, quiet=options["json"])
        for path in options["files"]:
            try:
                done = load(path)
            except OSError as error:
                raise CommandError(f"{path.name} cannot be read: {error.strerror}.") from error
            except FiguresRefused as error:
                raise CommandError(str(error)) from error
            if options["json"]:
                told = {"file": path.name, **{name: done[name] for name in NUMBERS}}
                self.stdout.write(json.dumps(told))
            console.print(
                f"{path.name}: " + ", ".join(f"{done[name]:,} {name}" for name in NUMBERS) + "."
            )
