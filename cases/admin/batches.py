"""Closure batches: assembled, frozen, read, approved and executed from one page."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import admin, messages
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.safestring import SafeString
from django.utils.timezone import localdate

from cases import batches, certificates
from cases.access import Access, of_user
from cases.admin.batch_forms import AssembleForm, ReadingForm, SaidForm
from cases.admin.pages import ChoiceFilter, OfficeFilter, ReadOnly, badge, offices_of, quiet
from cases.batches import BatchChanged
from cases.models import (
    BatchItem,
    ClosureBatch,
    Move,
    SampleReading,
    states,
)
from cases.samples import errors_by_month
from cases.workflow import Act, Transition, TransitionRefused, transitions_of
from cases.workflow.batch import PROPOSER, READER
from cases.workflow.engine import LONG_ENOUGH, blockers

ITEMS_SHOWN = 100
MONTHS_SHOWN = 24
BY_ITSELF = frozenset({"assemble", "pass", "stop", "complete"})
"""What follows from a reading, or from the last item that ends."""


@dataclass(frozen=True, slots=True)
class Button:
    """A move of the batch, with what it asks, or with what is in the way."""

    transition: Transition
    blockers: list[str]
    form: SaidForm
    url: str


class StatusFilter(ChoiceFilter):
    title = "status"
    parameter_name = "status"
    column = "status"
    choices_of = states.Batch.choices


@admin.register(ClosureBatch)
class ClosureBatchAdmin(ReadOnly):
    about = (
        "Flagged reviews of one office that are proposed and approved together, after a sample of "
        "them was read blind. Executing makes motions ready to be signed; people sign and file."
    )
    hint = "Assemble the first one with the button above, once flagged reviews wait."
    list_display = ("title", "office", "standing", "form", "items", "proposed_by", "assembled_at")
    list_filter = (StatusFilter, OfficeFilter)
    list_select_related = ("office", "form", "proposed_by")
    change_list_template = "cases/batch_list.html"

    def visible(self, rows: QuerySet[Any], access: Access) -> QuerySet[Any]:
        return rows.filter(office__in=offices_of(access))

    @admin.display(description="status")
    def standing(self, batch: ClosureBatch) -> SafeString:
        return badge(batch.status, str(batch.get_status_display()))

    @admin.display(description="cases")
    def items(self, batch: ClosureBatch) -> Any:
        return f"{batch.items_frozen:,}" if batch.items_frozen is not None else quiet("not frozen")

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        seen = SampleReading.objects.filter(item__batch__in=self.get_queryset(request))
        own = {
            "may_assemble": request.user.has_perm(PROPOSER),
            "months": errors_by_month(seen)[:MONTHS_SHOWN],
        }
        return super().changelist_view(request, own | (extra_context or {}))

    def get_urls(self) -> list[Any]:
        def at(route: str, view: Any, name: str) -> Any:
            return path(route, self.admin_site.admin_view(view), name=f"cases_closurebatch_{name}")

        one = "<int:batch_id>/"
        return [
            at("assemble/", self.assemble, "assemble"),
            at(f"{one}moves/<slug:name>/", self.move, "move"),
            at(f"{one}read/", self.read, "read"),
            at(f"{one}certificate.json", self.certificate, "certificate"),
            at(f"{one}certificate.pdf", self.certificate_page, "certificate_page"),
            *super().get_urls(),
        ]

    def assemble(self, request: HttpRequest) -> HttpResponse:
        """Assemble a batch of the flagged reviews that a filter names."""
        by = self._reader(request)
        if not by.has_perm(PROPOSER):
            raise PermissionDenied
        form = AssembleForm(request.POST or None, access=of_user(by))
        if request.method == "POST" and form.is_valid():
            batch = batches.assemble(form.wanted(), by=by, on=localdate())
            messages.success(request, f"Assembled of {batch.items.count():,} cases. Look at it.")
            return _to(batch)
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": "Assemble a closure batch",
            "form": form,
            "about": "Takes the reviews of the office that the screening flagged, that wait for an "
            "attorney, and that no other batch has. Nothing is decided by this.",
            "button": "Assemble",
        }
        return TemplateResponse(request, "cases/record_form.html", context)

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        batch = self.get_object(request, object_id)
        if not isinstance(batch, ClosureBatch):
            return super().change_view(request, object_id, form_url, extra_context)
        return self._page(request, batch, by=self._reader(request))

    def move(self, request: HttpRequest, batch_id: int, name: str) -> HttpResponse:
        """Make one move, or answer with the page, every reason, and what was typed."""
        by = self._reader(request)
        batch = self._one(request, batch_id)
        leaving = {t.name: t for t in transitions_of(batch)}
        if request.method != "POST" or name not in MOVES:
            raise Http404
        if name not in leaving:
            messages.error(request, f"The batch is {batch.get_status_display()}.")
            return _to(batch)
        form = SaidForm(request.POST, transition=leaving[name])
        said = form.cleaned_data if form.is_valid() else {}
        act = Act(by=by, on=localdate(), **said)
        try:
            with transaction.atomic():
                MOVES[name](batch, act, request.POST.get("seen", ""))
        except TransitionRefused as refused:
            reasons = refused.reasons
        except BatchChanged as changed:
            reasons = [str(changed), *changed.changes[:ITEMS_SHOWN]]
        else:
            batch.refresh_from_db()
            messages.success(request, f"The batch is {batch.get_status_display()}.")
            return _to(batch)
        return self._page(request, batch, by=by, refused=(form, name, reasons))

    def read(self, request: HttpRequest, batch_id: int) -> HttpResponse:
        """Read the next case of the sample, blind."""
        by = self._reader(request)
        batch = self._one(request, batch_id)
        if not by.has_perm(READER):
            raise PermissionDenied
        waiting = batches.to_read(batch, by=by).select_related("review__case").order_by("number")
        asked = request.POST.get("item", "")
        item = waiting.filter(pk=int(asked)).first() if asked.isdecimal() else waiting.first()
        form = ReadingForm(request.POST or None)
        reasons: list[str] = []
        if request.method == "POST" and item is not None and form.is_valid():
            would_close = form.cleaned_data["would_close"] == "yes"
            act = Act(by=by, on=localdate(), note=form.cleaned_data["note"])
            try:
                batches.read_item(item, would_close=would_close, act=act)
            except TransitionRefused as refused:
                reasons = refused.reasons
            else:
                return HttpResponseRedirect(request.path)
        if item is None:
            messages.info(request, "Nothing of the sample is left for you to read.")
            return _to(batch)
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": f"Case {item.number} of {batch.title}",
            "batch": batch,
            "item": item,
            "left": waiting.count(),
            "form": form,
            "reasons": reasons,
        }
        return TemplateResponse(request, "cases/batch_reading.html", context)

    def certificate(self, request: HttpRequest, batch_id: int) -> HttpResponse:
        """Give the certificate as a file."""
        self._reader(request)
        batch = self._one(request, batch_id)
        text = json.dumps(certificates.certificate(batch), indent=2)
        name = f"closure-batch-{batch.pk}.json"
        return HttpResponse(
            text,
            content_type="application/json",
            headers={"Content-Disposition": f'attachment; filename="{name}"'},
        )

    def certificate_page(self, request: HttpRequest, batch_id: int) -> HttpResponse:
        """Give the certificate as a page."""
        self._reader(request)
        batch = self._one(request, batch_id)
        name = f"closure-batch-{batch.pk}.pdf"
        return HttpResponse(
            certificates.as_pdf(batch),
            content_type="application/pdf",
            headers={"Content-Disposition": f'attachment; filename="{name}"'},
        )

    def _reader(self, request: HttpRequest) -> User:
        if not isinstance(request.user, User) or not self.has_view_permission(request):
            raise PermissionDenied
        return request.user

    def _one(self, request: HttpRequest, batch_id: int) -> ClosureBatch:
        found: ClosureBatch = get_object_or_404(self.get_queryset(request), pk=batch_id)
        return found

    def _page(
        self,
        request: HttpRequest,
        batch: ClosureBatch,
        *,
        by: User,
        refused: tuple[SaidForm, str, list[str]] | None = None,
    ) -> HttpResponse:
        assembled = batch.status == states.Batch.ASSEMBLED
        items = batch.items.select_related("review__case").order_by("number")
        dropped_first = items.filter(status=BatchItem.Status.DROPPED)
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": batch.title,
            "batch": batch,
            "buttons": _buttons(batch, by, refused),
            "reasons": refused[2] if refused else [],
            "seen": batches.manifest(batch) if assembled else "",
            "changes": batches.changes(batch)[:ITEMS_SHOWN] if assembled else [],
            "count": items.count(),
            "ground": next(
                (
                    f"{g['text']} ({g['citation']})"
                    for g in batch.form.grounds
                    if g["code"] == batch.ground
                ),
                batch.ground,
            ),
            "progress": batches.progress(batch),
            "ended": not items.filter(status=BatchItem.Status.WAITING).exists(),
            "dropped": batches.dropped(batch),
            "sampled": items.filter(sampled=True).count(),
            "read": items.filter(reading__isnull=False).count(),
            "may_read": batches.to_read(batch, by=by).exists()
            and batch.status == states.Batch.READING,
            "items": (dropped_first if dropped_first.exists() else items)[:ITEMS_SHOWN],
            "shows_dropped": dropped_first.exists(),
            "moves": Move.objects.filter(batch=batch).select_related("by").order_by("-pk"),
            "shown_at_most": ITEMS_SHOWN,
        }
        status = 409 if refused else 200
        return TemplateResponse(request, "cases/batch.html", context, status=status)


MOVES: dict[str, Callable[[ClosureBatch, Act, str], Any]] = {
    "freeze": lambda batch, act, seen: batches.freeze(batch, seen=seen, act=act),
    "draw": lambda batch, act, _seen: batches.draw_sample(batch, act),
    "approve": lambda batch, act, _seen: batches.approve(batch, act),
    "execute": lambda batch, act, _seen: batches.execute(batch, act),
    "pause": lambda batch, act, _seen: batches.pause(batch, act),
    "cancel": lambda batch, act, _seen: batches.cancel(batch, act),
    "rescind": lambda batch, act, _seen: batches.rescind(batch, act),
}


def _buttons(
    batch: ClosureBatch, by: User, refused: tuple[SaidForm, str, list[str]] | None
) -> list[Button]:
    complete = Act(by=by, on=localdate(), note="." * LONG_ENOUGH, consequences_read=True)
    return [
        Button(
            transition=transition,
            blockers=blockers(batch, transition.name, complete),
            form=refused[0]
            if refused and refused[1] == transition.name
            else SaidForm(transition=transition),
            url=reverse("admin:cases_closurebatch_move", args=[batch.pk, transition.name]),
        )
        for transition in transitions_of(batch)
        if transition.name not in BY_ITSELF
    ]


def _to(batch: ClosureBatch) -> HttpResponse:
    return HttpResponseRedirect(reverse("admin:cases_closurebatch_change", args=[batch.pk]))
