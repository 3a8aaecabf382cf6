"""Say whether groups of people fare differently."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.utils.timezone import localdate
from rich.table import Table

from cases.console import console as console_for
from cases.rates import State
from screening import disparity
from screening.disparity import Line

BY_CODE = {measure.code: measure for measure in disparity.MEASURES}


class Command(BaseCommand):
    help = "Rates by group, with exact bounds; exact, as who runs commands can read every case."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--measure", choices=list(BY_CODE), default=disparity.FLAGGED.code)
        parser.add_argument("--refresh", action="store_true", help="Count anew before.")
        parser.add_argument("--alerts", action="store_true", help="Only the alerts.")
        parser.add_argument("--json", action="store_true", help="One JSON object a group.")

    def handle(self, *_args: Any, **options: Any) -> None:
        if options["refresh"]:
            disparity.refresh(on=localdate())
        lines = [
            (table.dimension, line)
            for table in disparity.tables(BY_CODE[options["measure"]], exact=True)
            for line in table.groups
            if line.state is State.ALERT or not options["alerts"]
        ]
        if options["json"]:
            for dimension, line in lines:
                self.stdout.write(json.dumps(as_dict(dimension, line)))
            return
        console = console_for(self.stdout)
        if not lines:
            console.print("Nothing to tell; --refresh counts anew.")
            return
        table = Table(title=BY_CODE[options["measure"]].title, title_justify="left")
        for head in ("by", "group"):
            table.add_column(head)
        for head in ("cases", "rate", "from", "to", "ratio", "chance"):
            table.add_column(head, justify="right")
        table.add_column("state")
        for dimension, line in lines:
            rate = line.rate
            assert rate is not None  # noqa: S101  nothing is withheld of exact tables
            table.add_row(
                dimension,
                line.name,
                f"{rate.group.cases:,}",
                *(f"{100 * share:.1f} %" for share in (rate.rate, rate.low, rate.high)),
                "" if rate.ratio is None else f"{rate.ratio:.2f}",
                "" if rate.chance is None else f"{rate.chance:.2g}",
                line.state.replace("-", " "),
            )
        console.print(table)


def as_dict(dimension: str, line: Line) -> dict[str, Any]:
    rate = line.rate
    assert rate is not None  # noqa: S101  nothing is withheld of exact tables
    return {
        "by": dimension,
        "group": line.group,
        "name": line.name,
        "state": line.state.value,
        "cases": rate.group.cases,
        "events": rate.group.events,
        "rate": rate.rate,
        "low": rate.low,
        "high": rate.high,
        "ratio": rate.ratio,
        "chance": rate.chance,
    }
