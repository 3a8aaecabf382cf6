"""What the lint found in the texts of drafts."""

from __future__ import annotations

import pgtrigger
from django.db import models
from django.utils.timezone import now


class PolicyLint(models.Model):
    """The lint of one text, by one engine and with one set of golden cases.

    Of another engine or of other golden cases it says nothing: the text is linted again.
    """

    sha256 = models.CharField(max_length=64, help_text="Over the text.")
    engine_version = models.CharField(max_length=12)
    golden_sha256 = models.CharField(max_length=64, help_text="Over the golden cases.")
    problems = models.JSONField(
        help_text="Each with code, severity, criterion, line, sentence and example in words."
    )
    linted_at = models.DateTimeField(default=now)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=("sha256", "engine_version", "golden_sha256"), name="a_text_is_linted_once"
            )
        ]
        triggers = [
            pgtrigger.Protect(
                name="policy_lints_are_append_only",
                operation=pgtrigger.Update | pgtrigger.Delete,
            )
        ]

    def __str__(self) -> str:
        return f"lint {self.pk}"
