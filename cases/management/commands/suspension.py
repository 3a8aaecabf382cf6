"""What stood of the suspension of entry on a day, and how it came about."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from datetime import date
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils.timezone import localdate
from rich.table import Table

from cases.console import console as console_for
from cases.encounters.counts import Series, fullest_series
from cases.encounters.describe import as_dict, by
from cases.encounters.status import State, state_on
from cases.encounters.trigger import Reading, readings_named


class Command(BaseCommand):
    help = "The suspension of entry under Proclamation 10773 on a day, its periods and averages."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--on", type=_day, help="A day, as in 2024-07-01. Default: today.")
        parser.add_argument(
            "--series",
            choices=[series.value for series in Series],
            help="Whose averages to show; only daily counts propose. Default: the best on record.",
        )
        parser.add_argument("--json", action="store_true", help="One JSON object.")

    def handle(self, *_args: Any, **options: Any) -> None:
        state = state_on(
            options["on"] or localdate(),
            readings=readings_named(settings.ENCOUNTER_READINGS),
            series=Series(options["series"]) if options["series"] else fullest_series(),
        )
        if options["json"]:
            self.stdout.write(json.dumps(as_dict(state)))
        else:
            self._show(state)

    def _show(self, state: State) -> None:
        console = console_for(self.stdout)
        console.print(f"{state.on}: {state.sentence}")
        pending = state.standing.pending
        if pending is not None:
            console.print(
                f"Determined on {pending.determined_on}, {pending.kind.label}: "
                f"takes effect at 00:01 on {pending.effective_on}, New York time."
            )
        for hold in state.holds:
            console.print(f"Stayed by {hold.court}, {hold.order}, since {hold.begins_on}.")
        if state.reading is None:
            console.print(f"No {state.label} are on record to this day; see import_encounters.")
        else:
            console.print(f"Of {state.label}:")
            console.print(f"the seven days to {state.reading.day}: {_average(state.reading)}.")
            below = state.last_below
            console.print(
                f"Before {state.on} no average below 1,500 is on record."
                if below is None
                else f"Last below 1,500 before {state.on}: {below.day}, {_average(below)}."
            )
        if state.proposal is not None:
            console.print(
                f"The counts would support a determination: {state.proposal.label}. "
                "Without one nothing takes effect."
            )
        for alert in state.alerts:
            console.print(f"! {alert}")
        table = Table(title="Periods, from 00:01 New York time", title_justify="left")
        for head in ("from", "to", "what stands", "by"):
            table.add_column(head)
        for period in state.periods:
            ends = "" if period.ends is None else str(period.ends.on)
            table.add_row(str(period.begins.on), ends, period.status, by(period.begins))
        console.print(table)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise CommandError(f"--on: {text!r} is not a day; use one as in 2024-07-01.") from None


def _average(reading: Reading) -> str:
    if reading.sum7 is None:
        return "not every day is on record"
    return f"{reading.average:,.2f} a day ({reading.sum7:,} in all)"
