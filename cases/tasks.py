"""What of the record runs later or on a clock: a few lines each, calling functions."""

from __future__ import annotations

from celery import shared_task

from cases.statistics import release


@shared_task(queue="bulk")
def refresh_statistics() -> int:
    """Count the completions anew, as every delivery does; for what changed by other ways."""
    return release.refresh().completions
