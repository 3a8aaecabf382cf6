"""Closures by year, from the imported decisions."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from rich.table import Table

from cases.console import console as console_for
from cases.statistics import COLUMNS, Year, closures_by_fiscal_year

HEADS = {
    "administrative_closure": "admin.\nclosure",
    "pd_administrative_closure": "PD admin.\nclosure",
    "in_court_pd_closure": "in-court\nPD closure",
    "pd_termination": "PD termi-\nnation",
    "dismissed": "dis-\nmissed",
    "terminated": "termi-\nnated",
}


class Command(BaseCommand):
    help = "Closures by year, each legal act apart, with the change on the year before."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--by", choices=["fiscal-year"], default="fiscal-year")
        parser.add_argument("--asylum-only", action="store_true")
        parser.add_argument("--last", type=int, help="Only so many years.")
        parser.add_argument("--json", action="store_true", help="One JSON object a year.")

    def handle(self, *_args: Any, **options: Any) -> None:
        years = closures_by_fiscal_year(asylum_only=options["asylum_only"])
        years = years[-options["last"] :] if options["last"] else years
        if options["json"]:
            for year in years:
                self.stdout.write(json.dumps(as_dict(year)))
            return
        console = console_for(self.stdout)
        if not years:
            console.print("No completed proceeding is on record; see import_docket.")
            return
        table = Table(title="Closures by fiscal year", title_justify="left")
        for head in ("year", "completed", *HEADS.values(), "closures", "share", "change"):
            table.add_column(head, justify="right")
        for year in years:
            change = "" if year.change is None else f"{year.change:+,}"
            if year.change_percent is not None:
                change += f" ({year.change_percent:+.0f} %)"
            table.add_row(
                str(year.fiscal_year),
                f"{year.completions:,}",
                *(f"{year.counts[name]:,}" for name in COLUMNS),
                f"{year.closures:,}",
                f"{year.share_percent:.1f} %",
                change,
            )
        console.print(table)


def as_dict(year: Year) -> dict[str, Any]:
    return {
        "fiscal_year": year.fiscal_year,
        "completions": year.completions,
        **year.counts,
        "closures": year.closures,
        "share_percent": round(year.share_percent, 2),
        "change": year.change,
        "change_percent": None if year.change_percent is None else round(year.change_percent, 2),
    }
