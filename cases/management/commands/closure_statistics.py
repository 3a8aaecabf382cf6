"""Closures by year and by whatever else, from the imported decisions."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from rich.table import Table

from cases.console import console as console_for
from cases.statistics import plain, tables
from cases.statistics.dimensions import IN_TITLES, By
from cases.statistics.fiscal import MONTHS
from cases.statistics.kinds import CLOSURES, IN_WORDS, Completion
from cases.statistics.tables import Line

HEADS = {
    "administrative_closure": "admin.\nclosure",
    "pd_administrative_closure": "PD admin.\nclosure",
    "in_court_pd_closure": "in-court\nPD closure",
    "pd_termination": "PD termi-\nnation",
    "dismissed": "dis-\nmissed",
    "terminated": "termi-\nnated",
}
WITHHELD = "withheld"


class Command(BaseCommand):
    help = (
        "Closures by year, each legal act apart, with the change on the year before. Exact, as who "
        "runs commands can read every case; with --published as others may see it."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--by", choices=[by.value for by in By], default=By.FISCAL_YEAR.value)
        parser.add_argument("--asylum-only", action="store_true")
        parser.add_argument("--priority", help="Only the cases of this priority docket: UC.")
        parser.add_argument("--last", type=int, help="Only so many years.")
        parser.add_argument(
            "--to-date",
            type=int,
            choices=MONTHS,
            metavar="MONTH",
            help="Only the months from October to this one (1 to 12) of every year.",
        )
        parser.add_argument(
            "--since", type=date.fromisoformat, help="One total from this day; see --until."
        )
        parser.add_argument("--until", type=date.fromisoformat, help="To this day, inclusive.")
        parser.add_argument("--published", action="store_true", help="With small counts withheld.")
        parser.add_argument("--json", action="store_true", help="One JSON object a line.")

    def handle(self, *_args: Any, **options: Any) -> None:
        if options["since"] or options["until"]:
            self._period(options)
            return
        by = By(options["by"])
        lines = self._lines(by, options)
        if options["last"] and lines:
            first = max(line.fiscal_year for line in lines) - options["last"] + 1
            lines = [line for line in lines if line.fiscal_year >= first]
        if options["json"]:
            for line in lines:
                self.stdout.write(json.dumps(as_dict(by, line)))
            return
        console = console_for(self.stdout)
        if not lines:
            console.print("No completed proceeding is on record; see import_docket.")
            return
        console.print(as_table(by, lines, to_date=options["to_date"]))

    def _lines(self, by: By, options: dict[str, Any]) -> list[Line]:
        if not options["published"]:
            return tables.counted(
                by,
                to_month=options["to_date"],
                asylum_only=options["asylum_only"],
                priority=options["priority"],
            )
        if options["asylum_only"] or options["priority"]:
            raise CommandError("The published tables are of all cases; use --by asylum.")
        try:
            return tables.published(by, to_month=options["to_date"])
        except ValueError as error:
            raise CommandError(str(error)) from error

    def _period(self, options: dict[str, Any]) -> None:
        """Print the completions from a day to a day, of every kind."""
        counted = plain.count(
            plain.completed(
                since=options["since"],
                until=options["until"],
                asylum_only=options["asylum_only"],
                priority=options["priority"],
            )
        )
        kinds = {kind.value: counted[kind] for kind in Completion}
        if options["json"]:
            self.stdout.write(json.dumps({**kinds, "completions": counted.total()}))
            return
        table = Table(title="Completions of the period", title_justify="left")
        table.add_column("kind")
        table.add_column("completions", justify="right")
        for kind, n in kinds.items():
            table.add_row(IN_WORDS[kind], f"{n:,}")
        table.add_row("in all", f"{counted.total():,}")
        console_for(self.stdout).print(table)


def as_table(by: By, lines: list[Line], *, to_date: int | None) -> Table:
    months = f", October to month {to_date} of each" if to_date else ""
    title = (
        "Closures by fiscal year"
        if by is By.FISCAL_YEAR
        else f"Closures by {IN_TITLES[by]} and year"
    )
    table = Table(title=title + months, title_justify="left")
    if by is not By.FISCAL_YEAR:
        table.add_column(IN_TITLES[by])
    heads = HEADS if by is not By.FORM else {}
    for head in ("year", "completed", *heads.values(), "closures", "share", "change"):
        table.add_column(head, justify="right")
    for line in lines:
        change = "" if line.change is None else f"{line.change:+,}"
        if line.change_percent is not None:
            change += f" ({line.change_percent:+.0f} %)"
        table.add_row(
            *([] if by is By.FISCAL_YEAR else [line.name]),
            str(line.fiscal_year),
            told(line.completions),
            *(told(line.counts[name]) for name in heads),
            told(line.closures),
            "" if line.share_percent is None else f"{line.share_percent:.1f} %",
            change,
        )
    return table


def told(count: int | None) -> str:
    return WITHHELD if count is None else f"{count:,}"


def as_dict(by: By, line: Line) -> dict[str, Any]:
    """Return the line for a program; null is withheld, or a change that there is nothing before."""
    group = {} if by is By.FISCAL_YEAR else {"group": line.group, "name": line.name}
    closures = {} if by is By.FORM else {name: line.counts[name] for name in CLOSURES}
    merits = {} if by in (By.FISCAL_YEAR, By.FORM) else {"merits": line.merits}
    return {
        "fiscal_year": line.fiscal_year,
        **group,
        "completions": line.completions,
        **closures,
        **merits,
        "closures": line.closures,
        "share_percent": rounded(line.share_percent),
        "change": line.change,
        "change_percent": rounded(line.change_percent),
    }


def rounded(number: float | None) -> float | None:
    return None if number is None else round(number, 2)
