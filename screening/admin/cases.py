"""The case: where it stands in court, what was found, why, and what would change it."""

from __future__ import annotations

import re
from typing import Any
from uuid import UUID

from django.contrib import admin, messages
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db.models import F, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.safestring import SafeString
from django.utils.timezone import localdate

from cases import audit
from cases.access import Access, of_user
from cases.admin.pages import ChoiceFilter, OfficeFilter, ReadOnly, badge, quiet
from cases.models import Case, Review
from screening.admin.case_page import CasePage
from screening.admin.criteria import LeadingFilter, OutcomeFilter
from screening.api.cases import with_current
from screening.models import Determination, PolicyVersion
from screening.reviews import screen_again

A_NUMBER = re.compile(r"A?[- ]?(\d[\d -]{5,10}\d)", re.IGNORECASE)


class StatusFilter(ChoiceFilter):
    title = "status in court"
    parameter_name = "status"
    column = "status"
    choices_of = Case.Status.choices


@admin.register(Case)
class CaseAdmin(ReadOnly):
    about = (
        "“Flagged” means that a person may consider closing the case, nothing more. "
        "Screening proposes, a person decides."
    )
    hint = "manage.py import_docket DIR"
    list_display = (
        "number",
        "standing",
        "court",
        "office",
        "case_type",
        "outcome",
        "leading_code",
        "as_of",
    )
    list_display_links = ("number",)
    list_filter = (StatusFilter, OfficeFilter, OutcomeFilter, LeadingFilter)
    list_select_related = ("court", "office")
    change_list_template = "screening/case_list.html"
    search_fields = ("idncase",)
    search_help_text = "EOIR case id, or id in the API; whole"

    def visible(self, rows: QuerySet[Any], access: Access) -> QuerySet[Any]:
        found: QuerySet[Any] = with_current(rows.filter(access.condition())).annotate(
            outcome=F("current__outcome"),
            leading=F("current__leading"),
            as_of=F("current__as_of"),
        )
        return found

    def get_search_results(
        self, _request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        term = search_term.strip()
        if not term:
            return queryset, False
        if term.isdecimal() and len(term) < 19:
            return queryset.filter(idncase=int(term)), False
        try:
            return queryset.filter(uuid=UUID(term)), False
        except ValueError:
            return queryset.none(), False

    @admin.display(description="case")
    def number(self, case: Case) -> str:
        return str(case.idncase or case.uuid)

    @admin.display(description="status in court")
    def standing(self, case: Case) -> str:
        return case.get_status_display()

    @admin.display(description="outcome")
    def outcome(self, case: Any) -> SafeString:
        return badge(case.outcome) if case.outcome else quiet("not screened")

    @admin.display(description="rests on")
    def leading_code(self, case: Any) -> str:
        return case.leading or ""

    @admin.display(description="as of")
    def as_of(self, case: Any) -> Any:
        return case.as_of

    # One case

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        case = self.get_object(request, object_id)
        if case is None or not isinstance(request.user, User):
            return super().change_view(request, object_id, form_url, extra_context)
        if not self.has_view_permission(request, case):
            raise PermissionDenied
        audit.record_read(case, user=request.user, channel="admin")
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": f"Case {case.idncase or case.uuid}",
            "case": case,
            "page": CasePage(case, user=request.user, access=of_user(request.user)),
            # Who reads a sample reads the file, without what the screening made of it.
            "blind": request.GET.get("blind") == "1",
        }
        return TemplateResponse(request, "screening/case.html", context)

    # By A-number: posted, so that it stays out of addresses, histories and logs

    def get_urls(self) -> list[Any]:
        find = path("find/", self.admin_site.admin_view(self.find), name="cases_case_find")
        screen = path(
            "<path:object_id>/screen/",
            self.admin_site.admin_view(self.screen),
            name="cases_case_screen",
        )
        return [find, screen, *super().get_urls()]

    # For its open review

    def screen(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Screen the case as of today, and let its open review know what was found."""
        by = request.user
        if not isinstance(by, User) or not by.has_perm("screening.add_determination"):
            raise PermissionDenied
        reviews = Review.objects.visible_to(of_user(by)).open().select_related("case")
        key = int(object_id) if object_id.isdecimal() else None
        review = get_object_or_404(reviews, case=key)
        if request.method == "POST":
            before = review.status
            try:
                found = screen_again(review, on=localdate(), by=by)
            except PolicyVersion.DoesNotExist:
                messages.error(request, "No policy is in force today, nor was the case screened.")
            else:
                messages.success(request, _told(found, review, before))
        return HttpResponseRedirect(reverse("admin:cases_review_change", args=[review.pk]))

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        own = {"may_find": _may_find(request), "find_url": reverse("admin:cases_case_find")}
        return super().changelist_view(request, own | (extra_context or {}))

    def find(self, request: HttpRequest) -> HttpResponse:
        """Lead from an A-number to its cases. Says the same of a wrong one and of one unseen."""
        if not _may_find(request) or not self.has_view_permission(request):
            raise PermissionDenied
        changelist = HttpResponseRedirect(reverse("admin:cases_case_changelist"))
        if request.method != "POST":
            return changelist
        given = A_NUMBER.fullmatch(request.POST.get("a_number", "").strip())
        if given is None:
            messages.warning(request, "An A-number has seven to nine digits.")
            return changelist
        digits = re.sub(r"\D", "", given[1]).zfill(9)
        found = list(
            self.get_queryset(request)
            .filter(respondent__a_number=digits)
            .select_related("court", "office")
            .order_by("-charged_on", "-pk")[:50]
        )
        if not found:
            messages.warning(request, "No case that you may see has this A-number.")
            return changelist
        if len(found) == 1:
            return HttpResponseRedirect(reverse("admin:cases_case_change", args=[found[0].pk]))
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": f"{len(found)} cases of one respondent",
            "found": found,
        }
        return TemplateResponse(request, "screening/cases_found.html", context)


def _told(found: Determination | None, review: Review, before: str) -> str:
    if found is None:
        return "No policy speaks of this case; nothing has changed."
    outcome = found.outcome.replace("-", " ")
    if review.status == before:
        return f"Screened as of today: {outcome}."
    return f"Screened as of today: {outcome}. The review is {review.get_status_display()}."


def _may_find(request: HttpRequest) -> bool:
    return isinstance(request.user, User) and request.user.has_perm("cases.view_respondent")
