"""Print every status and move as Markdown: `docs/states.md`."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand

from cases.states_document import document


class Command(BaseCommand):
    help = "Print every status and every move, from the code."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--file", type=Path, help="Write it there instead.")

    def handle(self, *_args: Any, file: Path | None = None, **_options: Any) -> None:
        if file is None:
            self.stdout.write(document(), ending="")
        else:
            file.write_text(document())
