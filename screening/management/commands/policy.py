"""Say how two policies differ, versions or drafts."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from screening.policies.diff import differences
from screening.policies.document import PolicyRefused
from screening.policies.lifecycle import named
from screening.policies.release import policy_of


class Command(BaseCommand):
    help = "Print how two policies differ. A version is doyle-2:1, a draft is draft:7."

    def add_arguments(self, parser: ArgumentParser) -> None:
        commands = parser.add_subparsers(required=True)
        diff = commands.add_parser("diff", help="Print how the second differs from the first.")
        diff.add_argument("old")
        diff.add_argument("new")

    def handle(self, *_args: Any, **options: Any) -> None:
        try:
            old, new = (policy_of(named(options[key])) for key in ("old", "new"))
        except LookupError as error:
            raise CommandError(str(error)) from error
        except PolicyRefused as error:
            raise CommandError("\n".join(error.problems)) from error
        for sentence in differences(old, new) or ["Both say the same."]:
            self.stdout.write(sentence)
