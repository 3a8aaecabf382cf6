"""Simulations: start one, watch it, read what would change, take the tables away."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db.models import Model, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.timezone import localdate

from cases.access import Access, of_user
from cases.admin.pages import ChoiceFilter
from cases.csv_text import csv_text
from cases.models import Office
from cases.small_cells import SMALLEST_SHOWN
from screening import runs
from screening.access import visible_simulations
from screening.admin.runs import RunAdmin
from screening.findings import Outcome
from screening.models import PolicyDraft, PolicyVersion, Simulation
from screening.policies import simulate
from screening.policies.changes import OUTSIDE
from screening.policies.document import PolicyRefused
from screening.policies.simulation_report import (
    COLUMNS,
    Totals,
    breakdowns_in,
    changes_in,
    rows_of,
    visible_examples,
)
from screening.policies.texts import PolicyText, of_draft, of_version

OUTCOMES = (*(outcome.value for outcome in Outcome), OUTSIDE)
LONGEST_DRAFT = 200_000
RUNNING = (Simulation.Status.PLANNED, Simulation.Status.RUNNING)


class SimulationForm(forms.Form):
    """Two policies, each a released version or the text of a draft; a day; offices."""

    proposed = forms.ModelChoiceField(
        PolicyVersion.objects, required=False, empty_label="the draft below"
    )
    proposed_draft = forms.CharField(
        required=False,
        max_length=LONGEST_DRAFT,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 12, "cols": 90, "spellcheck": "false"}),
        help_text="A policy as YAML. It is kept with the simulation, and released by nothing here.",
    )
    present = forms.ModelChoiceField(
        PolicyVersion.objects, required=False, empty_label="the draft below"
    )
    present_draft = forms.CharField(
        required=False,
        max_length=LONGEST_DRAFT,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 4, "cols": 90, "spellcheck": "false"}),
    )
    as_of = forms.DateField(
        widget=forms.DateInput(attrs={"type": "date"}), help_text="The day the question is about."
    )
    offices = forms.ModelMultipleChoiceField(
        Office.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="None chosen: every office whose cases you may see.",
    )

    def __init__(self, *args: Any, access: Access, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.access = access
        offices = Office.objects.all()
        if access.offices is not None:
            offices = offices.filter(pk__in=access.offices)
        field = self.fields["offices"]
        assert isinstance(field, forms.ModelMultipleChoiceField)  # noqa: S101  declared above
        field.queryset = offices
        self.texts: dict[str, PolicyText] = {}

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or self.cleaned_data
        for side in ("proposed", "present"):
            # A browser writes its own line ends; the text is the draft's only to the letter.
            draft = given.get(f"{side}_draft", "").replace("\r\n", "\n")
            version = given.get(side)
            if bool(version) == bool(draft):
                self.add_error(side, "Choose a released version, or give the text of a draft.")
            elif version:
                self.texts[side] = of_version(version)
            else:
                try:
                    self.texts[side] = of_draft(draft)
                except PolicyRefused as refused:
                    self.add_error(f"{side}_draft", refused.problems)
        return given

    def office_ids(self) -> list[int] | None:
        """Return the offices to simulate over; None is every office."""
        chosen = [office.pk for office in self.cleaned_data["offices"]]
        if chosen:
            return sorted(chosen)
        return None if self.access.offices is None else sorted(self.access.offices)


class StatusFilter(ChoiceFilter):
    title = "status"
    parameter_name = "status"
    column = "status"
    choices_of = Simulation.Status.choices


@admin.register(Simulation)
class SimulationAdmin(RunAdmin):
    name = "Simulation"
    doing = "simulated"
    about = "What would change for the docket under another policy. No case is changed by it."
    hint = "manage.py simulate draft.yaml --against doyle-2 --as-of 2024-01-15"
    change_list_template = "screening/simulation_list.html"
    list_display = (
        "number",
        "state",
        "done",
        "proposed",
        "present",
        "as_of",
        "scope",
        "requested_at",
    )
    list_filter = (StatusFilter,)

    def visible(self, _rows: QuerySet[Any], access: Access) -> QuerySet[Any]:
        simulations = visible_simulations(access)
        return self.with_progress(simulations.defer("proposed_document", "present_document"))

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return super().has_view_permission(request, obj) or may_simulate(request)

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        own = {"may_simulate": may_simulate(request)}
        return super().changelist_view(request, own | (extra_context or {}))

    # One simulation

    def get_urls(self) -> list[Any]:
        own = [
            path(route, self.admin_site.admin_view(view), name=f"screening_simulation_{name}")
            for route, view, name in (
                ("new/", self.new, "new"),
                ("<path:object_id>/cancel/", self.cancel, "cancel"),
                ("<path:object_id>/progress/", self.progress, "progress"),
                ("<path:object_id>/tables.csv", self.tables, "tables"),
            )
        ]
        return [*own, *super().get_urls()]

    def new(self, request: HttpRequest) -> HttpResponse:
        """Ask for a simulation, and leave it to the workers."""
        if not isinstance(request.user, User) or not may_simulate(request):
            raise PermissionDenied
        access = of_user(request.user)
        if access.offices is not None and not access.offices:
            raise PermissionDenied  # there is no case that one may see
        form = SimulationForm(
            request.POST if request.method == "POST" else None,
            access=access,
            initial={"as_of": localdate(), "proposed_draft": _text_of_draft(request)},
        )
        if form.is_valid():
            simulation = simulate.plan(
                form.texts["proposed"],
                form.texts["present"],
                as_of=form.cleaned_data["as_of"],
                by=request.user,
                office_ids=form.office_ids(),
            )
            simulate.nudge(simulation)
            return _to(simulation)
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": "Simulate a policy",
            "form": form,
        }
        return TemplateResponse(request, "screening/simulation_new.html", context)

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        simulation = self.get_object(request, object_id)
        if simulation is None or not isinstance(request.user, User):
            return super().change_view(request, object_id, form_url, extra_context)
        if not self.has_view_permission(request, simulation):
            raise PermissionDenied
        running = simulation.status in RUNNING
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": f"Simulation {simulation.pk}",
            "simulation": simulation,
            "sides": [
                (
                    side,
                    getattr(simulation, side),
                    getattr(simulation, f"{side}_version_id"),
                    getattr(simulation, f"{side}_sha256"),
                    getattr(simulation, f"{side}_document"),
                )
                for side in ("proposed", "present")
            ],
            "running": running,
            "may_cancel": running and may_simulate(request),
            "progress": runs.progress(simulation),
            "offices": list(Office.objects.filter(pk__in=simulation.office_ids or [])),
            "moves": simulation.moves.select_related("by").order_by("pk"),
            **_result(simulation, of_user(request.user)),
        }
        return TemplateResponse(request, "screening/simulation.html", context)

    def progress(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Answer how far it is, for the page that watches it."""
        simulation = self._visible(request, object_id)
        return JsonResponse(
            {"status": simulation.status, "progress": asdict(runs.progress(simulation))}
        )

    def tables(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Answer with every table as CSV, small counts withheld as on the page."""
        simulation = self._visible(request, object_id)
        if simulation.totals is None:
            raise Http404
        text = csv_text(("table", "row", "column", "cases"), rows_of(simulation, simulation.totals))
        name = f"simulation-{simulation.uuid}.csv"
        return HttpResponse(
            text,
            content_type="text/csv; charset=utf-8",
            headers={"Content-Disposition": f'attachment; filename="{name}"'},
        )

    def cancel(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Stop before the next chunk."""
        simulation = self._visible(request, object_id)
        if not isinstance(request.user, User) or not may_simulate(request):
            raise PermissionDenied
        if request.method == "POST":
            try:
                simulate.cancel(simulation, by=request.user)
                messages.success(request, "Cancelled.")
            except runs.MoveRefused as refused:
                messages.error(request, str(refused))
        return _to(simulation)

    def _visible(self, request: HttpRequest, object_id: str) -> Simulation:
        if not self.has_view_permission(request):
            raise PermissionDenied
        key = int(object_id) if object_id.isdecimal() else None
        found: Simulation = get_object_or_404(self.get_queryset(request), pk=key)
        return found


def may_simulate(request: HttpRequest) -> bool:
    user = request.user
    return isinstance(user, User) and user.is_staff and user.has_perm("screening.simulate_policy")


def _text_of_draft(request: HttpRequest) -> str:
    """Return the text of the draft that the address names, to whoever may see drafts."""
    key = request.GET.get("draft", "")
    if not key.isdecimal() or not request.user.has_perm("screening.view_policydraft"):
        return ""
    draft = PolicyDraft.objects.filter(pk=int(key)).first()
    return draft.document if draft else ""


def _to(simulation: Simulation) -> HttpResponse:
    return HttpResponseRedirect(reverse("admin:screening_simulation_change", args=[simulation.pk]))


def _result(simulation: Simulation, access: Access) -> dict[str, Any]:
    """Return what the page shows of a completed simulation."""
    totals: Totals | None = simulation.totals
    if totals is None:
        return {"totals": None}
    cells = {(o["proposed"], o["present"]): o["cases"] for o in totals["outcomes"]}
    return {
        "totals": totals,
        "changes": changes_in(totals),
        "present_outcomes": OUTCOMES,
        "outcomes": [
            (
                proposed,
                [(present == proposed, cells.get((proposed, present), 0)) for present in OUTCOMES],
            )
            for proposed in OUTCOMES
        ],
        "flips": [
            ("What the changes rest on", totals["rests_on"]),
            ("Criteria that answer otherwise", totals["answers_differ"]),
        ],
        "columns": COLUMNS,
        "breakdowns": [
            (dimension, [(name, [counts[c] for c in COLUMNS]) for name, counts in groups.items()])
            for dimension, groups in breakdowns_in(totals)
        ],
        "smallest_shown": SMALLEST_SHOWN,
        "examples": visible_examples(simulation, access).items(),
    }
