"""Who works with the record: offices and their staff, and the systems of other agencies."""

from __future__ import annotations

import uuid
from datetime import timedelta

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.timezone import now
from oauth2_provider.models import AbstractApplication


class Office(models.Model):
    """A field office of the Office of the Principal Legal Advisor."""

    code = models.CharField(max_length=8, unique=True)
    name = models.CharField(max_length=80)
    staff = models.ManyToManyField(
        settings.AUTH_USER_MODEL,
        blank=True,
        related_name="offices",
        help_text="People who may see the cases of this office.",
    )
    answer_days = models.PositiveSmallIntegerField(
        default=30, db_default=30, help_text="Days that a respondent has to answer a notice."
    )
    more_days_without_counsel = models.PositiveSmallIntegerField(default=15, db_default=15)
    answer_to = models.TextField(
        blank=True,
        db_default="",
        help_text="Where respondents answer, as printed on notices: address, telephone, e-mail; "
        "one a line. Without it no notice can be made.",
    )

    class Meta:
        ordering = ("code",)

    def __str__(self) -> str:
        return self.name


class ApiClient(AbstractApplication):
    """The system of another agency: what it may do, and whose cases it may see."""

    scopes = ArrayField(
        models.CharField(max_length=40),
        default=list,
        blank=True,
        help_text="The only scopes a token of this client can carry.",
    )
    offices = models.ManyToManyField(
        Office,
        blank=True,
        related_name="api_clients",
        help_text="Cases of these offices are visible to the client; none chosen, none visible.",
    )
    all_offices = models.BooleanField(default=False)
    sees_protected = models.BooleanField(
        default=False,
        help_text="May see cases whose information 8 U.S.C. 1367 protects.",
    )

    class Meta(AbstractApplication.Meta):
        swappable = "OAUTH2_PROVIDER_APPLICATION_MODEL"
        verbose_name = "API client"

    def __str__(self) -> str:
        return self.name or f"API client {self.pk}"


class ApiRequest(models.Model):
    """A POST already answered, so that the same Idempotency-Key gets the same answer.

    For `KEPT`: afterwards the answer is forgotten and the key is free again. What was done stays
    on record where it was done.
    """

    KEPT = timedelta(days=30)

    client = models.ForeignKey(
        settings.OAUTH2_PROVIDER_APPLICATION_MODEL, models.PROTECT, null=True
    )
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True)
    key = models.CharField(max_length=100)
    request_sha256 = models.CharField(max_length=64)
    status_code = models.PositiveSmallIntegerField(null=True)
    body = models.JSONField(null=True)
    headers = models.JSONField(default=dict, db_default={})
    received_at = models.DateTimeField(default=now)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["client", "user", "key"],
                nulls_distinct=False,
                name="one_answer_per_client_and_key",
            ),
        ]

    def __str__(self) -> str:
        return f"request {self.pk}"


class RecordRead(models.Model):
    """Someone looked at a case's explanation or detail: who, when, by which way in."""

    id = models.BigAutoField(primary_key=True)
    case_uuid = models.UUIDField(default=uuid.uuid4)
    client = models.ForeignKey(
        settings.OAUTH2_PROVIDER_APPLICATION_MODEL, models.PROTECT, null=True
    )
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True)
    channel = models.CharField(max_length=20)
    read_at = models.DateTimeField(default=now)

    class Meta:
        indexes = [models.Index(fields=["case_uuid", "id"], name="reads_of_a_case")]

    def __str__(self) -> str:
        return f"read {self.pk}"
