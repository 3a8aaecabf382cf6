"""Closure batches: many approvals through one gate, item by item on record."""

from __future__ import annotations

import uuid
from functools import reduce
from operator import or_
from typing import TYPE_CHECKING, Any

import pgtrigger
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.timezone import now

from cases.models import states
from cases.models.access import Office
from cases.models.law import FormOfDiscretion
from cases.models.review import Review

if TYPE_CHECKING:
    from cases.access import Access


FROZEN = (
    *("manifest_sha256", "items_frozen", "form", "ground", "policy", "office"),
    *("confidence", "tolerable_rate"),
)


def _changed(*names: str) -> Any:
    changed = [pgtrigger.Q(**{f"old__{name}__df": pgtrigger.F(f"new__{name}")}) for name in names]
    return reduce(or_, changed)


class ClosureBatchQuerySet(models.QuerySet["ClosureBatch"]):
    def visible_to(self, access: Access) -> ClosureBatchQuerySet:
        """Return the batches of the offices that this access may see."""
        return self if access.offices is None else self.filter(office__in=access.offices)


class ClosureBatch(models.Model):
    """Flagged reviews of one office that are proposed and approved together, after a sample."""

    Status = states.Batch

    id = models.BigAutoField(primary_key=True)
    uuid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    office = models.ForeignKey(Office, models.PROTECT, related_name="closure_batches")
    title = models.CharField(max_length=100)
    status = models.CharField(max_length=12, choices=states.Batch, default=states.Batch.ASSEMBLED)
    filters = models.JSONField(default=dict, help_text="What was asked for when it was assembled.")
    form = models.ForeignKey(FormOfDiscretion, models.PROTECT, related_name="batches")
    ground = models.CharField(max_length=12, blank=True)
    authority_cited = models.CharField(max_length=300, blank=True)
    policy = models.CharField(max_length=50, blank=True)

    manifest_sha256 = models.CharField(max_length=64, blank=True)
    items_frozen = models.PositiveIntegerField(null=True, blank=True)
    confidence = models.DecimalField(max_digits=5, decimal_places=4, default="0.9500")
    tolerable_rate = models.DecimalField(
        max_digits=5, decimal_places=4, default="0.0200", help_text="The highest rate of errors."
    )
    seed = models.CharField(max_length=64, blank=True, help_text="Committed before drawing.")
    planned_on = models.DateField(null=True, blank=True)

    assembled_at = models.DateTimeField(default=now)
    changed_at = models.DateTimeField(default=now)
    ended_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )

    objects = ClosureBatchQuerySet.as_manager()

    class Meta:
        ordering = ("-id",)
        verbose_name_plural = "closure batches"
        constraints = [
            models.CheckConstraint(
                condition=Q(approved_by=None) | ~Q(approved_by=F("proposed_by")),
                name="who_approves_a_batch_has_not_proposed_it",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=("approved", "executing", "completed"))
                | Q(approved_by__isnull=False),
                name="an_approved_batch_has_its_approver",
            ),
            models.CheckConstraint(
                condition=Q(confidence__gt=0, confidence__lt=1)
                & Q(tolerable_rate__gt=0, tolerable_rate__lt=1),
                name="confidence_and_rate_are_between_none_and_all",
            ),
        ]
        permissions = [
            ("propose_batch", "Can assemble, freeze and propose closure batches"),
            ("read_sample", "Can read the sample of a closure batch"),
            ("approve_batch", "Can approve, execute and rescind closure batches"),
        ]
        triggers = [
            pgtrigger.FSM(
                name="a_batch_moves_as_allowed",
                field="status",
                transitions=states.BATCH.steps(),
            ),
            pgtrigger.Protect(name="a_batch_is_never_deleted", operation=pgtrigger.Delete),
            pgtrigger.Protect(
                name="a_frozen_manifest_is_never_edited",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__items_frozen__isnull=False) & _changed(*FROZEN),
            ),
            # The check above knows the proposer; the sample has its readers.
            pgtrigger.Trigger(
                name="who_approves_a_batch_has_not_read_its_sample",
                operation=pgtrigger.Update,
                when=pgtrigger.Before,
                condition=pgtrigger.Q(new__approved_by__isnull=False),
                func="""
                    IF EXISTS (
                        SELECT 1 FROM cases_samplereading r
                          JOIN cases_batchitem i ON i.id = r.item_id
                         WHERE i.batch_id = NEW.id AND r.reader_id = NEW.approved_by_id
                    ) THEN
                        RAISE EXCEPTION 'who approves a batch has not read its sample';
                    END IF;
                    RETURN NEW;
                """,
            ),
        ]

    def __str__(self) -> str:
        return f"closure batch {self.pk}"


class BatchItem(models.Model):
    """One review in a batch: as it stood when frozen, and how it ended."""

    class Status(models.TextChoices):
        WAITING = "waiting"
        DONE = "done", "approved"
        DROPPED = "dropped", "dropped out"
        RESCINDED = "rescinded"

    id = models.BigAutoField(primary_key=True)
    batch = models.ForeignKey(ClosureBatch, models.PROTECT, related_name="items")
    review = models.ForeignKey(Review, models.PROTECT, related_name="batch_items")
    number = models.PositiveIntegerField(help_text="The place in the manifest, from one.")
    determination = models.BigIntegerField()
    review_version = models.PositiveIntegerField()
    stratum = models.CharField(max_length=100)
    sampled = models.BooleanField(default=False)
    status = models.CharField(max_length=10, choices=Status, default=Status.WAITING)
    reasons = ArrayField(models.TextField(), default=list, help_text="Why it dropped out.")
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("batch", "number")
        constraints = [
            models.UniqueConstraint(fields=["batch", "review"], name="a_review_is_in_a_batch_once"),
            models.UniqueConstraint(fields=["batch", "number"], name="a_manifest_number_is_unique"),
            models.CheckConstraint(
                condition=~Q(status="dropped") | ~Q(reasons=[]), name="what_dropped_out_says_why"
            ),
        ]
        indexes = [
            models.Index(
                fields=["batch", "id"], condition=Q(status="waiting"), name="items_to_execute"
            )
        ]
        triggers = [
            pgtrigger.FSM(
                name="an_item_ends_once",
                field="status",
                transitions=[("waiting", "done"), ("waiting", "dropped"), ("done", "rescinded")],
            ),
            pgtrigger.Protect(
                name="what_was_frozen_is_never_edited",
                operation=pgtrigger.Update,
                condition=pgtrigger.AnyChange(
                    "batch", "review", "number", "determination", "review_version", "stratum"
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"batch item {self.pk}"


class SampleReading(models.Model):
    """What an attorney found on reading a sampled case blind."""

    item = models.OneToOneField(BatchItem, models.PROTECT, related_name="reading")
    reader = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    would_close = models.BooleanField(help_text="Whether the reader would consider closing it.")
    note = models.TextField(blank=True)
    read_at = models.DateTimeField(default=now)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(would_close=True) | ~Q(note=""), name="who_would_not_close_says_why"
            ),
        ]
        triggers = [
            pgtrigger.Protect(
                name="sample_readings_are_append_only",
                operation=pgtrigger.Update | pgtrigger.Delete,
            ),
            pgtrigger.Trigger(
                name="who_reads_a_sample_has_not_proposed_it",
                operation=pgtrigger.Insert,
                when=pgtrigger.Before,
                func="""
                    IF EXISTS (
                        SELECT 1 FROM cases_batchitem i
                          JOIN cases_closurebatch b ON b.id = i.batch_id
                         WHERE i.id = NEW.item_id AND b.proposed_by_id = NEW.reader_id
                    ) THEN
                        RAISE EXCEPTION 'who reads a sample has not proposed the batch';
                    END IF;
                    RETURN NEW;
                """,
            ),
        ]

    def __str__(self) -> str:
        return f"sample reading {self.pk}"
