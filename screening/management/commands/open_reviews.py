"""Bring what the screening flagged to the attorneys: one review of each case."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.timezone import localdate

from cases.models import Case, Office
from screening.findings import Outcome
from screening.reviews import open_reviews, service_account


class Command(BaseCommand):
    help = "Open a review of every pending case that is flagged now and has none open."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--office", help="The code of one office; default: every office.")
        parser.add_argument(
            "--outcome",
            action="append",
            choices=[outcome.value for outcome in Outcome],
            help="Which outcomes; may be given more than once. Default: flagged.",
        )
        parser.add_argument("--json", action="store_true", help="The number as a line of JSON.")

    def handle(self, *_args: Any, **options: Any) -> None:
        cases = Case.objects.all()
        if code := options["office"]:
            office = Office.objects.filter(code=code).first()
            if office is None:
                known = ", ".join(Office.objects.values_list("code", flat=True))
                raise CommandError(f"There is no office {code}; there are {known or 'none'}.")
            cases = cases.filter(office=office)
        outcomes = tuple(options["outcome"] or [Outcome.FLAGGED.value])
        opened = open_reviews(cases, by=service_account(), on=localdate(), outcomes=outcomes)
        if options["json"]:
            self.stdout.write(json.dumps({"opened": opened}))
        else:
            self.stdout.write(f"{opened:,} reviews opened; they wait for an attorney.")
