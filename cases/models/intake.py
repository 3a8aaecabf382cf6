"""What was delivered, what became of every row, and what a newer delivery changed."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.timezone import now


class Delivery(models.Model):
    """One set of files taken in together: loaded whole or not at all."""

    sha256 = models.CharField(
        max_length=64, unique=True, help_text="Over the names and contents of its files."
    )
    received_at = models.DateTimeField(default=now)
    received_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT)
    seconds = models.FloatField(null=True)

    class Meta:
        verbose_name_plural = "deliveries"

    def __str__(self) -> str:
        return f"delivery {self.pk}"


class DeliveredFile(models.Model):
    """One file of a delivery and the fate of its rows, in numbers."""

    delivery = models.ForeignKey(Delivery, models.PROTECT, related_name="files")
    name = models.CharField(max_length=80)
    announced = models.BigIntegerField(null=True, help_text="Rows according to Count.txt.")
    read = models.BigIntegerField()
    added = models.BigIntegerField()
    changed = models.BigIntegerField()
    unchanged = models.BigIntegerField()
    repaired = models.BigIntegerField(help_text="Shifted rows put right, also counted as loaded.")
    quarantined = models.BigIntegerField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(
                    read=models.F("added")
                    + models.F("changed")
                    + models.F("unchanged")
                    + models.F("quarantined")
                ),
                name="every_row_read_is_accounted_for",
            ),
            models.UniqueConstraint(
                fields=["delivery", "name"], name="one_line_per_delivered_file"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} of delivery {self.delivery_id}"


class QuarantinedRow(models.Model):
    """A row that was not loaded, kept whole, with where it stood and why."""

    id = models.BigAutoField(primary_key=True)
    delivery = models.ForeignKey(Delivery, models.PROTECT, related_name="quarantined_rows")
    file = models.CharField(max_length=80)
    line = models.BigIntegerField()
    column = models.CharField(max_length=40, blank=True)
    reason = models.CharField(max_length=200)
    row_text = models.TextField()
    idncase = models.BigIntegerField(null=True, blank=True, db_index=True)

    def __str__(self) -> str:
        return f"{self.file} line {self.line}"


class IntakeNote(models.Model):
    """A row that was loaded with something put right, left out or unexplained."""

    class Kind(models.TextChoices):
        REPAIRED = "repaired", "shifted row repaired"
        BAD_VALUE = "bad-value", "value left out"
        UNKNOWN_CODE = "unknown-code", "code outside its table, kept as it is"
        MISSING_PARENT = "missing-parent", "refers to a row not on record"

    id = models.BigAutoField(primary_key=True)
    delivery = models.ForeignKey(Delivery, models.PROTECT, related_name="notes")
    kind = models.CharField(max_length=20, choices=Kind)
    file = models.CharField(max_length=80)
    line = models.BigIntegerField()
    column = models.CharField(max_length=40, blank=True)
    value = models.CharField(max_length=200, blank=True)

    def __str__(self) -> str:
        return f"{self.file} line {self.line}: {self.get_kind_display()}"


class RowChange(models.Model):
    """What a newer delivery changed in a row already on record."""

    id = models.BigAutoField(primary_key=True)
    delivery = models.ForeignKey(Delivery, models.PROTECT, related_name="row_changes")
    table = models.CharField(max_length=40)
    key = models.BigIntegerField(help_text="The row's key in that table.")
    idncase = models.BigIntegerField(null=True, db_index=True)
    before = models.JSONField(help_text="Only the columns that changed.")
    after = models.JSONField(help_text="Only the columns that changed.")

    def __str__(self) -> str:
        return f"change {self.pk}"


class CodeMeaning(models.Model):
    """A code of one of EOIR's lookup tables, as delivered."""

    table = models.CharField(max_length=60)
    code = models.CharField(max_length=40)
    qualifier = models.CharField(
        max_length=20, blank=True, help_text="Where a code depends on more: case type and field."
    )
    description = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["table", "code", "qualifier"], name="one_meaning_per_code"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.table} {self.code}"
