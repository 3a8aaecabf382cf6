"""Determinations: every outcome that a case has had, and what it rested on."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.timezone import localtime

from cases.access import Access, of_user
from cases.admin.pages import ReadOnly, badge, offices_of, quiet, table
from screening.admin.criteria import OutcomeFilter, criterion, labels_of
from screening.admin.evidence import CurrentFilter
from screening.birthdays import tells_birthday
from screening.blocking import blocking
from screening.explain import EVIDENCE
from screening.models import Determination, PolicyVersion


@admin.register(Determination)
class DeterminationAdmin(ReadOnly):
    about = "What screening proposed for each case, now and before. A proposal, never a decision."
    hint = "manage.py bulk_review --policy doyle-2"
    list_display = ("__str__", "of_case", "result", "leading", "policy_version", "as_of", "state")
    list_filter = (OutcomeFilter, CurrentFilter)
    list_select_related = ("case", "policy_version")
    # Without the facts: they have the date of birth.
    fields = (
        "of_case",
        ("result", "leading", "state"),
        "findings",
        "rests_on",
        ("policy_version", "engine_version"),
        ("as_of", "valid"),
        "known_at",
        ("determined_at", "by"),
        "bulk_review",
    )
    readonly_fields = ("of_case", "result", "state", "findings", "rests_on", "valid", "by")

    def visible(self, rows: QuerySet[Any], access: Access) -> QuerySet[Any]:
        return rows.filter(access.condition("case__"))

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        shown = super().get_fields(request, obj)
        named = isinstance(request.user, User) and request.user.has_perm("cases.view_respondent")
        if obj is None or named or not tells_birthday(obj.valid_until, obj):
            return shown
        return [("as_of",) if part == ("as_of", "valid") else part for part in shown]

    @admin.display(description="case")
    def of_case(self, determination: Determination) -> str:
        return format_html(
            '<a href="{}">{}</a>',
            reverse("admin:cases_case_change", args=[determination.case_id]),
            determination.case.idncase or determination.case.uuid,
        )

    @admin.display(description="outcome")
    def result(self, determination: Determination) -> str:
        return badge(determination.outcome)

    @admin.display(description="state")
    def state(self, determination: Determination) -> str:
        at = determination.superseded_at
        if at is None:
            return badge("current")
        return badge("superseded", f"superseded {date_format(localtime(at))}")

    @admin.display(description="valid until")
    def valid(self, determination: Determination) -> str:
        day = determination.valid_until
        return "time alone changes nothing" if day is None else date_format(day)

    @admin.display(description="requested by")
    def by(self, determination: Determination) -> str:
        return determination.requested_by.get_username()

    @admin.display(description="findings that are not clear")
    def findings(self, determination: Determination) -> str:
        found = determination.findings
        if not found:
            return quiet("Every criterion of the policy was found clear.")
        labels = labels_of(determination.policy_version)
        return table(
            ("Criterion", "Answer", "Reason", "To obtain"),
            (
                (
                    criterion(f["criterion"], labels.get(f["criterion"], "")),
                    badge(f["answer"]),
                    f["reason"],
                    f["missing"],
                )
                for f in found
            ),
            caption="Findings that are not clear",
        )

    @admin.display(description="evidence")
    def rests_on(self, determination: Determination) -> str:
        if not determination.evidence:
            return quiet("The findings rest on no row of evidence.")
        return ", ".join(
            f"{EVIDENCE[key[0]]._meta.verbose_name} {key[1:]}" for key in determination.evidence
        )

    # What keeps cases from being flagged

    def get_urls(self) -> list[Any]:
        own = path(
            "blocking/",
            self.admin_site.admin_view(self.blocking),
            name="screening_determination_blocking",
        )
        return [own, *super().get_urls()]

    def blocking(self, request: HttpRequest) -> HttpResponse:
        """Show what keeps the cases that the reader may see, and what to obtain."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        access = of_user(request.user)
        policy, office = request.GET.get("policy", ""), request.GET.get("office", "")
        codes = PolicyVersion.objects.order_by("code").values_list("code", flat=True).distinct()
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": "What keeps cases from being flagged",
            "found": blocking(access, policy=policy or None, office=office or None),
            "policies": codes,
            "offices": offices_of(access),
            "policy": policy,
            "office": office,
        }
        return TemplateResponse(request, "screening/blocking.html", context)
