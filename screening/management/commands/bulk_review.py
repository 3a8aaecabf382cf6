"""Screen the docket under a policy, through the workers."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from dataclasses import asdict
from datetime import date
from time import monotonic, sleep
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.timezone import localdate
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from cases.accounts import machine_account
from cases.console import console as console_for
from screening import bulk
from screening.findings import Outcome
from screening.models import BulkReview, PolicyVersion
from screening.policies.document import PolicyRefused
from screening.policies.release import policy_of, release_shipped, version_to_screen_with

PATIENCE = 10.0
"""Seconds without a chunk done before the work is queued again and the reader is told."""


class Command(BaseCommand):
    help = "Screen the docket under a policy. Workers do it; waits for them unless --no-wait."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--policy", default="doyle-2")
        parser.add_argument("--as-of", type=date.fromisoformat, help="Default: today.")
        parser.add_argument("--no-wait", action="store_true")
        parser.add_argument("--chunk-cases", type=int, default=bulk.CHUNK_CASES)
        parser.add_argument(
            "--timeout", type=float, default=3600.0, help="Seconds to wait at most."
        )
        parser.add_argument("--json", action="store_true", help="The result as one line of JSON.")

    def handle(self, *_args: Any, **options: Any) -> None:
        as_of = options["as_of"] or localdate()
        try:
            version = _version(options["policy"], as_of)
        except PolicyRefused as error:
            raise CommandError(str(error)) from error
        review = bulk.plan(
            version=version,
            as_of=as_of,
            by=machine_account("screening"),
            chunk_cases=options["chunk_cases"],
        )
        console = console_for(self.stdout, quiet=options["json"])
        console.print(f"{review}: {version}, as of {review.as_of}")
        if options["no_wait"]:
            return
        _wait(review, console, options["timeout"])
        if review.status != BulkReview.Status.COMPLETED:
            last = review.moves.latest("at")
            raise CommandError(f"The bulk review {review.get_status_display()}. {last.note}")
        result = bulk.result(review)
        if options["json"]:
            self.stdout.write(json.dumps({"bulk_review": str(review.uuid), **asdict(result)}))
        else:
            _print(result, labels_of(review), console)


def _version(code: str, as_of: date) -> PolicyVersion:
    """Return the version on record, or the shipped one where none is. Raises PolicyRefused."""
    try:
        return version_to_screen_with(code, on=as_of)
    except PolicyVersion.DoesNotExist:
        return release_shipped(code)


def _wait(review: BulkReview, console: Console, timeout: float) -> None:
    """Wait until the review has ended, showing how far it is."""
    started = last_change = monotonic()
    done = -1
    columns = (TextColumn("Screening"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True) as bar:
        line = bar.add_task("")
        while True:
            bulk.finish_if_done(review)
            far = bulk.progress(review)
            bar.update(line, total=far.cases, completed=far.cases_done)
            if review.status != BulkReview.Status.RUNNING:
                return
            if far.chunks_done != done:
                done, last_change = far.chunks_done, monotonic()
            elif monotonic() - last_change > PATIENCE:
                bulk.nudge(review)
                console.print("No worker has finished a chunk lately; is one running?")
                last_change = monotonic()
            if monotonic() - started > timeout:
                raise CommandError(f"{review} is still running after {timeout:.0f} seconds.")
            sleep(0.1)


def labels_of(review: BulkReview) -> dict[str, str]:
    """Return the label of each criterion of the review's policy."""
    return {c.code: c.label for c in policy_of(review.policy_version).criteria}


def _print(result: bulk.Result, labels: dict[str, str], console: Console) -> None:
    summary = Table(title="Bulk review", title_justify="left")
    summary.add_column("")
    summary.add_column("cases", justify="right")
    summary.add_row("read", f"{result.cases:,}")
    summary.add_row("in scope", f"{result.in_scope:,}")
    for outcome in Outcome:
        summary.add_row(f"  {outcome.value}", f"{result.outcomes.get(outcome, 0):,}")
    summary.add_row("determinations written", f"{result.written:,}")
    console.print(summary)
    reasons = Table(title="By leading criterion", title_justify="left")
    reasons.add_column("outcome")
    reasons.add_column("criterion")
    reasons.add_column("cases", justify="right")
    for led_to, code, cases in result.leading:
        if code:
            reasons.add_row(led_to, f"{code} {labels.get(code, '')}", f"{cases:,}")
    console.print(reasons)
    console.print(f"{result.seconds:.1f} seconds, {result.cases_per_second:,.0f} cases a second")
