"""The border trigger: what stands, the counts, and what a person records of it."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.safestring import SafeString
from django.utils.timezone import localdate

from cases.access import Access
from cases.admin.encounter_chart import chart_of
from cases.admin.pages import ChoiceFilter, ReadOnly, badge, quiet
from cases.encounters.counts import Series, fullest_series
from cases.encounters.determine import NotRecorded, determine, end_hold, hold
from cases.encounters.status import state_on
from cases.encounters.trigger import Kind, readings_named
from cases.models import EncounterCount, FactualDetermination, LegalHold
from cases.models.encounters import Basis, Category

IMPORT = "manage.py import_encounters FILE"
DAYS_LISTED = 14
READINGS = {
    "averages": "28 averages of seven days in a row (34 days of data)",
    "data": "28 days of data in a row",
    "recomputed": "a run that reaches 2024-10-01 is counted again with every child",
    "carried": "a run that reaches 2024-10-01 goes on as it was counted",
}


class DayInput(forms.DateInput):
    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class DayForm(forms.Form):
    """The day that is asked about, and whose averages are shown."""

    on = forms.DateField(required=False, widget=DayInput, label="On the day")
    series = forms.ChoiceField(
        required=False, choices=[("", "the best on record"), *((s.value, s.value) for s in Series)]
    )


class DeterminationForm(forms.Form):
    """What the Secretary determined; the sum and the window come from the counts on record."""

    kind = forms.ChoiceField(choices=Kind.choices, label="What was determined")
    determined_on = forms.DateField(widget=DayInput)
    window_to = forms.DateField(
        widget=DayInput,
        label="Last of the seven days",
        help_text="The last day of the average that the determination rests on.",
    )
    document = forms.CharField(max_length=100, help_text="Where it is published.")


class HoldForm(forms.Form):
    """An order of a court that stays the suspension."""

    court = forms.CharField(max_length=80)
    order = forms.CharField(max_length=100, help_text="Docket number and date of the order.")
    begins_on = forms.DateField(widget=DayInput, label="First day of the stay")


class EndForm(forms.Form):
    ends_on = forms.DateField(
        widget=DayInput, label="No longer holds from", help_text="The first day without the stay."
    )


class CategoryFilter(ChoiceFilter):
    title = "category"
    parameter_name = "category"
    column = "category"
    choices_of = Category.choices


class BasisFilter(ChoiceFilter):
    title = "basis"
    parameter_name = "basis"
    column = "basis"
    choices_of = Basis.choices


class BorderAdmin(ReadOnly):
    """Says nothing of any case, so who may see the page sees all of it."""

    def visible(self, rows: QuerySet[Any], _access: Access) -> QuerySet[Any]:
        return rows

    def at(self, route: str, view: Any, name: str) -> Any:
        full = f"cases_{self.opts.model_name}_{name}"
        return path(route, self.admin_site.admin_view(view), name=full)

    def permitted(self, request: HttpRequest, permission: str) -> User:
        """Return who asks, if they may see this page and have the permission too."""
        user = request.user
        may = isinstance(user, User) and user.is_staff and user.has_perm(permission)
        if not may or not isinstance(user, User) or not self.has_view_permission(request):
            raise PermissionDenied
        return user

    def form_page(
        self, request: HttpRequest, form: forms.Form, *, title: str, about: str, button: str
    ) -> HttpResponse:
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": title,
            "form": form,
            "about": about,
            "button": button,
        }
        return TemplateResponse(request, "cases/record_form.html", context)


@admin.register(EncounterCount)
class EncounterCountAdmin(BorderAdmin):
    about = "Encounters at the border by day, in every version; derived days stand apart."
    hint = IMPORT
    ordering = ("-day",)
    list_display = ("__str__", "day", "category", "basis", "version", "number", "state", "source")
    list_filter = (CategoryFilter, BasisFilter)
    change_list_template = "cases/encounter_list.html"

    @admin.display(description="count")
    def number(self, row: EncounterCount) -> str:
        return f"{row.count:,}"

    @admin.display(description="state")
    def state(self, row: EncounterCount) -> str:
        return "final" if row.final else "provisional"

    def get_urls(self) -> list[Any]:
        return [self.at("status/", self.status, "status"), *super().get_urls()]

    def status(self, request: HttpRequest) -> HttpResponse:
        """Show what stands on a day, the averages to it, and how it came about."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        asked = DayForm(request.GET or None)
        chosen = asked.cleaned_data if asked.is_valid() else {}
        state = state_on(
            chosen.get("on") or localdate(),
            readings=readings_named(settings.ENCOUNTER_READINGS),
            series=Series(chosen["series"]) if chosen.get("series") else fullest_series(),
        )
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": "Suspension of entry at the border",
            "form": asked if asked.is_bound else DayForm(initial={"on": state.on}),
            "state": state,
            "chart": chart_of(state.readings, state.periods),
            "listed": state.readings[: -DAYS_LISTED - 1 : -1],
            "determinations": FactualDetermination.objects.select_related("recorded_by"),
            "stays": LegalHold.objects.current(),
            "assumed": [READINGS[name] for name in settings.ENCOUNTER_READINGS.values()],
            "may_determine": request.user.has_perm("cases.record_determination"),
            "may_hold": request.user.has_perm("cases.record_legal_hold"),
            "hint": IMPORT,
        }
        return TemplateResponse(request, "cases/suspension.html", context)


@admin.register(FactualDetermination)
class FactualDeterminationAdmin(BorderAdmin):
    about = "What the Secretary determined from the counts, with the seven days it rests on."
    change_list_template = "cases/encounter_list.html"
    ordering = ("-determined_on",)
    list_display = ("__str__", "what", "determined_on", "window_to", "sum7", "recorded_by")
    list_select_related = ("recorded_by",)
    fields = (
        ("what", "determined_on", "document"),
        ("window_from", "window_to", "sum7"),
        ("days_below", "days_needed"),
        ("data_version", "readings"),
        ("recorded_at", "recorded_by"),
    )
    readonly_fields = ("what",)

    def get_urls(self) -> list[Any]:
        return [self.at("record/", self.record, "record"), *super().get_urls()]

    @admin.display(description="determined")
    def what(self, row: FactualDetermination) -> str:
        return row.get_kind_display()

    def record(self, request: HttpRequest) -> HttpResponse:
        by = self.permitted(request, "cases.record_determination")
        form = DeterminationForm(request.POST if request.method == "POST" else None)
        if form.is_valid():
            given = form.cleaned_data
            try:
                made = determine(
                    Kind(given["kind"]),
                    determined_on=given["determined_on"],
                    window_to=given["window_to"],
                    document=given["document"],
                    by=by,
                    readings=readings_named(settings.ENCOUNTER_READINGS),
                    today=localdate(),
                )
            except NotRecorded as refused:
                form.add_error(None, refused.reasons)
            else:
                messages.success(request, f"Recorded. The seven days sum to {made.sum7:,}.")
                return _to_status(made.determined_on)
        return self.form_page(
            request,
            form,
            title="Record a determination",
            about="What the Secretary of Homeland Security determined. It is on record for good: "
            "nothing edits or removes it.",
            button="Record the determination",
        )


@admin.register(LegalHold)
class LegalHoldAdmin(BorderAdmin):
    about = "Orders of courts that stay the suspension. The counting goes on meanwhile."
    change_list_template = "cases/encounter_list.html"
    ordering = ("-begins_on",)
    list_display = ("__str__", "court", "order", "begins_on", "end", "state")

    def get_urls(self) -> list[Any]:
        return [
            self.at("record/", self.record, "record"),
            self.at("<path:object_id>/end/", self.end_of, "end"),
            *super().get_urls(),
        ]

    @admin.display(description="no longer holds from")
    def end(self, row: LegalHold) -> Any:
        return quiet("it holds") if row.ends_on is None else row.ends_on

    @admin.display(description="state")
    def state(self, row: LegalHold) -> SafeString:
        return badge("superseded") if row.superseded_at else badge("current")

    def record(self, request: HttpRequest) -> HttpResponse:
        by = self.permitted(request, "cases.record_legal_hold")
        form = HoldForm(request.POST if request.method == "POST" else None)
        if form.is_valid():
            try:
                made = hold(**form.cleaned_data, by=by)
            except NotRecorded as refused:
                form.add_error(None, refused.reasons)
            else:
                messages.success(request, "Recorded.")
                return _to_status(made.begins_on)
        return self.form_page(
            request,
            form,
            title="Record a stay",
            about="While a court stays the suspension it is not in effect. The counting goes on.",
            button="Record the stay",
        )

    def end_of(self, request: HttpRequest, object_id: str) -> HttpResponse:
        by = self.permitted(request, "cases.record_legal_hold")
        if not object_id.isdecimal():
            raise Http404
        held: LegalHold = get_object_or_404(self.get_queryset(request), pk=object_id)
        form = EndForm(request.POST if request.method == "POST" else None)
        if form.is_valid():
            try:
                end_hold(held, ends_on=form.cleaned_data["ends_on"], by=by)
            except NotRecorded as refused:
                form.add_error(None, refused.reasons)
            else:
                messages.success(request, "Recorded.")
                return _to_status(form.cleaned_data["ends_on"])
        return self.form_page(
            request,
            form,
            title=f"Record the end of the stay by {held.court}",
            about=f"{held.order}, from {held.begins_on}.",
            button="Record the end",
        )


def _to_status(day: date) -> HttpResponse:
    return HttpResponseRedirect(f"{reverse('admin:cases_encountercount_status')}?on={day}")
