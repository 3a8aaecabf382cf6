"""What the law lets a party ask for: forms of discretion, and the authority for each motion.

Rows are data with dates, kept by the office's lawyers; `cases/law/` holds what is shipped.
"""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from cases.models.docket import Case


class FormOfDiscretion(models.Model):
    """A form that prosecutorial discretion takes, and what it means for the respondent."""

    class DecidedBy(models.TextChoices):
        OFFICE = "office", "the office itself"
        JUDGE = "judge", "an immigration judge"
        BOARD = "board", "the Board of Immigration Appeals"

    code = models.CharField(max_length=30, primary_key=True)
    name = models.CharField(max_length=60)
    legal_basis = models.CharField(max_length=300)
    effective_from = models.DateField()
    effective_to = models.DateField(
        null=True, blank=True, help_text="The day on which it has ended; empty: still in force."
    )
    decided_by = models.CharField(max_length=8, choices=DecidedBy)
    motion_code = models.CharField(
        max_length=4, blank=True, help_text="EOIR's code of the motion; empty: none is filed."
    )
    available_in = ArrayField(
        models.CharField(max_length=20, choices=Case.Status),
        help_text="Where a case must stand in court for this form.",
    )
    grounds = models.JSONField(
        default=list, blank=True, help_text="A list of {code, text, citation} to choose from."
    )
    ends = models.TextField(help_text="What ends for the respondent.")
    survives = models.TextField(help_text="What remains.")
    work_permit = models.TextField(help_text="What becomes of the permission to work.")
    refiling = models.TextField(help_text="What may be filed again, and with which date.")
    exposure = models.TextField(help_text="What the respondent is exposed to afterwards.")

    class Meta:
        ordering = ("name",)
        verbose_name_plural = "forms of discretion"
        constraints = [
            models.CheckConstraint(
                condition=Q(effective_to=None) | Q(effective_to__gt=F("effective_from")),
                name="a_form_ends_after_it_begins",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def consequences(self) -> list[tuple[str, str]]:
        """What is shown before the form can be proposed."""
        return [
            ("What ends", self.ends),
            ("What remains", self.survives),
            ("Work permit", self.work_permit),
            ("Filing again", self.refiling),
            ("Exposure", self.exposure),
        ]


class Authority(models.Model):
    """What a decision or a rule says of one form of motion, in some circuits, for some time.

    Of those in force that day, one that names the circuit goes before one for all; then the later.
    """

    class Standing(models.TextChoices):
        SUPPORTS = "supports", "supports the motion"
        OPPOSES = "opposes", "stands against the motion"
        UNSETTLED = "unsettled", "unsettled: counsel cites the ground by hand"

    id = models.BigAutoField(primary_key=True)
    form = models.ForeignKey(FormOfDiscretion, models.PROTECT, related_name="authorities")
    citation = models.CharField(max_length=200)
    holding = models.CharField(max_length=300)
    standing = models.CharField(max_length=10, choices=Standing)
    circuits = ArrayField(
        models.CharField(max_length=2), default=list, blank=True, help_text="Empty: every circuit."
    )
    effective_from = models.DateField()
    effective_to = models.DateField(
        null=True, blank=True, help_text="The day on which it has ended; empty: still in force."
    )
    to_confirm = models.BooleanField(
        default=False, help_text="Stated without the text at hand: counsel must confirm it."
    )

    class Meta:
        ordering = ("form", "effective_from")
        verbose_name_plural = "authorities"
        constraints = [
            models.UniqueConstraint(
                fields=["form", "citation", "effective_from"], name="an_authority_is_told_once"
            ),
            models.CheckConstraint(
                condition=Q(effective_to=None) | Q(effective_to__gt=F("effective_from")),
                name="an_authority_ends_after_it_begins",
            ),
        ]

    def __str__(self) -> str:
        return self.citation
