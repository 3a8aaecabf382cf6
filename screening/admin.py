"""Read-only pages of the judgement, and of the case with the reasons for its outcome."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.contrib.auth.models import User
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.timezone import localtime

from cases.access import Access
from cases.admin import ReadOnly, badge, quiet, table, verbatim
from cases.models import Case, Office, RecordRead
from screening import bulk
from screening.api import bulk_reviews
from screening.api.cases import with_outcome
from screening.explain import EVIDENCE, CriterionLine, explain
from screening.findings import Outcome
from screening.models import (
    BulkReview,
    Determination,
    EvidenceFile,
    PolicyVersion,
    QuarantinedEvidence,
)
from screening.policies.release import policy_of


class OutcomeFilter(admin.SimpleListFilter):
    title = "outcome"
    parameter_name = "outcome"

    def lookups(self, _request: HttpRequest, _admin: Any) -> list[tuple[str, str]]:
        return [(o.value, o.value.replace("-", " ")) for o in Outcome]

    def queryset(self, _request: HttpRequest, rows: QuerySet[Any]) -> QuerySet[Any]:
        return rows.filter(outcome=self.value()) if self.value() else rows


def _criterion(code: str, label: str) -> SafeString:
    return format_html('<span class="code">{}</span> {}', code, label)


def _details(line: CriterionLine) -> SafeString:
    also = [f"{e.kind} {e.id} ({e.source}): {e.summary}" for e in line.evidence]
    if line.missing:
        also.append(f"To obtain: {line.missing}.")
    return format_html(
        "{}{}",
        line.reason,
        format_html_join("", '<div class="also">{}</div>', ((text,) for text in also)),
    )


@admin.register(Case)
class CaseAdmin(ReadOnly):
    list_display = ("idncase", "status", "office", "outcome", "leading", "charged_on")
    hint = "The command import_docket takes in a docket."
    list_filter = ("status", OutcomeFilter)
    list_select_related = ("office",)
    search_fields = ("idncase",)
    search_help_text = "EOIR case id"
    fieldsets = (
        (
            "Judgement",
            {"fields": (("outcome", "leading"), "what_would_change", "criteria")},
        ),
        (
            "Record",
            {
                "fields": (
                    ("idncase", "api_id"),
                    ("status", "court", "office"),
                    ("case_type", "custody"),
                    ("charged_on", "completed_on", "asylum_filed_on"),
                    ("filing_channel", "entry_manner", "represented"),
                    "hearings",
                    "family",
                )
            },
        ),
    )
    readonly_fields = (
        "outcome",
        "leading",
        "what_would_change",
        "criteria",
        "api_id",
        "hearings",
        "family",
    )

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
        return badge(case.outcome) if case.outcome else quiet("none")

    @admin.display(description="leading criterion")
    def leading(self, case: Any) -> str:
        return case.leading or ""

    @admin.display(description="criteria")
    def criteria(self, case: Case) -> str:
        current = _current(case)
        if current is None:
            return quiet(
                "No determination is on record: the case has not been screened, or it lies "
                "outside the scope of the policy (it is completed, or asks for no asylum)."
            )
        return table(
            ("Criterion", "Effect", "Answer", "Reason, evidence, what is missing", "Law"),
            (
                (_criterion(c.code, c.label), c.effect, badge(c.answer), _details(c), c.citation)
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

    @admin.display(description="id in the API")
    def api_id(self, case: Case) -> str:
        return str(case.uuid)

    @admin.display(description="individual hearings")
    def hearings(self, case: Case) -> str:
        if case.individual_hearings_on is None:
            return quiet("No schedule was delivered.")
        return ", ".join(map(date_format, case.individual_hearings_on)) or "none on record"

    @admin.display(description="family links")
    def family(self, case: Case) -> str:
        if case.family_links is None:
            return quiet("No links were delivered.")
        return f"{case.family_links} active lead and rider links"


def _current(case: Case) -> Determination | None:
    return (
        Determination.objects.current()
        .filter(case=case)
        .select_related("case", "policy_version")
        .first()
    )


@admin.register(Determination)
class DeterminationAdmin(ReadOnly):
    list_display = ("case", "result", "leading", "policy_version", "as_of", "state")
    list_filter = ("outcome",)
    list_select_related = ("case", "policy_version")
    hint = "A bulk review makes one for every case in the scope of its policy."
    # Without the facts: they have the date of birth.
    fields = (
        "case",
        ("result", "leading", "state"),
        "findings",
        "rests_on",
        ("policy_version", "engine_version"),
        ("as_of", "valid_until"),
        "known_at",
        ("determined_at", "by"),
        "bulk_review",
    )
    readonly_fields = ("result", "state", "findings", "rests_on", "by")

    def visible(self, rows: QuerySet[Any], access: Access) -> QuerySet[Any]:
        return rows.filter(access.condition("case__"))

    @admin.display(description="outcome")
    def result(self, determination: Determination) -> str:
        return badge(determination.outcome)

    @admin.display(description="state")
    def state(self, determination: Determination) -> str:
        at = determination.superseded_at
        return "current" if at is None else f"superseded {date_format(localtime(at))}"

    @admin.display(description="requested by")
    def by(self, determination: Determination) -> str:
        return determination.requested_by.get_username()

    @admin.display(description="findings that are not clear")
    def findings(self, determination: Determination) -> str:
        found = determination.finding_set.findings
        if not found:
            return quiet("Every criterion of the policy was found clear.")
        labels = {c.code: c.label for c in policy_of(determination.policy_version).criteria}
        return table(
            ("Criterion", "Answer", "Reason", "To obtain"),
            (
                (
                    _criterion(f["criterion"], labels.get(f["criterion"], "")),
                    badge(f["answer"]),
                    f["reason"],
                    f["missing"],
                )
                for f in found
            ),
        )

    @admin.display(description="evidence")
    def rests_on(self, determination: Determination) -> str:
        if not determination.evidence:
            return quiet("The findings rest on no row of evidence.")
        return ", ".join(
            f"{EVIDENCE[key[0]]._meta.verbose_name} {key[1:]}" for key in determination.evidence
        )


@admin.register(BulkReview)
class BulkReviewAdmin(ReadOnly):
    list_display = ("number", "state", "policy_version", "as_of", "requested_at", "took")
    list_filter = ("status",)
    list_select_related = ("policy_version",)
    hint = "The command bulk_review starts one, and so does the API."
    fields = (
        ("state", "progress"),
        ("policy_version", "as_of"),
        "scope",
        "outcomes",
        "known_at",
        ("requested_at", "by"),
        "ended_at",
        "api_id",
    )
    readonly_fields = ("state", "progress", "scope", "outcomes", "by", "api_id")

    def visible(self, _rows: QuerySet[Any], access: Access) -> QuerySet[Any]:
        return bulk_reviews.visible_to(access)

    @admin.display(description="bulk review")
    def number(self, review: BulkReview) -> str:
        return f"bulk review {review.pk}"

    @admin.display(description="status")
    def state(self, review: BulkReview) -> str:
        return badge(review.status)

    @admin.display(description="offices")
    def scope(self, review: BulkReview) -> str:
        if review.office_ids is None:
            return "every office"
        return ", ".join(
            Office.objects.filter(pk__in=review.office_ids).values_list("name", flat=True)
        )

    @admin.display(description="time taken")
    def took(self, review: BulkReview) -> str:
        if review.ended_at is None:
            return quiet("not ended")
        return f"{(review.ended_at - review.requested_at).total_seconds():,.1f} s"

    @admin.display(description="requested by")
    def by(self, review: BulkReview) -> str:
        return review.requested_by.get_username()

    @admin.display(description="id in the API")
    def api_id(self, review: BulkReview) -> str:
        return str(review.uuid)

    @admin.display(description="progress")
    def progress(self, review: BulkReview) -> str:
        far = bulk.progress(review)
        return (
            f"{far.cases_done:,} of {far.cases:,} cases, {far.chunks_done:,} of {far.chunks:,} "
            f"chunks, {far.seconds:.1f} seconds"
        )

    @admin.display(description="outcomes of the cases in the policy's scope")
    def outcomes(self, review: BulkReview) -> str:
        leading = bulk.result(review).leading
        if not leading:
            return quiet("No chunk with a case in the policy's scope is done yet.")
        labels = {c.code: c.label for c in policy_of(review.policy_version).criteria}
        return table(
            ("Outcome", "Leading criterion", "Cases"),
            (
                (
                    badge(outcome),
                    _criterion(code, labels.get(code, "")) if code else "none",
                    f"{n:,}",
                )
                for outcome, code, n in leading
            ),
            numbers=1,
            narrow=True,
        )


@admin.register(PolicyVersion)
class PolicyVersionAdmin(ReadOnly):
    list_display = ("__str__", "title", "effective_from", "effective_to", "released_at")
    fields = (
        ("code", "version"),
        "title",
        ("effective_from", "effective_to", "released_at"),
        "checksum",
        "text",
    )
    readonly_fields = ("checksum", "text")
    hint = "A bulk review under a shipped policy releases it first."

    def visible(self, rows: QuerySet[Any], _access: Access) -> QuerySet[Any]:
        return rows  # a policy says nothing of any case

    @admin.display(description="SHA-256 of the text")
    def checksum(self, policy: PolicyVersion) -> str:
        return policy.sha256

    @admin.display(description="the policy as released")
    def text(self, policy: PolicyVersion) -> str:
        return verbatim(policy.document)


@admin.register(EvidenceFile)
class EvidenceFileAdmin(ReadOnly):
    list_display = ("__str__", "name", "received_at", "read", "added", "superseded", "quarantined")
    fields = ("name", ("received_at", "by"), "files", "checksum")
    readonly_fields = ("by", "files", "checksum")
    hint = "The command import_evidence takes in a file."

    @admin.display(description="received by")
    def by(self, file: EvidenceFile) -> str:
        return file.received_by.get_username()

    @admin.display(description="what became of its lines")
    def files(self, file: EvidenceFile) -> str:
        counts = (file.read, file.added, file.superseded, file.unchanged, file.quarantined)
        return table(
            ("", "Read", "Added", "Superseded", "Unchanged", "Quarantined"),
            [("Lines", *(f"{n:,}" for n in counts))],
            numbers=5,
            narrow=True,
        )

    @admin.display(description="SHA-256")
    def checksum(self, file: EvidenceFile) -> str:
        return file.sha256


@admin.register(QuarantinedEvidence)
class QuarantinedEvidenceAdmin(ReadOnly):
    list_display = ("__str__", "column", "reason")
    fields = ("received_in", "line", "column", "reason", "text")
    readonly_fields = ("text",)
    hint = "A line is quarantined when it cannot be taken in as it was received."

    @admin.display(description="the line as received")
    def text(self, row: QuarantinedEvidence) -> str:
        return verbatim(row.line_text)
