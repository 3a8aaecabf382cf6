"""Write the criteria and the policies down for readers of the law."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand

from screening.describe import describe
from screening.policies.document import read
from screening.policies.release import SHIPPED, shipped_codes


class Command(BaseCommand):
    help = "Print every kind of criterion and every shipped policy as Markdown."
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--file", type=Path, help="Where to; default: printed.")

    def handle(self, *_args: Any, **options: Any) -> None:
        texts = {code: (SHIPPED / f"{code}.yaml").read_text("utf-8") for code in shipped_codes()}
        document = describe([read(text, name=code) for code, text in texts.items()])
        if options["file"]:
            options["file"].write_text(document, encoding="utf-8")
        else:
            self.stdout.write(document, ending="")
