"""The closure batch: what is asked of each of its moves. What they do is in `cases.batches`."""

from __future__ import annotations

from typing import Any

from django.db.models import Exists, OuterRef, QuerySet

from cases.models import BatchItem, ClosureBatch, SampleReading, states
from cases.workflow.engine import SERVICE, Act, Transition, add
from cases.workflow.reviews import APPROVER

Batches = QuerySet[ClosureBatch]
PROPOSER = "cases.propose_batch"
READER = "cases.read_sample"


def nothing_in_it(batches: Batches, _act: Act) -> Batches:
    """There is nothing in it."""
    return batches.exclude(Exists(BatchItem.objects.filter(batch=OuterRef("pk"))))


def you_proposed_it(batches: Batches, act: Act) -> Batches:
    """You proposed this batch; someone else must decide."""
    return batches.filter(proposed_by=act.by)


def you_read_its_sample(batches: Batches, act: Act) -> Batches:
    """You read its sample; someone else must decide."""
    read = SampleReading.objects.filter(item__batch=OuterRef("pk"), reader=act.by)
    return batches.filter(Exists(read))


def sample_is_unread(batches: Batches, _act: Act) -> Batches:
    """Some of the sample has not been read."""
    unread = BatchItem.objects.filter(batch=OuterRef("pk"), sampled=True, reading=None)
    return batches.filter(Exists(unread))


def sample_has_errors(batches: Batches, _act: Act) -> Batches:
    """A reader would not close a case of the sample: the whole batch goes to individual review."""
    return batches.filter(_error())


def sample_has_no_errors(batches: Batches, _act: Act) -> Batches:
    """Every reader would close every case of the sample."""
    return batches.exclude(_error())


def _error() -> Exists:
    wrong = SampleReading.objects.filter(item__batch=OuterRef("pk"), would_close=False)
    return Exists(wrong)


def planned_for_later(batches: Batches, act: Act) -> Batches:
    """Its planned day has not come."""
    return batches.filter(planned_on__gt=act.on)


def items_are_waiting(batches: Batches, _act: Act) -> Batches:
    """Some of its items have not ended."""
    return batches.filter(items__status=BatchItem.Status.WAITING)


def motion_has_been_filed(batches: Batches, _act: Act) -> Batches:
    """A motion of one of its cases has been filed: the whole can no longer be taken back."""
    filed = BatchItem.objects.filter(
        batch=OuterRef("pk"),
        status=BatchItem.Status.DONE,
        review__motions__filed_on__isnull=False,
    )
    return batches.filter(Exists(filed))


def _batch(name: str, label: str, *permissions: str, **more: Any) -> Transition:
    return Transition(machine=states.BATCH, name=name, label=label, permissions=permissions, **more)


add(
    _batch("assemble", "Assemble", PROPOSER),
    _batch("freeze", "Freeze", PROPOSER, guards=(nothing_in_it,)),
    _batch("draw", "Draw the sample", PROPOSER),
    _batch("pass", "Sample passed", READER, guards=(sample_is_unread, sample_has_errors)),
    _batch("stop", "Stop", READER, guards=(sample_is_unread, sample_has_no_errors)),
    _batch(
        "approve",
        "Approve",
        APPROVER,
        guards=(you_proposed_it, you_read_its_sample),
        asks=("note", "consequences"),
        sets=lambda act: {"approved_by": act.by},
    ),
    _batch("execute", "Execute", APPROVER, guards=(planned_for_later,)),
    _batch("pause", "Pause", APPROVER, asks=("note",)),
    _batch("complete", "Complete", SERVICE, APPROVER, guards=(items_are_waiting,)),
    _batch("cancel", "Cancel", PROPOSER, APPROVER, asks=("note",)),
    _batch(
        "rescind",
        "Take the whole batch back",
        APPROVER,
        guards=(motion_has_been_filed,),
        asks=("note",),
    ),
)
