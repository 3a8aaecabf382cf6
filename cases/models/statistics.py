"""Numbers about many cases: what refreshing counted, what may be published, what others published.

No row is about a person. They are written anew by `cases.statistics`, never edited.
"""

from __future__ import annotations

from django.db import models
from django.utils.timezone import now

from cases.models.docket import Case


class StatisticsRefresh(models.Model):
    """The numbers were counted anew."""

    refreshed_at = models.DateTimeField(default=now)
    completions = models.BigIntegerField()
    withheld = models.BigIntegerField(help_text="Cells of the published tables that are withheld.")
    seconds = models.FloatField()

    class Meta:
        verbose_name_plural = "refreshes of the statistics"

    def __str__(self) -> str:
        return f"refresh {self.pk}"


class CompletingOrder(models.Model):
    """A view: each order that may have ended a case, of the courts' data or of our own record.

    An order that the office recorded is one of its own only where the courts' data has no
    completion of the case within seven days of it, before or after; later deliveries bring it.
    Which orders end a case is read from their codes, see `cases.statistics.kinds`. An empty group
    is that of the cases of which nothing is on record.
    """

    id = models.BigIntegerField(
        primary_key=True, help_text="That of the proceeding; below zero, of an order of our own."
    )
    case = models.ForeignKey(Case, models.DO_NOTHING, related_name="+")
    ordered_on = models.DateField()
    court = models.CharField(max_length=8, help_text="Its code.")
    office = models.CharField(max_length=10, help_text="The code of the office before that court.")
    nationality = models.CharField(max_length=2, help_text="ISO 3166-1.")
    representation = models.CharField(max_length=3, help_text="yes or no.")
    custody = models.CharField(max_length=2, help_text="At the order; as EOIR wrote it.")
    case_type = models.CharField(max_length=8)
    asylum = models.CharField(max_length=3, help_text="Whether it was applied for: yes or no.")
    priority = models.CharField(max_length=8, help_text="EOIR's code of the priority docket.")
    decision_code = models.CharField(max_length=4)
    other_completion = models.CharField(max_length=4)
    absentia = models.CharField(max_length=2)
    order_kind = models.CharField(max_length=40, help_text="Of an order of our own record.")
    record = models.CharField(max_length=6, help_text="courts, both or office.")

    class Meta:
        managed = False

    def __str__(self) -> str:
        return f"completing order {self.pk}"


class CompletionCount(models.Model):
    """How many orders that ended a case are alike in month, court, person and kind.

    Always equal to the plain query over `CompletingOrder`; see `cases.statistics.summary`.
    """

    id = models.BigAutoField(primary_key=True)
    month = models.DateField(help_text="The first day of the month of the order.")
    court = models.CharField(max_length=8, help_text="Its code.")
    nationality = models.CharField(max_length=2, help_text="ISO 3166-1.")
    representation = models.CharField(max_length=3, help_text="yes or no.")
    custody = models.CharField(max_length=2, help_text="At the order; as EOIR wrote it.")
    case_type = models.CharField(max_length=8)
    asylum = models.CharField(
        max_length=3, help_text="Whether asylum or withholding was applied for: yes or no."
    )
    priority = models.CharField(max_length=8, help_text="EOIR's code of the priority docket.")
    record = models.CharField(
        max_length=6, default="courts", help_text="Whose: courts, both or office."
    )
    completion = models.CharField(max_length=30)
    completions = models.IntegerField()

    class Meta:
        verbose_name = "completion"  # its page counts completions, not rows

    def __str__(self) -> str:
        return f"count {self.pk}"


class ReleasedCount(models.Model):
    """A cell of the published tables, and whether it is withheld; no row: zero, and shown.

    `completion` empty is the sum of the group. Who reads `count` answers for not telling it.
    """

    id = models.BigAutoField(primary_key=True)
    fiscal_year = models.SmallIntegerField()
    dimension = models.CharField(max_length=20, help_text="Empty: the fiscal year as a whole.")
    group = models.CharField(max_length=20, blank=True)
    completion = models.CharField(max_length=30, blank=True)
    count = models.BigIntegerField()
    withheld = models.BooleanField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["dimension", "fiscal_year", "group", "completion"],
                name="one_cell_of_a_published_table",
            ),
        ]

    def __str__(self) -> str:
        return f"cell {self.pk}"


class PublishedFigure(models.Model):
    """A number that someone else published, and where; conflicting ones stand side by side."""

    id = models.BigAutoField(primary_key=True)
    measure = models.CharField(max_length=60)
    period = models.CharField(max_length=40, help_text="As its source writes it.")
    since = models.DateField(help_text="The first day of the period.")
    until = models.DateField(null=True, help_text="Its last day; empty: to the day it was told.")
    value = models.DecimalField(max_digits=14, decimal_places=2)
    source = models.CharField(max_length=200)
    file = models.CharField(max_length=80, help_text="Taken in from this file.")
    recorded_at = models.DateTimeField(default=now)

    class Meta:
        ordering = ("measure", "since", "period", "source")
        constraints = [
            models.UniqueConstraint(
                fields=["measure", "period", "source"], name="a_source_tells_a_figure_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.measure} {self.period}"


class RateCount(models.Model):
    """Of the cases of a group, how many had the event that a measure counts.

    The measure belongs to whoever refreshes it: the screening, the reviews.
    """

    id = models.BigAutoField(primary_key=True)
    measure = models.CharField(max_length=40)
    dimension = models.CharField(max_length=20)
    group = models.CharField(max_length=20, blank=True, help_text="Empty: not on record.")
    cases = models.BigIntegerField()
    events = models.BigIntegerField()
    counted_at = models.DateTimeField(default=now)

    class Meta:
        verbose_name = "rate by group"
        verbose_name_plural = "rates by group"
        constraints = [
            models.UniqueConstraint(
                fields=["measure", "dimension", "group"], name="one_rate_per_group"
            ),
            models.CheckConstraint(
                condition=models.Q(events__gte=0, events__lte=models.F("cases")),
                name="events_are_of_the_cases",
            ),
        ]

    def __str__(self) -> str:
        return f"rate {self.pk}"
