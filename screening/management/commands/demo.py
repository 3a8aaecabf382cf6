"""The main job from end to end, on a sample docket, through a real worker."""

from __future__ import annotations

import os
import subprocess
import sys
from argparse import ArgumentParser
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand

from screening.demonstration import Story
from screening.findings import Outcome
from screening.models import Determination

AS_OF = date(2024, 1, 15)


class Command(BaseCommand):
    help = "Make and import a sample docket, review it in bulk, explain one case of each outcome."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--cases", type=int, default=20_000)
        parser.add_argument("--seed", type=int, default=1)

    def handle(self, *_args: Any, **options: Any) -> None:
        with TemporaryDirectory(prefix="docket-") as directory:
            self._step("A sample docket in the courts' own formats")
            call_command(
                "make_docket",
                directory,
                f"--cases={options['cases']}",
                f"--seed={options['seed']}",
                "--defects=100",
                stdout=self.stdout,
            )
            self._step("Intake")
            call_command("import_docket", directory, stdout=self.stdout)
            call_command("import_evidence", str(Path(directory) / "evidence"), stdout=self.stdout)
        with worker():
            self._step(f"Bulk review under doyle-2, as of {AS_OF}")
            arguments = ("bulk_review", "--policy=doyle-2", f"--as-of={AS_OF}")
            call_command(*arguments, stdout=self.stdout)
            self._step("The same again: next to nothing is written")
            call_command(*arguments, stdout=self.stdout)
            self._close()
        for outcome in Outcome:
            one = Determination.objects.current().filter(outcome=outcome).first()
            if one is not None:
                self._step(f"Why one case is: {outcome.value}")
                call_command("explain", str(one.case.uuid), stdout=self.stdout)
        self._step("A thousand determinations made again from their stored facts")
        call_command("replay", "--sample=1000", stdout=self.stdout)
        self._step("Closures by year, from the imported decisions")
        call_command("closure_statistics", "--by=fiscal-year", "--last=12", stdout=self.stdout)

    def _close(self) -> None:
        story = Story(AS_OF)
        for title, part in (
            ("What was flagged is brought to people", story.reviews),
            ("One closure batch: frozen, sampled, read, approved, executed", story.batch),
            ("A case to an order of each kind", story.orders),
            ("A respondent who opposes", story.opposed),
            ("Every step is on record", story.counts),
        ):
            self._step(title)
            for line in part():
                self.stdout.write(line)

    def _step(self, title: str) -> None:
        self.stdout.write(f"\n== {title}\n")


@contextmanager
def worker(concurrency: int = 2) -> Iterator[subprocess.Popen[bytes]]:
    """Run a Celery worker beside us, and stop it when done."""
    process = subprocess.Popen(  # noqa: S603  our own interpreter and words
        [
            *(
                sys.executable,
                "-W",
                "ignore",
                "-m",
                "celery",
                "--quiet",
                "-A",
                "casemgmt",
                "worker",
            ),
            *(f"--concurrency={concurrency}", "--queues=bulk,interactive", "--loglevel=ERROR"),
            *("--without-gossip", "--without-mingle"),
        ],
        env={**os.environ, "DJANGO_LOG_LEVEL": "ERROR"},
    )
    try:
        yield process
    finally:
        process.terminate()
        process.wait(timeout=60)
