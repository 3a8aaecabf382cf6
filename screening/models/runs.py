"""What bulk reviews and simulations have in common: a run over the docket, in chunks."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.timezone import now


class Run(models.Model):
    """Work over the whole docket, or over the cases of some offices, as of a day."""

    class Status(models.TextChoices):
        PLANNED = "planned"
        RUNNING = "running"
        COMPLETED = "completed"
        FAILED = "failed"
        CANCELLED = "cancelled"

    id = models.BigAutoField(primary_key=True)
    uuid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    as_of = models.DateField(help_text="The day the question is asked about.")
    known_at = models.DateTimeField(help_text="Evidence on record at this instant is used.")
    office_ids = ArrayField(
        models.BigIntegerField(), null=True, blank=True, help_text="Null: every office."
    )
    status = models.CharField(max_length=12, choices=Status, default=Status.PLANNED)
    requested_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    requested_at = models.DateTimeField(default=now)
    ended_at = models.DateTimeField(null=True, blank=True)

    if TYPE_CHECKING:
        chunks: Any
        moves: Any

    class Meta:
        abstract = True


class Chunk(models.Model):
    """A range of respondents; one transaction of one worker, done or not done."""

    id = models.BigAutoField(primary_key=True)
    first = models.BigIntegerField(help_text="Respondent ids from here")
    before = models.BigIntegerField(help_text="to just before here.")
    cases = models.PositiveIntegerField(help_text="Cases read.")
    done_at = models.DateTimeField(null=True, blank=True)
    seconds = models.FloatField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    error = models.CharField(max_length=300, blank=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"chunk {self.pk}"


class Move(models.Model):
    """One change of a run's status."""

    transition = models.CharField(max_length=20)
    source = models.CharField(max_length=12, choices=Run.Status)
    target = models.CharField(max_length=12, choices=Run.Status)
    note = models.CharField(max_length=300, blank=True)
    at = models.DateTimeField(default=now)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"move {self.pk}"
