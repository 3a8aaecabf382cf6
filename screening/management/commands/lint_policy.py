"""Say what is wrong with a policy before it is released."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from collections.abc import Mapping
from dataclasses import asdict, is_dataclass
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from rich.console import Console
from rich.table import Table

from cases.console import console as console_for
from screening.facts import CaseFacts
from screening.policies.document import Policy, PolicyRefused, read
from screening.policies.lint import Problem, lines, lint
from screening.policies.probes import clear_base, differences
from screening.policies.release import SHIPPED, shipped_codes


class Command(BaseCommand):
    help = "Find criteria that are dead, double, contradictory or unreachable. Fails on an error."

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
        problems = lint(policy)
        lines_of = {"": 1} | lines(text)
        base = clear_base(policy)
        if options["json"]:
            told = [as_dict(p, line=lines_of[p.criterion], base=base) for p in problems]
            self.stdout.write(json.dumps({"policy": policy.code, "problems": told}))
        else:
            show(policy, problems, lines_of, base, console_for(self.stdout))
        if errors := sum(p.severity == "error" for p in problems):
            raise CommandError(f"{given}: {errors} error(s).")


def as_dict(problem: Problem, *, line: int, base: CaseFacts) -> dict[str, Any]:
    """Return a problem as it is sent; of the example only what differs from the base."""
    return {
        "code": problem.code,
        "severity": problem.severity,
        "criterion": problem.criterion,
        "line": line,
        "sentence": problem.sentence,
        "example": example(problem, base),
    }


def example(problem: Problem, base: CaseFacts) -> dict[str, Any] | None:
    """Return the facts of the example that are not those of a case known and clear."""
    if problem.example is None:
        return None
    return {name: plain(v) for name, v in differences(problem.example, base).items()}


def plain(value: Any) -> Any:
    """Return a fact as words and numbers; what is not on record is left out of records."""
    if is_dataclass(value) and not isinstance(value, type):
        return {k: plain(v) for k, v in asdict(value).items() if k != "id" and v is not None}
    if isinstance(value, Mapping):
        return {str(k): plain(v) for k, v in value.items()}
    if isinstance(value, tuple | frozenset):
        return [plain(v) for v in value]
    return value if value is None or isinstance(value, bool | int) else str(value)


def show(
    policy: Policy,
    problems: list[Problem],
    lines_of: Mapping[str, int],
    base: CaseFacts,
    console: Console,
) -> None:
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
        shown = example(problem, base)
        table.add_row(
            problem.severity,
            str(lines_of[problem.criterion]),
            f"{problem.sentence} \\[{problem.code}]",
            "" if shown is None else "\n".join(f"{k}: {_short(v)}" for k, v in shown.items()),
        )
    console.print(table)


def _short(value: Any) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{k} {_short(v)}" for k, v in value.items())
    if isinstance(value, list):
        return "; ".join(map(_short, value)) or "none"
    return "not on record" if value is None else str(value)
