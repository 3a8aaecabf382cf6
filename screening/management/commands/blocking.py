"""Say what keeps cases from being flagged, and what would have to be obtained."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from rich.console import Console
from rich.table import Table

from cases.access import Access
from cases.console import console as console_for
from cases.models import Office
from screening.blocking import NOT_CLEAR, Blocking, blocking
from screening.models import PolicyVersion

EVERY_CASE = Access(offices=None, sees_protected=True)
"""What whoever may run commands can read anyway."""


class Command(BaseCommand):
    help = "Count, for every criterion, the cases that it keeps from being flagged, and why."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--policy", help="Only determinations under the policy of this code.")
        parser.add_argument("--office", help="Only cases of the office of this code.")
        parser.add_argument("--json", action="store_true", help="As one line of JSON.")

    def handle(self, *_args: Any, **options: Any) -> None:
        policy, office = options["policy"], options["office"]
        if policy and not PolicyVersion.objects.filter(code=policy).exists():
            raise CommandError(f"No policy {policy} is released.")
        if office and not Office.objects.filter(code=office).exists():
            raise CommandError(f"No office has the code {office}.")
        found = blocking(EVERY_CASE, policy=policy, office=office)
        if options["json"]:
            self.stdout.write(json.dumps(found.as_dict()))
        else:
            show(found, console_for(self.stdout))


def show(found: Blocking, console: Console) -> None:
    """Print what blocks and what to obtain."""
    if not found.cases:
        console.print("No current determination; see bulk_review.")
        return
    console.print(f"Of {found.cases:,} cases determined, {found.kept:,} are not flagged.")
    table = Table(title="What keeps them", title_justify="left")
    for name in ("policy", "criterion"):
        table.add_column(name, overflow="fold")
    for name in ("cases", "alone", "with\nothers", *NOT_CLEAR):
        table.add_column(name, justify="right")
    for b in found.criteria:
        table.add_row(
            f"{b.policy} {b.version}",
            f"{b.criterion} {b.label} ({b.effect})",
            *(f"{n:,}" for n in (b.cases, b.alone, b.with_others)),
            *(f"{b.answers[answer]:,}" for answer in NOT_CLEAR),
        )
    console.print(table)
    table = Table(title="What to obtain", title_justify="left")
    table.add_column("missing")
    for name in ("cases", "nothing else\nkeeps them"):
        table.add_column(name, justify="right")
    table.add_column("criteria that wait for it", overflow="fold")
    for o in found.to_obtain:
        table.add_row(o.missing, f"{o.cases:,}", f"{o.alone:,}", ", ".join(o.criteria))
    console.print(table)
    console.print("What is obtained may speak against a case as well as for it.")
