"""Say why a case was determined as it was."""

from __future__ import annotations

import json
import re
from argparse import ArgumentParser
from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError
from rich.console import Console
from rich.table import Table

from cases.console import console as console_for
from cases.models import Case
from screening.explain import CriterionLine, Explanation, explain
from screening.findings import Answer
from screening.models import Determination

A_NUMBER = re.compile(r"A[- ]?(\d[\d -]{5,10}\d)", re.IGNORECASE)


def find(given: str) -> Case:
    """Return the case with this id, EOIR case id, or A-number (its latest case).

    Raises CommandError; the message does not repeat an A-number.
    """
    if matched := A_NUMBER.fullmatch(given.strip()):
        digits = re.sub(r"\D", "", matched[1]).zfill(9)
        cases = Case.objects.filter(respondent__a_number=digits)
        what = "this A-number"
    elif given.strip().isdecimal():
        cases, what = Case.objects.filter(idncase=int(given)), f"EOIR case id {given.strip()}"
    else:
        try:
            cases, what = Case.objects.filter(uuid=UUID(given.strip())), f"id {given.strip()}"
        except ValueError as error:
            raise CommandError("Give an id, an EOIR case id, or an A-number with its A.") from error
    case = cases.order_by("-charged_on", "-pk").first()
    if case is None:
        raise CommandError(f"No case has {what}.")
    return case


class Command(BaseCommand):
    help = "Print every criterion of a case's current determination, with its evidence and law."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "case", nargs="?", help="Id or EOIR case id; leave out to be asked, for an A-number."
        )
        parser.add_argument("--json", action="store_true")

    def handle(self, *_args: Any, **options: Any) -> None:
        # Asked for, an A-number stays out of the shell's history and the list of processes.
        case = find(options["case"] or input("Case (id, EOIR case id or A-number): "))
        determination = Determination.objects.current().filter(case=case).first()
        if determination is None:
            raise CommandError(f"{case} has no determination: not screened, or out of scope.")
        explained = explain(determination)
        if options["json"]:
            self.stdout.write(json.dumps(explained.as_dict()))
        else:
            show(explained, console_for(self.stdout))


def show(explained: Explanation, console: Console) -> None:
    """Print an explanation."""
    policy = explained.policy
    console.print(f"[bold]Case {explained.idncase or explained.case}[/bold]: {explained.outcome}")
    console.print(
        f"{policy['code']} version {policy['version']}, as of {explained.as_of}, "
        f"engine {explained.engine_version}"
    )
    table = Table(show_lines=False)
    for name in ("criterion", "answer", "reason, evidence, what is missing", "law"):
        table.add_column(name, overflow="fold")
    for line in explained.criteria:
        mark = "→ " if line.code == explained.leading else ""
        table.add_row(
            f"{mark}{line.code} {line.label} ({line.effect})",
            line.answer,
            "\n".join(_details(line)),
            line.citation,
        )
    console.print(table)
    for sentence in explained.what_would_change:
        console.print(f"- {sentence}")


def _details(line: CriterionLine) -> list[str]:
    details = [line.reason]
    details += [f"{e.kind} {e.id} ({e.source}): {e.summary}" for e in line.evidence]
    details += [f"Read: {read.label}: {read.value}." for read in line.reads]
    if line.missing:
        details.append(f"To obtain: {line.missing}. {line.obtained_by}")
    if miss := line.near_miss.get(Answer.CLEAR):
        details.append(f"Clear with {miss}.")
    return details
