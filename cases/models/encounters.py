"""Border encounters, and what was determined from them; appended to, never edited.

Law: INA 212(f); Proclamation 10773, 89 FR 48487, as amended by Proclamation 10817, 89 FR 80351.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Self

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.timezone import now

from cases.models.append_only import only_superseded

STOPS_BELOW = 10_500
"""The sum of seven days, 1,500 a day, below which a suspension ends; itself it does not."""
STARTS_AT = 17_500
"""The sum of seven days, 2,500 a day, at which a suspension starts or goes on."""


class Category(models.TextChoices):
    """Who was encountered, and where. The first three stand between ports of entry."""

    OTHERS = "others", "between ports: all but unaccompanied children"
    CHILDREN_CONTIGUOUS = (
        "children-contiguous",
        "between ports: unaccompanied children of Mexico and Canada",
    )
    CHILDREN_ELSEWHERE = (
        "children-elsewhere",
        "between ports: unaccompanied children of other countries",
    )
    SOUTHWEST = "southwest", "published: south-west land border, ports of entry included"
    ALL_REGIONS = "all-regions", "published: all regions, ports of entry included"


class Basis(models.TextChoices):
    DAILY = "daily", "counted on the day"
    DERIVED = "derived", "derived from the month"


class EncounterCountQuerySet(models.QuerySet["EncounterCount"]):
    def known_at(self, data_version: int) -> Self:
        """Return the counts that were on record when this was the newest."""
        return self.filter(pk__lte=data_version)

    def current(self) -> Self:
        """Return the highest version of each count."""
        key = ("day", "category", "basis")
        return self.order_by(*key, "-version").distinct(*key)


class EncounterCount(models.Model):
    """The encounters of one day and category, in one version; a revision is another row."""

    id = models.BigAutoField(primary_key=True)
    day = models.DateField(help_text="The calendar day at the border.")
    category = models.CharField(max_length=20, choices=Category)
    basis = models.CharField(max_length=8, choices=Basis)
    version = models.PositiveIntegerField(default=1)
    count = models.PositiveIntegerField()
    final = models.BooleanField(help_text="Whether its publisher calls it final.")
    source = models.CharField(max_length=80)
    recorded_at = models.DateTimeField(default=now)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    objects = EncounterCountQuerySet.as_manager()

    class Meta:
        ordering = ("-day", "category", "basis", "-version")
        constraints = [
            models.UniqueConstraint(
                fields=["day", "category", "basis", "version"],
                name="a_version_of_a_count_is_on_record_once",
            ),
            models.CheckConstraint(
                condition=Q(category__in=Category.values) & Q(basis__in=Basis.values),
                name="a_count_is_of_a_known_category",
            ),
            models.CheckConstraint(
                condition=~Q(category__in=(Category.SOUTHWEST, Category.ALL_REGIONS))
                | Q(basis=Basis.DERIVED),
                name="published_months_are_no_daily_counts",
            ),
        ]
        triggers = [
            pgtrigger.Protect(
                name="encounter_counts_are_append_only",
                operation=pgtrigger.Update | pgtrigger.Delete,
            )
        ]

    def __str__(self) -> str:
        return f"encounter count {self.pk}"


class FactualDetermination(models.Model):
    """What the Secretary of Homeland Security determined from the counts, as a person recorded it.

    Nothing takes effect without one. Law: Proclamation 10773, sec. 2.
    """

    class Kind(models.TextChoices):
        START = "start", "the suspension starts"
        STOP = "stop", "the suspension is to be discontinued"
        CANCEL = "cancel", "the pending discontinuation is cancelled"

    id = models.BigAutoField(primary_key=True)
    kind = models.CharField(max_length=6, choices=Kind)
    determined_on = models.DateField(unique=True)
    document = models.CharField(max_length=100, help_text="Where it is published.")
    window_from = models.DateField()
    window_to = models.DateField(help_text="The last of the seven days.")
    sum7 = models.PositiveIntegerField("sum of the seven days")
    days_below = models.PositiveIntegerField(
        help_text="Days in a row, to the last of the seven, with an average below 1,500."
    )
    days_needed = models.PositiveIntegerField()
    data_version = models.BigIntegerField(help_text="The newest count on record at the time.")
    readings = models.JSONField(help_text="How what the texts leave open was read.")
    recorded_at = models.DateTimeField(default=now)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        ordering = ("-determined_on",)
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="stop", sum7__lt=STOPS_BELOW, days_below__gte=F("days_needed"))
                | Q(kind__in=("start", "cancel"), sum7__gte=STARTS_AT),
                name="a_determination_rests_on_its_sum",
            ),
            models.CheckConstraint(
                condition=Q(window_from=F("window_to") - timedelta(days=6))
                & Q(window_to__lte=F("determined_on")),
                name="a_determination_is_made_on_seven_days_gone_by",
            ),
            models.CheckConstraint(
                condition=~Q(document=""), name="a_determination_has_its_document"
            ),
        ]
        permissions = [
            ("record_determination", "Can record determinations of the Secretary"),
        ]
        triggers = [
            pgtrigger.Protect(
                name="factual_determinations_are_append_only",
                operation=pgtrigger.Update | pgtrigger.Delete,
            )
        ]

    def __str__(self) -> str:
        return f"factual determination {self.pk}"


class LegalHoldQuerySet(models.QuerySet["LegalHold"]):
    def current(self) -> Self:
        return self.filter(superseded_at=None)


class LegalHold(models.Model):
    """A court's stay of the suspension. The counting goes on; what it says is not in effect."""

    id = models.BigAutoField(primary_key=True)
    court = models.CharField(max_length=80)
    order = models.CharField(max_length=100, help_text="Docket number and date of the order.")
    begins_on = models.DateField(help_text="The first day of the stay.")
    ends_on = models.DateField(
        null=True, blank=True, help_text="The day from which it no longer holds; empty: it holds."
    )
    recorded_at = models.DateTimeField(default=now)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    superseded_at = models.DateTimeField(null=True, blank=True)

    objects = LegalHoldQuerySet.as_manager()

    class Meta:
        ordering = ("-begins_on", "-pk")
        constraints = [
            models.UniqueConstraint(
                fields=["court", "order"],
                condition=Q(superseded_at=None),
                name="one_current_hold_per_order",
            ),
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(ends_on__gt=F("begins_on")),
                name="a_hold_ends_after_it_begins",
            ),
        ]
        permissions = [("record_legal_hold", "Can record that a court stays the suspension")]
        triggers = only_superseded("legal_hold")

    def __str__(self) -> str:
        return f"legal hold {self.pk}"

    def holds_on(self, day: date) -> bool:
        return self.begins_on <= day and (self.ends_on is None or day < self.ends_on)
