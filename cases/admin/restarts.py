"""Reviews of whether closed cases go back, in the admin: every button is a move of the workflow."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.timezone import localdate

from cases import audit
from cases.access import of_user
from cases.admin.aftermath import SEES_PERSON, AfterClosure, case_page, posted
from cases.admin.aftermath_forms import (
    StepForm,
    likely,
)
from cases.admin.pages import ChoiceFilter, badge, quiet
from cases.aftermath import (
    line_of,
    open_restart,
)
from cases.models import (
    Case,
    RestartReview,
    states,
)
from cases.options import options_sheet
from cases.workflow import TRANSITIONS, advance, blockers, transitions_of
from cases.workflow.restart import FACTORS, tools_for

Urgency = RestartReview.Urgency


class StatusFilter(ChoiceFilter):
    title = "status"
    parameter_name = "status"
    column = "status"
    choices_of = states.Restart.choices


class UrgencyFilter(ChoiceFilter):
    title = "urgency"
    parameter_name = "urgency"
    column = "urgency"
    choices_of = [(str(value), text) for value, text in RestartReview.Urgency.choices]


@admin.register(RestartReview)
class RestartReviewAdmin(AfterClosure):
    about = "Closed cases of which the office considers whether they go back. A person decides."
    hint = "manage.py monitor_closed"
    ordering = ("urgency", "pk")  # then who has waited longest
    list_display = (
        *("__str__", "number", "standing", "urgent", "tool", "attorney", "opened_at"),
        "changed_at",
    )
    list_filter = (StatusFilter, UrgencyFilter)
    list_select_related = ("case", "attorney")

    def get_urls(self) -> list[Any]:
        return [
            self.at("case/<int:case_id>/", self.of_case, "case"),
            self.at("open/<int:case_id>/", self.open, "open"),
            self.at("<int:pk>/moves/<slug:name>/", self.move, "move"),
            *super().get_urls(),
        ]

    @admin.display(description="status")
    def standing(self, review: RestartReview) -> SafeString:
        return badge(review.status, review.get_status_display())

    @admin.display(description="urgency")
    def urgent(self, review: RestartReview) -> Any:
        words = review.get_urgency_display()
        return badge("urgent", words) if review.urgency == Urgency.DETENTION else quiet(words)

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        review = self.get_object(request, object_id)
        if review is None:
            return super().change_view(request, object_id, form_url, extra_context)
        by = self.reader(request)
        audit.record_read(review.case, user=by, channel="admin")
        probe = likely(review.case, by=by, on=localdate())
        return self.page(
            request,
            "cases/restart_review.html",
            title=f"Restart review {review.pk}",
            review=review,
            case=review.case,
            tools=[RestartReview.Tool(tool).label for tool in tools_for(review.case)],
            factors=[(FACTORS[name], text) for name, text in review.factors.items()],
            events=review.case.events.all(),
            moves=review.moves.select_related("by"),
            ways=[
                (t.name, t.label, blockers(review, t.name, probe)) for t in transitions_of(review)
            ],
        )

    def of_case(self, request: HttpRequest, case_id: int) -> HttpResponse:
        """Show what became of one case after its closure, and what is open to the person."""
        case, by = self.asked(request, case_id)
        audit.record_read(case, user=by, channel="admin")
        seen = Case.objects.visible_to(of_user(by))
        return self.page(
            request,
            "cases/after_closure.html",
            title=f"After the closure of {case}",
            case=case,
            line=seen.filter(pk__in=[c.pk for c in line_of(case)]).order_by("pk"),
            sheet=options_sheet(case, on=localdate()),
            events=case.events.all(),
            reviews=case.restart_reviews.all(),
            contacts=case.contact_changes.filter(superseded_at=None),
            sees_person=by.has_perm(SEES_PERSON),
        )

    def open(self, request: HttpRequest, case_id: int) -> HttpResponse:
        case, by = self.asked(request, case_id)
        form = StepForm(posted(request), case=case, name="open")
        return self.form_page(
            request,
            form,
            lambda: open_restart(case, form.act(by=by, on=localdate())),
            back=case_page(case),
            title=f"Consider whether {case} goes back",
            about="Opens a review, with its reason. It brings nothing back.",
        )

    def move(self, request: HttpRequest, pk: int, name: str) -> HttpResponse:
        by = self.reader(request)
        review = get_object_or_404(self.get_queryset(request), pk=pk)
        transition = TRANSITIONS[states.RESTART.name].get(name)
        if transition is None or name == "open":
            raise Http404
        form = StepForm(posted(request), case=review.case, name=name)
        return self.form_page(
            request,
            form,
            lambda: advance(review, name, form.act(by=by, on=localdate())),
            back=reverse("admin:cases_restartreview_change", args=[review.pk]),
            title=f"{transition.label}: restart review {review.pk}",
            about=transition.law or "The move, who made it and why stay on record.",
        )
