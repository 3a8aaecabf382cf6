"""Read-only pages of the judgement, and of the case with the reasons for its outcome."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.contrib.auth.models import User
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from cases.access import Access
from cases.admin import ReadOnly
from cases.models import Case, RecordRead
from screening import bulk
from screening.api import bulk_reviews
from screening.api.cases import with_outcome
from screening.explain import CriterionLine, explain
from screening.findings import Outcome
from screening.models import (
    BulkReview,
    Determination,
    EvidenceFile,
    PolicyVersion,
    QuarantinedEvidence,
)


class OutcomeFilter(admin.SimpleListFilter):
    title = "outcome"
    parameter_name = "outcome"

    def lookups(self, _request: HttpRequest, _admin: Any) -> list[tuple[str, str]]:
        return [(o.value, o.value.replace("-", " ")) for o in Outcome]

    def queryset(self, _request: HttpRequest, rows: QuerySet[Any]) -> QuerySet[Any]:
        return rows.filter(outcome=self.value()) if self.value() else rows


def table(head: tuple[str, ...], rows: Any) -> SafeString:
    """Return a table of as many columns as the head has; every cell is escaped."""
    cells = format_html_join("", "<th>{}</th>", ((name,) for name in head))
    line = "<tr>" + "<td>{}</td>" * len(head) + "</tr>"
    body = format_html_join("", line, rows)
    return format_html("<table><thead><tr>{}</tr></thead><tbody>{}</tbody></table>", cells, body)


def _details(line: CriterionLine) -> SafeString:
    said = [line.reason, *(f"{e.kind} {e.id} ({e.source}): {e.summary}" for e in line.evidence)]
    if line.missing:
        said.append(f"To obtain: {line.missing}.")
    return format_html_join("", "<div>{}</div>", ((text,) for text in said))


@admin.register(Case)
class CaseAdmin(ReadOnly):
    list_display = ("__str__", "status", "office", "outcome", "leading", "charged_on")
    list_filter = ("status", OutcomeFilter)
    list_select_related = ("office",)
    search_fields = ("idncase",)
    search_help_text = "EOIR case id"
    fields = (
        ("uuid", "idncase"),
        ("status", "case_type", "custody"),
        ("court", "office"),
        ("charged_on", "completed_on", "asylum_filed_on"),
        ("filing_channel", "entry_manner", "represented"),
        ("individual_hearings_on", "family_links"),
        ("outcome", "leading"),
        "criteria",
        "what_would_change",
    )
    readonly_fields = ("uuid", "outcome", "leading", "criteria", "what_would_change")

    def visible(self, rows: QuerySet[Any], access: Access) -> QuerySet[Any]:
        return with_outcome(rows.filter(access.condition()))

    def get_search_results(
        self, _request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        term = search_term.strip()
        if not term:
            return queryset, False
        return queryset.filter(idncase=int(term)) if term.isdecimal() else queryset.none(), False

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        response = super().change_view(request, object_id, form_url, extra_context)
        case = self.get_object(request, object_id)
        if case is not None and isinstance(request.user, User):
            RecordRead.objects.create(case_uuid=case.uuid, user=request.user, channel="admin")
        return response

    @admin.display(description="current outcome")
    def outcome(self, case: Any) -> str:
        return case.outcome or ""

    @admin.display(description="leading criterion")
    def leading(self, case: Any) -> str:
        return case.leading or ""

    @admin.display(description="criteria")
    def criteria(self, case: Case) -> str:
        current = _current(case)
        if current is None:
            return "Not screened, or outside the scope of the policy."
        return table(
            ("Criterion", "Effect", "Answer", "Reason, evidence, what is missing", "Law"),
            (
                (f"{c.code} {c.label}", c.effect, c.answer, _details(c), c.citation)
                for c in explain(current).criteria
            ),
        )

    @admin.display(description="what would change it")
    def what_would_change(self, case: Case) -> str:
        current = _current(case)
        if current is None:
            return ""
        return format_html_join(
            "", "<div>{}</div>", ((text,) for text in explain(current).what_would_change)
        )


def _current(case: Case) -> Determination | None:
    return (
        Determination.objects.current()
        .filter(case=case)
        .select_related("case", "policy_version")
        .first()
    )


@admin.register(Determination)
class DeterminationAdmin(ReadOnly):
    list_display = ("case", "outcome", "leading", "policy_version", "as_of", "superseded_at")
    list_filter = ("outcome",)
    list_select_related = ("case", "policy_version")
    exclude = ("facts",)  # they have the date of birth
    readonly_fields = ("findings",)

    def visible(self, rows: QuerySet[Any], access: Access) -> QuerySet[Any]:
        return rows.filter(access.condition("case__"))

    @admin.display(description="findings that are not clear")
    def findings(self, determination: Determination) -> str:
        return table(
            ("Criterion", "Answer", "Reason", "To obtain"),
            (
                (f["criterion"], f["answer"], f["reason"], f["missing"])
                for f in determination.finding_set.findings
            ),
        )


@admin.register(BulkReview)
class BulkReviewAdmin(ReadOnly):
    list_display = ("uuid", "status", "policy_version", "as_of", "requested_at", "ended_at")
    list_filter = ("status",)
    list_select_related = ("policy_version",)
    readonly_fields = ("uuid", "progress", "outcomes")

    def visible(self, _rows: QuerySet[Any], access: Access) -> QuerySet[Any]:
        return bulk_reviews.visible_to(access)

    @admin.display(description="progress")
    def progress(self, review: BulkReview) -> str:
        far = bulk.progress(review)
        return (
            f"{far.cases_done:,} of {far.cases:,} cases, {far.chunks_done:,} of {far.chunks:,} "
            f"chunks, {far.seconds:.1f} seconds"
        )

    @admin.display(description="outcomes")
    def outcomes(self, review: BulkReview) -> str:
        return table(
            ("Outcome", "Leading criterion", "Cases"),
            ((outcome, code, f"{n:,}") for outcome, code, n in bulk.result(review).leading),
        )


@admin.register(PolicyVersion)
class PolicyVersionAdmin(ReadOnly):
    list_display = ("__str__", "title", "effective_from", "effective_to", "released_at")

    def visible(self, rows: QuerySet[Any], _access: Access) -> QuerySet[Any]:
        return rows  # a policy says nothing of any case


@admin.register(EvidenceFile)
class EvidenceFileAdmin(ReadOnly):
    list_display = ("__str__", "received_at", "read", "added", "superseded", "quarantined")


@admin.register(QuarantinedEvidence)
class QuarantinedEvidenceAdmin(ReadOnly):
    list_display = ("__str__", "column", "reason")
