"""Evidence as it came in: superseded, never edited. An arrest is not a conviction."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.contrib.auth.models import User
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html_join
from django.utils.safestring import SafeString

from cases.access import Access, of_user
from cases.admin.pages import ReadOnly, badge, quiet, table, verbatim
from cases.models import Case
from screening.access import visible_evidence
from screening.models import (
    BackgroundCheck,
    CompletedForm,
    CriminalRecord,
    EvidenceFile,
    QuarantinedEvidence,
    ThreatIndicator,
)
from screening.models.evidence import Evidence

IMPORT = "manage.py import_evidence PATH"


class CurrentFilter(admin.SimpleListFilter):
    title = "state"
    parameter_name = "state"

    def lookups(self, _request: HttpRequest, _admin: Any) -> list[tuple[str, str]]:
        return [("current", "current"), ("superseded", "superseded")]

    def queryset(self, _request: HttpRequest, rows: QuerySet[Any]) -> QuerySet[Any]:
        if not self.value():
            return rows
        return rows.filter(superseded_at__isnull=self.value() == "current")


class EvidenceAdmin(ReadOnly):
    hint = IMPORT
    list_filter = (CurrentFilter,)
    readonly_fields = ("of_cases", "state")
    exclude = ("respondent", "superseded_at")

    def visible(self, rows: QuerySet[Any], access: Access) -> QuerySet[Any]:
        return visible_evidence(rows, access)

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        fields = [f for f in super().get_fields(request, obj) if f not in self.readonly_fields]
        return ["of_cases", "state", *fields]

    def get_object(self, request: HttpRequest, *args: Any) -> Any:
        row = super().get_object(request, *args)
        if row is not None:
            seen = Case.objects.visible_to(of_user(request.user))
            row.seen_cases = list(seen.filter(respondent=row.respondent_id).order_by("pk"))
        return row

    @admin.display(description="respondent's cases")
    def of_cases(self, row: Any) -> SafeString:
        links = [
            (reverse("admin:cases_case_change", args=[c.pk]), c.idncase or c.uuid)
            for c in row.seen_cases
        ]
        return format_html_join(", ", '<a href="{}">{}</a>', links)

    @admin.display(description="state")
    def state(self, row: Evidence) -> SafeString:
        if row.superseded_at is None:
            return badge("current")
        return badge("superseded", f"superseded {row.superseded_at:%Y-%m-%d}")


@admin.register(CriminalRecord)
class CriminalRecordAdmin(EvidenceAdmin):
    about = "One row for each charge, with what became of it. An arrest is not a conviction."
    list_display = ("__str__", "family", "severity", "ended", "disposed_on", "source", "state")

    @admin.display(description="disposition")
    def ended(self, row: CriminalRecord) -> str:
        return row.get_disposition_display() or quiet("none on record")


@admin.register(ThreatIndicator)
class ThreatIndicatorAdmin(EvidenceAdmin):
    about = "Possible threats, and whether a person has resolved them. A name hit is not a person."
    list_display = ("__str__", "category", "list_code", "resolution", "noted_on", "source", "state")


@admin.register(BackgroundCheck)
class BackgroundCheckAdmin(EvidenceAdmin):
    about = "Checks that were ordered, and what came back."
    list_display = ("__str__", "kind", "completed_on", "result", "expires_on", "source", "state")


@admin.register(CompletedForm)
class CompletedFormAdmin(EvidenceAdmin):
    about = "What a person was asked to look for in a case, and found."
    list_display = ("__str__", "form", "found", "completed_on", "source", "state")

    @admin.display(description="found")
    def found(self, row: CompletedForm) -> str:
        return ", ".join(row.present) or quiet("nothing it asks about")


@admin.register(EvidenceFile)
class EvidenceFileAdmin(ReadOnly):
    about = "Files in which evidence came in, and what became of their lines."
    hint = IMPORT
    list_display = ("__str__", "name", "received_at", "read", "added", "superseded", "quarantined")
    fields = ("name", "received_at", "by", "lines", "checksum")
    readonly_fields = ("by", "lines", "checksum")

    def visible(self, rows: QuerySet[Any], _access: Access) -> QuerySet[Any]:
        return rows  # numbers of lines say nothing of any case

    @admin.display(description="received by")
    def by(self, file: EvidenceFile) -> str:
        return file.received_by.get_username()

    @admin.display(description="what became of its lines")
    def lines(self, file: EvidenceFile) -> str:
        counts = (file.read, file.added, file.superseded, file.unchanged, file.quarantined)
        return table(
            ("", "Read", "Added", "Superseded", "Unchanged", "Quarantined"),
            [("Lines", *(f"{n:,}" for n in counts))],
            numbers=5,
            caption="Lines of the file",
        )

    @admin.display(description="SHA-256")
    def checksum(self, file: EvidenceFile) -> str:
        return file.sha256


@admin.register(QuarantinedEvidence)
class QuarantinedEvidenceAdmin(ReadOnly):
    about = "Lines that were not taken in, kept whole, with where they stood and why."
    hint = IMPORT
    list_display = ("__str__", "column", "reason")
    readonly_fields = ("text", "withheld")

    def visible(self, rows: QuerySet[Any], _access: Access) -> QuerySet[Any]:
        return rows

    def get_fields(self, request: HttpRequest, _obj: Any = None) -> Any:
        user = request.user
        may = isinstance(user, User) and user.has_perm("cases.view_respondent")
        shown = may and of_user(user).sees_every_case
        return ["received_in", "line", "column", "reason", "text" if shown else "withheld"]

    @admin.display(description="the line as received")
    def text(self, row: QuarantinedEvidence) -> str:
        return verbatim(row.line_text)

    @admin.display(description="the line as received")
    def withheld(self, _row: QuarantinedEvidence) -> str:
        return quiet("Shown to who may see every case and its respondent.")
