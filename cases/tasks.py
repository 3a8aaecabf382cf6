"""What runs later or on a clock: a few lines each, calling functions."""

from __future__ import annotations

from datetime import date

from celery import shared_task
from django.conf import settings
from django.db import OperationalError
from django.utils.timezone import localdate, now
from oauth2_provider.models import clear_expired

from cases import batches
from cases.models import ApiRequest, ClosureBatch
from cases.statistics import release


@shared_task(queue="bulk", autoretry_for=(OperationalError,), retry_backoff=True, max_retries=5)
def execute_next_items(batch_id: str, as_of: str | None = None) -> None:
    """Execute the next items of a closure batch that nobody works on; twice is once."""
    batch = ClosureBatch.objects.filter(uuid=batch_id).first()
    if batch is None:  # a message may outlive its database
        return
    on = date.fromisoformat(as_of) if as_of else localdate()
    if batches.work(batch, on=on, items=settings.CLOSURE_BATCH_CHUNK_ITEMS):
        batches.nudge(batch, as_of=on if as_of else None)
    else:
        batches.finish_if_done(batch, on=on)


@shared_task
def tick() -> int:
    """Queue the work of batches that have come to a halt; fired every minute by beat."""
    halted = batches.stalled()
    for batch in halted:
        batches.nudge(batch)
    return len(halted)


@shared_task(queue="bulk")
def refresh_statistics() -> int:
    """Count the completions anew, as every delivery does; for the orders recorded since."""
    return release.refresh().completions


@shared_task(queue="bulk")
def tidy_api() -> int:
    """Forget old answers and expired tokens; return how many answers. Fired every day by beat."""
    clear_expired()
    forgotten, _ = ApiRequest.objects.filter(received_at__lt=now() - ApiRequest.KEPT).delete()
    return forgotten
