"""Say what is wrong with a policy before it is released."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from rich.console import Console
from rich.table import Table

from cases.console import console as console_for
from screening.policies.document import Policy, PolicyRefused, read
from screening.policies.lint_report import Reported, in_words, report
from screening.policies.release import SHIPPED, shipped_codes


class Command(BaseCommand):
    help = "Find criteria that are dead, double, contradictory or untested. Fails on an error."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("policy", help="Code of a shipped policy, or a file.")
        parser.add_argument("--json", action="store_true")

    def handle(self, *_args: Any, **options: Any) -> None:
        given = options["policy"]
        path = SHIPPED / f"{given}.yaml" if given in shipped_codes() else Path(given)
        if not path.is_file():
            raise CommandError(
                f"{given}: no such file, and the shipped policies are {', '.join(shipped_codes())}."
            )
        text = path.read_text(encoding="utf-8")
        try:
            policy = read(text, name=given)
        except PolicyRefused as error:
            raise CommandError(str(error)) from error
        problems = report(policy, text)
        if options["json"]:
            self.stdout.write(json.dumps({"policy": policy.code, "problems": problems}))
        else:
            show(policy, problems, console_for(self.stdout))
        if errors := sum(p["severity"] == "error" for p in problems):
            raise CommandError(f"{given}: {errors} error(s).")


def show(policy: Policy, problems: list[Reported], console: Console) -> None:
    """Print the problems as a table."""
    if not problems:
        console.print(f"{policy.code} version {policy.version}: nothing found.")
        return
    table = Table(
        title=f"{policy.code} version {policy.version}", title_justify="left", show_lines=True
    )
    for name in ("", "line", "what is wrong", "an example: all known and clear, but"):
        table.add_column(name, overflow="fold")
    for problem in problems:
        table.add_row(
            problem["severity"],
            str(problem["line"]),
            f"{problem['sentence']} \\[{problem['code']}]",
            "\n".join(in_words(problem)),
        )
    console.print(table)
