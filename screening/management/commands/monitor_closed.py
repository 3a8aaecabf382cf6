"""Watch the closed cases: new evidence becomes events, and events open reviews for a person."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from dataclasses import asdict
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand
from django.utils.timezone import localdate
from rich.table import Table

from cases.console import console
from cases.models import PostClosureEvent
from screening.monitoring import monitor
from screening.urgency import judge_urgency


class Command(BaseCommand):
    help = (
        "Make events of what is new about closed cases, open reviews, and say how urgent each is; "
        "may run twice."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--as-of", type=date.fromisoformat, help="The day asked about. Default: today."
        )
        parser.add_argument("--json", action="store_true", help="One JSON object.")

    def handle(self, *_args: Any, **options: Any) -> None:
        on = options["as_of"] or localdate()
        monitored = monitor(on=on)
        judge_urgency(on=on)
        if options["json"]:
            self.stdout.write(json.dumps(asdict(monitored)))
            return
        table = Table(title="Closed cases", title_justify="left")
        table.add_column("")
        table.add_column("new", justify="right")
        for kind, label in PostClosureEvent.Kind.choices:
            table.add_row(str(label), f"{monitored.events.get(kind, 0):,}")
        table.add_row("reviews opened", f"{monitored.reviews:,}")
        console(self.stdout).print(table)
        console(self.stdout).print(f"{monitored.cases:,} closed cases are watched.")
