"""What was delivered, what became of every row, and what a newer delivery changed."""

from __future__ import annotations

import json
from typing import Any

from django.contrib import admin
from django.contrib.auth.models import User
from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html

from cases.access import Access
from cases.admin.pages import ChoiceFilter, ReadOnly, quiet, table, verbatim
from cases.models import Case, DeliveredFile, Delivery, IntakeNote, QuarantinedRow, RowChange

IMPORT = "manage.py import_docket DIR"


def of_visible_cases(rows: QuerySet[Any], access: Access) -> QuerySet[Any]:
    """Return the rows about a case this access may see; the others only to who sees every case."""
    if access.sees_every_case:
        return rows
    return rows.filter(Exists(Case.objects.visible_to(access).filter(idncase=OuterRef("idncase"))))


@admin.register(Delivery)
class DeliveryAdmin(ReadOnly):
    about = "Sets of files taken in together: loaded whole or not at all."
    hint = IMPORT
    list_display = ("__str__", "received_at", "receiver", "took")
    list_select_related = ("received_by",)
    fields = ("received_at", "receiver", "took", "files", "checksum")
    readonly_fields = ("receiver", "took", "files", "checksum")

    def visible(self, rows: QuerySet[Any], _access: Access) -> QuerySet[Any]:
        return rows  # numbers of rows say nothing of any case

    @admin.display(description="received by")
    def receiver(self, delivery: Delivery) -> str:
        return delivery.received_by.get_username()

    @admin.display(description="time taken")
    def took(self, delivery: Delivery) -> str:
        return quiet("not finished") if delivery.seconds is None else f"{delivery.seconds:,.1f} s"

    @admin.display(description="files, and what became of their rows")
    def files(self, delivery: Delivery) -> str:
        head = ("File", "Announced", "Read", "Added", "Changed", "Unchanged", "Repaired")
        return table(
            (*head, "Quarantined"),
            ((f.name, *self._counts(f)) for f in delivery.files.order_by("pk")),
            numbers=7,
            caption="Files of the delivery",
        )

    def _counts(self, file: DeliveredFile) -> list[str]:
        counts = (file.read, file.added, file.changed, file.unchanged, file.repaired)
        quarantined = f"{file.quarantined:,}"
        if file.quarantined:
            quarantined = format_html(
                '<a href="{}?delivery={}&amp;file={}">{}</a>',
                reverse("admin:cases_quarantinedrow_changelist"),
                file.delivery_id,
                file.name,
                quarantined,
            )
        announced = quiet("not said") if file.announced is None else f"{file.announced:,}"
        return [announced, *(f"{n:,}" for n in counts), quarantined]

    @admin.display(description="SHA-256 over the names and contents of the files")
    def checksum(self, delivery: Delivery) -> str:
        return delivery.sha256


@admin.register(QuarantinedRow)
class QuarantinedRowAdmin(ReadOnly):
    about = "Rows that were not loaded, kept whole, with where they stood and why."
    hint = IMPORT
    list_display = ("__str__", "delivery", "column", "reason")
    list_select_related = ("delivery",)

    def lookup_allowed(self, lookup: str, value: Any, request: HttpRequest) -> bool:
        return lookup in ("delivery", "file") or super().lookup_allowed(lookup, value, request)

    def visible(self, rows: QuerySet[Any], access: Access) -> QuerySet[Any]:
        return of_visible_cases(rows, access)

    def get_fields(self, request: HttpRequest, _obj: Any = None) -> Any:
        shown = ["delivery", "file", "line", "column", "reason", "eoir_id"]
        # The row is as it came, so it may name the person.
        may = isinstance(request.user, User) and request.user.has_perm("cases.view_respondent")
        return [*shown, "text" if may else "withheld"]

    readonly_fields = ("eoir_id", "text", "withheld")

    @admin.display(description="EOIR case id")
    def eoir_id(self, row: QuarantinedRow) -> str:
        return quiet("not readable") if row.idncase is None else str(row.idncase)

    @admin.display(description="the row as delivered")
    def text(self, row: QuarantinedRow) -> str:
        return verbatim(row.row_text)

    @admin.display(description="the row as delivered")
    def withheld(self, _row: QuarantinedRow) -> str:
        return quiet("Shown to who may see respondents.")


class KindFilter(ChoiceFilter):
    title = "kind"
    parameter_name = "kind"
    column = "kind"
    choices_of = IntakeNote.Kind.choices


@admin.register(IntakeNote)
class IntakeNoteAdmin(ReadOnly):
    about = "Rows that were loaded with something put right, left out or unexplained."
    hint = IMPORT
    list_display = ("__str__", "delivery", "column", "value")
    list_filter = (KindFilter,)
    list_select_related = ("delivery",)


@admin.register(RowChange)
class RowChangeAdmin(ReadOnly):
    about = "What a newer delivery changed in rows already on record."
    hint = IMPORT
    list_display = ("__str__", "delivery", "table", "key", "changed_columns")
    list_select_related = ("delivery",)
    fields = ("delivery", "table", "key", "idncase", "columns")
    readonly_fields = ("columns",)

    def visible(self, rows: QuerySet[Any], access: Access) -> QuerySet[Any]:
        return of_visible_cases(rows, access)

    @admin.display(description="columns")
    def changed_columns(self, change: RowChange) -> str:
        return ", ".join(change.after)

    @admin.display(description="what changed")
    def columns(self, change: RowChange) -> str:
        return table(
            ("Column", "Before", "After"),
            (
                (name, json.dumps(change.before.get(name)), json.dumps(change.after[name]))
                for name in change.after
            ),
            caption="What changed",
        )
