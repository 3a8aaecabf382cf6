"""What runs later or on a clock: a few lines each, calling functions."""

from __future__ import annotations

from celery import shared_task
from django.db import OperationalError
from django.utils.timezone import localdate

from screening import bulk, disparity, monitoring
from screening.models import BulkReview, PolicyDraft, Simulation
from screening.policies import canaries, linted, simulate
from screening.reviews import sweep
from screening.urgency import judge_urgency


@shared_task(queue="bulk", autoretry_for=(OperationalError,), retry_backoff=True, max_retries=5)
def screen_next_chunk(review_id: str) -> None:
    """Do the next chunk of a bulk review that nobody works on; twice is once."""
    review = BulkReview.objects.filter(uuid=review_id).first()
    if review is not None:  # a message may outlive its database
        bulk.work(review)


@shared_task(queue="bulk", autoretry_for=(OperationalError,), retry_backoff=True, max_retries=5)
def simulate_next_chunk(simulation_id: str) -> None:
    """Do the next chunk of a simulation that nobody works on; twice is once."""
    simulation = Simulation.objects.filter(uuid=simulation_id).first()
    if simulation is not None:
        simulate.work(simulation)


@shared_task(autoretry_for=(OperationalError,), retry_backoff=True, max_retries=5)
def lint_draft(draft_id: str) -> None:
    """Lint the text of a draft as it stands, unless that is done; someone waits for it."""
    draft = PolicyDraft.objects.filter(pk=draft_id).first()
    if draft is not None:
        linted.work(draft)


@shared_task
def tick() -> int:
    """Queue the work of runs that have come to a halt; fired every minute by beat."""
    return sum(bulk.nudge(review) for review in bulk.stalled()) + sum(
        simulate.nudge(simulation) for simulation in simulate.stalled()
    )


@shared_task
def sweep_reviews() -> int:
    """Suspend what is found otherwise now, and screen what waits; fired every hour by beat."""
    return sweep(on=localdate())


@shared_task(queue="bulk")
def say_what_is_urgent() -> int:
    """Ask how urgent it is whether closed cases go back; fired every hour by beat."""
    return judge_urgency(on=localdate())


@shared_task
def run_canaries() -> int:
    """Run the canaries of the released policies, which log what fails; fired every hour by beat."""
    return len(canaries.run_canaries().failed)


@shared_task(queue="bulk")
def refresh_disparity() -> int:
    """Count the rates by group anew; fired by beat, several times a day."""
    return disparity.refresh(on=localdate())


@shared_task(queue="bulk", autoretry_for=(OperationalError,), retry_backoff=True, max_retries=5)
def monitor_closed_cases() -> int:
    """Make events of what is new about closed cases; fired every day by beat. Twice is once."""
    return sum(monitoring.monitor(on=localdate()).events.values())
