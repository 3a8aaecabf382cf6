"""Hold the shipped policies to their golden cases."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from rich.console import Console
from rich.table import Table

from cases.console import console as console_for
from screening.policies.document import Policy, PolicyRefused, read
from screening.policies.golden import SHIPPED as CASES
from screening.policies.golden import Failure, GoldenRefused, load, run
from screening.policies.release import SHIPPED, shipped_codes


class Command(BaseCommand):
    help = "Run the golden cases: facts, and what a lawyer expects each policy to make of them."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--policy", choices=shipped_codes(), help="Default: all shipped.")
        parser.add_argument(
            "--cases", type=Path, help="A file or directory of cases; default: the shipped ones."
        )
        parser.add_argument(
            "--json", action="store_true", help="One JSON object a failure, the numbers last."
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        try:
            cases = load(options["cases"] or CASES)
            report = run(cases, shipped_policies(options["policy"]))
        except (GoldenRefused, PolicyRefused) as error:
            raise CommandError("\n".join(error.problems)) from error
        if options["json"]:
            for failure in report.failed:
                self.stdout.write(json.dumps(asdict(failure)))
            numbers = {"cases": report.cases, "failed": len(report.failed)}
            self.stdout.write(json.dumps(numbers | {"open": len(report.open)}))
        else:
            console = console_for(self.stdout)
            for title, failures in (("Failed", report.failed), ("Known and open", report.open)):
                if failures:
                    _print(title, failures, console)
            console.print(
                f"{report.cases:,} golden cases, {len(report.failed):,} failed, "
                f"{len(report.open):,} known and open."
            )
        if report.failed:
            raise CommandError(f"{len(report.failed)} golden case(s) failed.")


def shipped_policies(only: str | None = None) -> dict[str, Policy]:
    """Return the policies that come with the service, or one of them.

    Raises PolicyRefused when a text is not a policy.
    """
    return {
        code: read((SHIPPED / f"{code}.yaml").read_text(encoding="utf-8"), name=code)
        for code in shipped_codes()
        if only in (None, code)
    }


def _print(title: str, failures: tuple[Failure, ...], console: Console) -> None:
    table = Table(title=title, title_justify="left")
    for name in ("policy", "case", "difference"):
        table.add_column(name, overflow="fold")
    for failure in failures:
        table.add_row(
            failure.policy,
            f"{failure.case} ({failure.file})\n{failure.about}",
            "\n".join(failure.differences),
        )
    console.print(table)
