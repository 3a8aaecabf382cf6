"""Bulk reviews: a policy applied to many cases, in chunks that any worker may take."""

from __future__ import annotations

import uuid

import pgtrigger
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.timezone import now

from screening.models.policy import PolicyVersion


class BulkReview(models.Model):
    """One screening of a docket, or of the cases of some offices."""

    class Status(models.TextChoices):
        PLANNED = "planned"
        RUNNING = "running"
        COMPLETED = "completed"
        FAILED = "failed"
        CANCELLED = "cancelled"

    id = models.BigAutoField(primary_key=True)
    uuid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    policy_version = models.ForeignKey(PolicyVersion, models.PROTECT, related_name="bulk_reviews")
    as_of = models.DateField(help_text="The day the question is asked about.")
    known_at = models.DateTimeField(help_text="Evidence on record at this instant is used.")
    office_ids = ArrayField(
        models.BigIntegerField(), null=True, blank=True, help_text="Null: every office."
    )
    status = models.CharField(max_length=12, choices=Status, default=Status.PLANNED)
    requested_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    requested_at = models.DateTimeField(default=now)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-id",)
        permissions = [("start_bulk_review", "Can start a bulk review")]

    def __str__(self) -> str:
        return f"bulk review {self.uuid}"


class BulkReviewChunk(models.Model):
    """A range of respondents; one transaction of one worker, done or not done."""

    id = models.BigAutoField(primary_key=True)
    bulk_review = models.ForeignKey(BulkReview, models.PROTECT, related_name="chunks")
    first = models.BigIntegerField(help_text="Respondent ids from here")
    before = models.BigIntegerField(help_text="to just before here.")
    cases = models.PositiveIntegerField(help_text="Cases read.")
    done_at = models.DateTimeField(null=True, blank=True)
    seconds = models.FloatField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    error = models.CharField(max_length=300, blank=True)
    written = models.PositiveIntegerField(default=0, help_text="New determinations.")
    outcomes = models.JSONField(default=dict, help_text="Cases by outcome.")
    leading = models.JSONField(default=dict, help_text="Cases by outcome and leading criterion.")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["bulk_review", "first"], name="chunks_of_a_review_do_not_overlap"
            ),
        ]
        indexes = [
            models.Index(
                fields=["bulk_review", "id"],
                condition=models.Q(done_at=None),
                name="chunks_to_do",
            )
        ]

    def __str__(self) -> str:
        return f"chunk {self.pk}"


class BulkReviewMove(models.Model):
    """One change of a bulk review's status."""

    bulk_review = models.ForeignKey(BulkReview, models.PROTECT, related_name="moves")
    transition = models.CharField(max_length=20)
    source = models.CharField(max_length=12, choices=BulkReview.Status)
    target = models.CharField(max_length=12, choices=BulkReview.Status)
    note = models.CharField(max_length=300, blank=True)
    at = models.DateTimeField(default=now)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        triggers = [
            pgtrigger.Protect(
                name="bulk_review_moves_are_append_only",
                operation=pgtrigger.Update | pgtrigger.Delete,
            )
        ]

    def __str__(self) -> str:
        return f"move {self.pk}"
