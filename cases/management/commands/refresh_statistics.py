"""Count the completions anew."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from cases.console import console
from cases.statistics import release


class Command(BaseCommand):
    help = "Count the completions anew, as every delivery does, and decide what is withheld."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", help="As one line of JSON.")

    def handle(self, *_args: Any, **options: Any) -> None:
        done = release.refresh()
        if options["json"]:
            told = {
                "completions": done.completions,
                "withheld": done.withheld,
                "seconds": round(done.seconds, 3),
            }
            self.stdout.write(json.dumps(told))
            return
        console(self.stdout).print(
            f"{done.completions:,} completions counted in {done.seconds:,.1f} seconds; of the "
            f"published tables {done.withheld:,} cells are withheld."
        )
