"""Policies as they were released: dated, versioned, immutable."""

from __future__ import annotations

import pgtrigger
from django.db import models
from django.utils.timezone import now


class PolicyVersion(models.Model):
    """One version of a policy: the text that the screening ran under."""

    code = models.CharField(max_length=40)
    version = models.PositiveIntegerField()
    title = models.CharField(max_length=200)
    document = models.TextField(help_text="The policy as YAML, exactly as released.")
    sha256 = models.CharField(max_length=64, unique=True, help_text="Over the document.")
    effective_from = models.DateField()
    effective_to = models.DateField(null=True, blank=True)
    released_at = models.DateTimeField(default=now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["code", "version"], name="one_text_per_policy_version"),
        ]
        ordering = ("code", "-version")
        triggers = [
            pgtrigger.Protect(
                name="a_released_policy_is_immutable",
                operation=pgtrigger.Update | pgtrigger.Delete,
            )
        ]

    def __str__(self) -> str:
        return f"{self.code} version {self.version}"
