"""Evidence about a respondent: appended to, superseded, never edited.

Evidence is current while `superseded_at` is null. What was known at an instant is therefore a
condition on two columns. A trigger refuses every other change, and deletion.
"""

from __future__ import annotations

from enum import StrEnum

import pgtrigger
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Now
from django.utils.timezone import now

from cases.models import Respondent, states
from cases.models.append_only import only_superseded
from screening.facts import (
    CheckKind,
    CheckResult,
    Circumstance,
    Disposition,
    Form,
    IndicatorCategory,
    OffenceFamily,
    Resolution,
    Severity,
    SourceRelation,
    Vacatur,
)


def choices(values: type[StrEnum]) -> list[tuple[str, str]]:
    """Return the values of an enumeration as choices of a field."""
    return [(v.value, v.value.replace("-", " ")) for v in values]


class EvidenceFile(models.Model):
    """A file or request in which evidence came in."""

    name = models.CharField(max_length=120)
    sha256 = models.CharField(max_length=64, unique=True)
    received_at = models.DateTimeField(default=now)
    received_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT)
    read = models.BigIntegerField(default=0)
    added = models.BigIntegerField(default=0)
    superseded = models.BigIntegerField(default=0)
    unchanged = models.BigIntegerField(default=0)
    quarantined = models.BigIntegerField(default=0)

    def __str__(self) -> str:
        return f"evidence file {self.pk}"


class QuarantinedEvidence(models.Model):
    """A line that was not taken in, kept whole, with where it stood and why."""

    id = models.BigAutoField(primary_key=True)
    received_in = models.ForeignKey(EvidenceFile, models.PROTECT, related_name="quarantined_lines")
    line = models.BigIntegerField()
    column = models.CharField(max_length=60, blank=True, help_text="The key, or the position.")
    reason = models.CharField(max_length=300)
    line_text = models.TextField()

    class Meta:
        verbose_name_plural = "quarantined evidence"

    def __str__(self) -> str:
        return f"line {self.line} of evidence file {self.received_in_id}"


class Evidence(models.Model):
    """What every kind of evidence says of where it comes from."""

    id = models.BigAutoField(primary_key=True)
    respondent = models.ForeignKey(
        Respondent, models.PROTECT, db_constraint=False, db_index=False, related_name="+"
    )
    source = models.CharField(max_length=20)
    source_record = models.CharField(max_length=40, help_text="The record's key at its source.")
    source_relation = models.CharField(max_length=20, choices=choices(SourceRelation))
    received_in = models.ForeignKey(
        EvidenceFile, models.PROTECT, db_constraint=False, db_index=False, related_name="+"
    )
    recorded_at = models.DateTimeField(default=now, db_default=Now())
    superseded_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self._meta.verbose_name} {self.pk}"


def one_current(table: str) -> models.UniqueConstraint:
    """Return the constraint that a record of a source is current at most once."""
    return models.UniqueConstraint(
        fields=["source", "source_record"],
        condition=models.Q(superseded_at=None),
        name=f"one_current_{table}_per_source_record",
    )


ENDED = ", ".join(f"'{status}'" for status in states.ENDED)


def of_evidence(table: str) -> list[pgtrigger.Trigger]:
    """Return the triggers of a kind of evidence: it is only superseded, and it is noticed.

    Whatever arrives makes the open reviews of that person stale, below the ORM, so that loads by
    COPY count too. A review that is stale cannot be decided or filed before it is screened again.
    """
    return [
        *only_superseded(table),
        pgtrigger.Trigger(
            name=f"{table}_makes_reviews_stale",
            level=pgtrigger.Statement,
            operation=pgtrigger.Insert,
            when=pgtrigger.After,
            referencing=pgtrigger.Referencing(new="arrived"),  # type: ignore[no-untyped-call]  # untyped
            func=f"""
                UPDATE cases_review r SET stale = true
                  FROM cases_case c
                 WHERE c.id = r.case_id AND NOT r.stale AND r.status NOT IN ({ENDED})
                   AND c.respondent_id IN (SELECT respondent_id FROM arrived);
                RETURN NULL;
            """,  # noqa: S608  our own statuses
        ),
    ]


class CriminalRecord(Evidence):
    """One charge of a criminal history, with what became of it; None is: not on record."""

    ncic = models.CharField("NCIC code", max_length=4, blank=True)
    family = models.CharField(max_length=24, choices=choices(OffenceFamily))
    severity = models.CharField(max_length=12, choices=choices(Severity))
    place = models.CharField(max_length=6, blank=True, help_text="US-CA, or a country's ISO code.")
    arrested_on = models.DateField(null=True, blank=True)
    charged_on = models.DateField(null=True, blank=True)
    disposition = models.CharField(
        max_length=24, choices=choices(Disposition), null=True, blank=True
    )
    disposed_on = models.DateField(null=True, blank=True)
    sentence_days = models.PositiveIntegerField(null=True, blank=True)
    maximum_days = models.PositiveIntegerField(null=True, blank=True)
    vacated = models.CharField(max_length=16, choices=choices(Vacatur), null=True, blank=True)
    weapon = models.BooleanField(null=True, blank=True)
    age_at_offence = models.PositiveSmallIntegerField(null=True, blank=True)
    loss_dollars = models.BigIntegerField("loss in dollars", null=True, blank=True)
    victim_minor = models.BooleanField("victim under 18", null=True, blank=True)

    class Meta:
        constraints = [one_current("criminal_record")]
        indexes = [models.Index(fields=["respondent", "id"], name="criminal_record_of_person")]
        triggers = of_evidence("criminal_record")


class ThreatIndicator(Evidence):
    """A possible threat, and whether a person has resolved it. A name hit is not a person."""

    category = models.CharField(max_length=20, choices=choices(IndicatorCategory))
    list_code = models.CharField("list", max_length=20, blank=True)
    resolution = models.CharField(max_length=28, choices=choices(Resolution))
    noted_on = models.DateField(null=True, blank=True)
    resolved_on = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [one_current("threat_indicator")]
        indexes = [models.Index(fields=["respondent", "id"], name="threat_indicator_of_person")]
        triggers = of_evidence("threat_indicator")


class CompletedForm(Evidence):
    """What a person who reviewed the case was asked to look for, and found.

    What the form asks about and does not name as present was looked for and not found.
    """

    form = models.CharField(max_length=16, choices=choices(Form))
    present = ArrayField(models.CharField(max_length=24, choices=choices(Circumstance)))
    completed_on = models.DateField()

    class Meta:
        constraints = [one_current("completed_form")]
        indexes = [models.Index(fields=["respondent", "id"], name="completed_form_of_person")]
        triggers = of_evidence("completed_form")


class BackgroundCheck(Evidence):
    """A check that was ordered, and what came back."""

    kind = models.CharField(max_length=12, choices=choices(CheckKind))
    ordered_on = models.DateField(null=True, blank=True)
    completed_on = models.DateField(null=True, blank=True)
    result = models.CharField(max_length=28, choices=choices(CheckResult))
    expires_on = models.DateField(
        null=True, blank=True, help_text="If the source says so; else the policy's validity counts."
    )

    class Meta:
        constraints = [one_current("background_check")]
        indexes = [
            models.Index(
                fields=["respondent", "id"],
                include=[
                    "kind",
                    "result",
                    "completed_on",
                    "expires_on",
                    "recorded_at",
                    "superseded_at",
                ],
                name="background_check_of_person",
            )
        ]
        triggers = of_evidence("background_check")
