"""After closure in the admin: events, filings, contact; see `restarts` for the way back.

Nothing is edited here: what is recorded goes through the functions of `cases.aftermath`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.safestring import SafeString
from django.utils.timezone import localdate

from cases.access import Access, of_user
from cases.admin.aftermath_forms import (
    ContactForm,
    EventForm,
    FilingForm,
    ReturnedForm,
)
from cases.admin.pages import ChoiceFilter, ReadOnly, badge, quiet
from cases.aftermath import (
    record_contact,
    record_event,
    record_filing,
    record_returned_mail,
    warnings_of,
)
from cases.models import (
    Case,
    ContactChange,
    OnwardFiling,
    PostClosureEvent,
)
from cases.workflow import Act, TransitionRefused

SEES_PERSON = "cases.view_respondent"


class KindFilter(ChoiceFilter):
    title = "kind"
    parameter_name = "kind"
    column = "kind"
    choices_of = PostClosureEvent.Kind.choices


class FormFilter(ChoiceFilter):
    title = "form"
    parameter_name = "form"
    column = "form"
    choices_of = OnwardFiling.Form.choices


class ContactFilter(ChoiceFilter):
    title = "kind"
    parameter_name = "kind"
    column = "kind"
    choices_of = ContactChange.Kind.choices


class AfterClosure(ReadOnly):
    """Rows of cases: who may see the case may see them."""

    list_select_related = ("case", "recorded_by")
    search_fields = ("case__idncase",)
    search_help_text = "EOIR case id, whole"

    def visible(self, rows: QuerySet[Any], access: Access) -> QuerySet[Any]:
        return rows.filter(access.condition("case__"))

    def get_search_results(
        self, _request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        term = search_term.strip()
        if not term:
            return queryset, False
        if term.isdecimal() and len(term) < 19:
            return queryset.filter(case__idncase=int(term)), False
        return queryset.none(), False

    @admin.display(description="case")
    def number(self, row: Any) -> str:
        return str(row.case.idncase or row.case.uuid)

    def at(self, route: str, view: Any, name: str) -> Any:
        full = f"cases_{self.opts.model_name}_{name}"
        return path(route, self.admin_site.admin_view(view), name=full)

    def reader(self, request: HttpRequest) -> User:
        if not isinstance(request.user, User) or not self.has_view_permission(request):
            raise PermissionDenied
        return request.user

    def asked(self, request: HttpRequest, case_id: int) -> tuple[Case, User]:
        by = self.reader(request)
        return get_object_or_404(Case.objects.visible_to(of_user(by)), pk=case_id), by

    def page(self, request: HttpRequest, template: str, **context: Any) -> HttpResponse:
        shared = {**self.admin_site.each_context(request), "opts": self.opts}
        return TemplateResponse(request, template, shared | context)

    def form_page(
        self,
        request: HttpRequest,
        form: forms.Form,
        do: Callable[[], Any],
        *,
        back: str,
        title: str,
        about: str,
    ) -> HttpResponse:
        """Show the form, or do what it asks for and go back; what is refused is said in it."""
        if form.is_valid():
            try:
                do()
            except TransitionRefused as refused:
                form.add_error(None, refused.reasons)
            else:
                messages.success(request, "Recorded.")
                return HttpResponseRedirect(back)
        return self.page(
            request, "cases/record_form.html", form=form, title=title, about=about, button="Record"
        )


def posted(request: HttpRequest) -> Any:
    return request.POST if request.method == "POST" else None


def case_page(case: Case) -> str:
    return reverse("admin:cases_restartreview_case", args=[case.pk])


@admin.register(PostClosureEvent)
class PostClosureEventAdmin(AfterClosure):
    about = "What was noticed about the people of closed cases. An event opens a review, no more."
    hint = "manage.py monitor_closed"
    list_display = ("__str__", "number", "kind", "happened_on", "trust", "said", "noticed_at")
    list_filter = (KindFilter,)

    def get_urls(self) -> list[Any]:
        return [self.at("record/<int:case_id>/", self.record, "record"), *super().get_urls()]

    @admin.display(description="disposition")
    def said(self, event: PostClosureEvent) -> Any:
        return event.disposition or quiet("none on record")

    def record(self, request: HttpRequest, case_id: int) -> HttpResponse:
        case, by = self.asked(request, case_id)
        form = EventForm(posted(request))
        return self.form_page(
            request,
            form,
            lambda: record_event(case, form.notice(case), Act(by=by, on=localdate())),
            back=case_page(case),
            title=f"Record an event after the closure of {case}",
            about="A notice that is on record already stays one event. An event opens a review for"
            " a person; it never brings a case back.",
        )


@admin.register(OnwardFiling)
class OnwardFilingAdmin(AfterClosure):
    about = "What people filed after their case was closed."
    list_display = ("__str__", "number", "form", "filed_on", "kept", "state")
    list_filter = (FormFilter,)
    readonly_fields = ("follows",)

    def get_fields(self, request: HttpRequest, _obj: Any = None) -> Any:
        person = ("receipt",) if request.user.has_perm(SEES_PERSON) else ()
        return (
            *("case", "form", "filed_on", *person, "proof_of_order", "proof_of_prior_filing"),
            *("original_filed_on", "follows", "recorded_at", "recorded_by", "superseded_at"),
        )

    def get_urls(self) -> list[Any]:
        return [self.at("record/<int:case_id>/", self.record, "record"), *super().get_urls()]

    @admin.display(description="original date")
    def kept(self, filing: OnwardFiling) -> Any:
        return filing.original_filed_on or quiet("not kept")

    @admin.display(description="state")
    def state(self, filing: OnwardFiling) -> SafeString:
        return badge("superseded") if filing.superseded_at else badge("current")

    @admin.display(description="what follows")
    def follows(self, filing: OnwardFiling) -> Any:
        return " ".join(warnings_of(filing)) or quiet("nothing to say")

    def record(self, request: HttpRequest, case_id: int) -> HttpResponse:
        case, by = self.asked(request, case_id)
        form = FilingForm(posted(request), case=case)

        def do() -> None:
            made = record_filing(case, form.filing(), Act(by=by, on=localdate()))
            for warning in warnings_of(made):
                messages.warning(request, warning)

        # Who files as a victim is protected from then on, perhaps from the eyes of who recorded it.
        return self.form_page(
            request,
            form,
            do,
            back=reverse("admin:cases_onwardfiling_changelist"),
            title=f"Record what was filed after the closure of {case}",
            about="As it came to the office's notice. The original date of an I-589 is kept only"
            " with both proofs.",
        )


@admin.register(ContactChange)
class ContactChangeAdmin(AfterClosure):
    about = "Where people can be reached after closure, as it was told; the newest is current."
    list_filter = (ContactFilter,)
    list_display = ("__str__", "number", "kind", "changed_on", "source", "returned", "state")

    def get_list_display(self, request: HttpRequest) -> Any:
        shown = list(super().get_list_display(request))
        return [*shown, "text"] if request.user.has_perm(SEES_PERSON) else shown

    def get_fields(self, request: HttpRequest, _obj: Any = None) -> Any:
        person = ("text",) if request.user.has_perm(SEES_PERSON) else ()
        return (
            *("case", "kind", *person, "changed_on", "source", "returned_on"),
            *("recorded_at", "recorded_by", "superseded_at"),
        )

    def get_urls(self) -> list[Any]:
        return [
            self.at("record/<int:case_id>/", self.record, "record"),
            self.at("returned/<int:case_id>/", self.returned_mail, "returned"),
            *super().get_urls(),
        ]

    @admin.display(description="mail")
    def returned(self, change: ContactChange) -> Any:
        return f"came back {change.returned_on}" if change.returned_on else quiet("not returned")

    @admin.display(description="state")
    def state(self, change: ContactChange) -> SafeString:
        return badge("superseded") if change.superseded_at else badge("current")

    def record(self, request: HttpRequest, case_id: int) -> HttpResponse:
        case, by = self.asked(request, case_id)
        form = ContactForm(posted(request))
        return self.form_page(
            request,
            form,
            lambda: record_contact(case, Act(by=by, on=localdate()), **form.cleaned_data),
            back=case_page(case),
            title=f"Record a change of contact in {case}",
            about="It takes the place of what was on record. Personal data: it stays on this page.",
        )

    def returned_mail(self, request: HttpRequest, case_id: int) -> HttpResponse:
        case, by = self.asked(request, case_id)
        form = ReturnedForm(posted(request))
        return self.form_page(
            request,
            form,
            lambda: record_returned_mail(
                case, Act(by=by, on=localdate()), returned_on=form.cleaned_data["returned_on"]
            ),
            back=case_page(case),
            title=f"Record mail that came back in {case}",
            about="Nothing is filed to bring the case back before the address is current.",
        )
