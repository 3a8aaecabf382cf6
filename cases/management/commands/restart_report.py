"""How long closed cases take on their way back, from the moves on record."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from dataclasses import asdict
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand
from django.core.serializers.json import DjangoJSONEncoder
from rich.table import Table

from cases.console import console
from cases.models import states
from cases.restart_timings import STEPS, report


class Command(BaseCommand):
    help = "Days from event to review, to decision, to filing, to order; and where reviews stand."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--from", dest="opened_from", type=date.fromisoformat)
        parser.add_argument("--to", dest="opened_to", type=date.fromisoformat)
        parser.add_argument("--json", action="store_true", help="One JSON object.")

    def handle(self, *_args: Any, **options: Any) -> None:
        found = report(opened_from=options["opened_from"], opened_to=options["opened_to"])
        if options["json"]:
            self.stdout.write(json.dumps(asdict(found), cls=DjangoJSONEncoder))
            return
        timings = Table(title="Days from one step to the next", title_justify="left")
        for head in ("from", "to"):
            timings.add_column(head)
        for head in ("reviews", "p25", "median", "p75", "p90"):
            timings.add_column(head, justify="right")
        for timing in found.timings:
            days = (timing.p25, timing.median, timing.p75, timing.p90)
            timings.add_row(
                *STEPS[timing.step],
                f"{timing.count:,}",
                *("" if n is None else f"{n:,.1f}" for n in days),
            )
        standing = Table(title="Where the reviews stand", title_justify="left")
        standing.add_column("")
        standing.add_column("reviews", justify="right")
        for status, label in states.Restart.choices:
            standing.add_row(str(label), f"{found.standing[status]:,}")
        console(self.stdout).print(timings)
        console(self.stdout).print(standing)
