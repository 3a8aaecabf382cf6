"""Run the canaries of the released policies now, as beat does every hour."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from screening.models import PolicyVersion
from screening.policies.canaries import run_canaries
from screening.policies.golden import GoldenRefused


class Command(BaseCommand):
    help = "Run known cases, where each criterion holds and where it is clear, as live ones are."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", help="The numbers as a line of JSON.")

    def handle(self, *_args: Any, **options: Any) -> None:
        try:
            report = run_canaries()
        except (GoldenRefused, PolicyVersion.DoesNotExist) as error:
            raise CommandError(str(error)) from error
        numbers = {
            "canaries": report.canaries,
            "failed": len(report.failed),
            "lacking": len(report.lacking),
        }
        if options["json"]:
            self.stdout.write(json.dumps(numbers))
        else:
            for failure in report.failed:
                self.stdout.write(f"{failure.policy}, {failure.case}:")
                for difference in failure.differences:
                    self.stdout.write(f"  {difference}")
            for criterion in report.lacking:
                self.stdout.write(f"There is no canary for {criterion}.")
            self.stdout.write(
                f"{report.canaries:,} canaries run, {len(report.failed):,} failed, "
                f"{len(report.lacking):,} lacking."
            )
        if report.failed:
            raise CommandError(f"{len(report.failed)} canary case(s) failed.")
