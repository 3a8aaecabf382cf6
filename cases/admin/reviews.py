"""Reviews as queues, and one review on one page: every button is a move of the workflow."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django import forms
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

from cases import audit
from cases.access import Access, of_user
from cases.admin import queues
from cases.admin.court_forms import CorrectionForm, CourtActForm, OrderForm
from cases.admin.pages import ChoiceFilter, OfficeFilter, ReadOnly, badge, quiet
from cases.admin.review_forms import MoveForm, PositionForm, StepForm, errors_of
from cases.admin.review_page import Refused, ReviewPage
from cases.models import Case, CourtOrder, Motion, Review
from cases.models.review import OUTCOMES
from cases.workflow import TRANSITIONS, Act, TransitionRefused, advance
from cases.workflow.corrections import correct_order
from cases.workflow.court import record_act, record_order
from cases.workflow.motions import draft_motion
from cases.workflow.opening import open_review
from cases.workflow.positions import record_position
from cases.workflow.safeguards import do_step
from cases.workflow.ways import by_hand, choices, state_of

CHANGED = "It has changed since you read it. Read it again; what you wrote is still here."


class QueueFilter(admin.SimpleListFilter):
    """The queues, which the list shows as links."""

    title = "queue"
    parameter_name = "queue"
    as_links = True

    def lookups(self, _request: HttpRequest, _admin: Any) -> list[tuple[str, str]]:
        return [(queue.name, queue.label) for queue in queues.QUEUES]

    def queryset(self, request: HttpRequest, rows: QuerySet[Any]) -> QuerySet[Any]:
        queue = queues.BY_NAME.get(self.value() or "")
        if queue is None or not isinstance(request.user, User):
            return rows
        return queue.rows(rows, request.user, localdate())


class ReviewOfficeFilter(OfficeFilter):
    column = "case__office__code"


class OutcomeFilter(ChoiceFilter):
    title = "outcome"
    parameter_name = "outcome"
    column = "outcome"
    choices_of = OUTCOMES


@admin.register(Review)
class ReviewAdmin(ReadOnly):
    about = "What the office considers closing. One review is opened from the page of its case."
    ordering = ("pk",)  # who has waited longest comes first
    list_display = (
        "number",
        "standing",
        "found",
        "form",
        "office",
        "taken_up_by",
        "proposer",
        "since",
    )
    list_display_links = ("number",)
    list_filter = (QueueFilter, ReviewOfficeFilter, OutcomeFilter)
    list_select_related = ("case__office", "form", "attorney", "proposed_by")
    change_list_template = "cases/review_list.html"
    search_fields = ("case__idncase",)
    search_help_text = "EOIR case id, or id of the review; whole"

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
        try:
            return queryset.filter(uuid=UUID(term)), False
        except ValueError:
            return queryset.none(), False

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        chosen = queues.BY_NAME.get(request.GET.get("queue", ""))
        own: dict[str, Any] = {"queue": chosen}
        if isinstance(request.user, User) and self.has_view_permission(request):
            seen = self.get_queryset(request)
            own["queues"] = queues.counted(seen, by=request.user, on=localdate())
        if chosen is not None:
            own["about"] = chosen.about
        return super().changelist_view(request, own | (extra_context or {}))

    @admin.display(description="case")
    def number(self, review: Review) -> str:
        return str(review.case.idncase or review.case.uuid)

    @admin.display(description="status")
    def standing(self, review: Review) -> SafeString:
        return badge(review.status, review.get_status_display())

    @admin.display(description="screening")
    def found(self, review: Review) -> SafeString:
        if review.outcome is None:
            return quiet("not screened")
        text = str(review.get_outcome_display())
        return badge(
            "stale" if review.stale else review.outcome, f"{text}, stale" * review.stale or text
        )

    @admin.display(description="office")
    def office(self, review: Review) -> str:
        return review.case.office.code if review.case.office else ""

    @admin.display(description="attorney")
    def taken_up_by(self, review: Review) -> str:
        return review.attorney.get_username() if review.attorney else ""

    @admin.display(description="proposed by")
    def proposer(self, review: Review) -> str:
        return review.proposed_by.get_username() if review.proposed_by else ""

    @admin.display(description="stands there since")
    def since(self, review: Review) -> Any:
        return review.changed_at

    # One review

    def get_urls(self) -> list[Any]:
        def at(route: str, view: Any, name: str) -> Any:
            return path(route, self.admin_site.admin_view(view), name=f"cases_review_{name}")

        one = "<path:object_id>/"
        return [
            at("open/", self.open, "open"),
            at(f"{one}moves/<slug:name>/", self.move, "move"),
            at(f"{one}position/", self.position, "position"),
            at(f"{one}safeguards/<slug:step>/", self.safeguard, "safeguard"),
            at(f"{one}motion/", self.draft, "draft"),
            at(f"{one}motions/<int:motion_id>/<slug:name>/", self.move_motion, "motion"),
            at(f"{one}order/", self.order, "order"),
            at(f"{one}orders/<int:order_id>/correct/", self.correct, "correct"),
            at(f"{one}act/", self.act, "act"),
            *super().get_urls(),
        ]

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        review = self.get_object(request, object_id)
        if review is None or not isinstance(request.user, User):
            return super().change_view(request, object_id, form_url, extra_context)
        if not self.has_view_permission(request, review):
            raise PermissionDenied
        audit.record_read(review.case, user=request.user, channel="admin")
        return self._page(request, review, by=request.user)

    def open(self, request: HttpRequest) -> HttpResponse:
        """Open a review of a case, at the word that the case's page offers."""
        by = self._reader(request)
        given = request.POST.get("case", "")
        visible = Case.objects.visible_to(of_user(by))
        case = get_object_or_404(visible, pk=int(given) if given.isdecimal() else None)
        back = HttpResponseRedirect(reverse("admin:cases_case_change", args=[case.pk]))
        if request.method != "POST":
            return back
        try:
            review = open_review(case, request.POST.get("origin", ""), Act(by=by, on=localdate()))
        except TransitionRefused as refused:
            for reason in refused.reasons:
                messages.error(request, reason)
            return back
        messages.success(request, "The review is open. It waits to be screened.")
        return _to(review)

    def move(self, request: HttpRequest, object_id: str, name: str) -> HttpResponse:
        review, by = self._asked(request, object_id)
        if name not in TRANSITIONS["review"] or not by_hand("review", name):
            raise Http404
        on = localdate()
        form = MoveForm(
            request.POST,
            transition=TRANSITIONS["review"][name],
            review=review,
            choices=choices(review.case, on),
        )
        return self._do(
            request,
            review,
            f"review-{name}",
            form,
            lambda locked: advance(locked, name, form.act(by=by, on=on)),
            said=lambda: f"The review is {review.get_status_display()}.",
        )

    def position(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Put a position of the respondent on record."""
        review, by = self._asked(request, object_id)
        form = PositionForm(request.POST)
        return self._do(
            request,
            review,
            "position",
            form,
            lambda locked: record_position(locked, form.statement(), Act(by=by, on=localdate())),
            said=lambda: "The position is on record.",
        )

    def safeguard(self, request: HttpRequest, object_id: str, step: str) -> HttpResponse:
        """Put on record that a step was done."""
        review, by = self._asked(request, object_id)
        asked = get_object_or_404(review.safeguards, step=step)
        form = StepForm(request.POST, step=step)
        return self._do(
            request,
            review,
            f"safeguard-{step}",
            form,
            lambda _locked: do_step(asked, by=by, note=form.cleaned_data["note"]),
            said=lambda: "The step is on record as done.",
        )

    def draft(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Draft the motion."""
        review, by = self._asked(request, object_id)
        return self._do(
            request,
            review,
            "draft",
            None,
            lambda locked: draft_motion(locked, Act(by=by, on=localdate())),
            said=lambda: "The motion is drafted. A person signs it.",
        )

    def move_motion(
        self, request: HttpRequest, object_id: str, motion_id: int, name: str
    ) -> HttpResponse:
        review, by = self._asked(request, object_id)
        if name not in TRANSITIONS["motion"] or not by_hand("motion", name):
            raise Http404
        motion = get_object_or_404(Motion, review=review, pk=motion_id)
        form = MoveForm(
            request.POST, transition=TRANSITIONS["motion"][name], review=review, choices=[]
        )
        return self._do(
            request,
            review,
            f"motion-{name}",
            form,
            lambda _locked: advance(motion, name, form.act(by=by, on=localdate())),
            said=lambda: f"The motion is {motion.get_status_display()}.",
        )

    def order(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Put an order of a judge, or of the Board, on record."""
        review, by = self._asked(request, object_id)
        form = OrderForm(request.POST, motions=review.case.motions.order_by("pk"))
        return self._do(
            request,
            review,
            "order",
            form,
            lambda locked: record_order(locked.case, form.order(), form.act(by=by, on=localdate())),
            said=lambda: "The order is on record; the motion, the review and the case follow it.",
        )

    def correct(self, request: HttpRequest, object_id: str, order_id: int) -> HttpResponse:
        """Put an order on record anew, as its document says."""
        review, by = self._asked(request, object_id)
        order = get_object_or_404(CourtOrder, case=review.case_id, pk=order_id)
        form = CorrectionForm(request.POST, order=order)
        return self._do(
            request,
            review,
            f"correct-{order.pk}",
            form,
            lambda _locked: correct_order(
                order,
                form.act(by=by, on=localdate()),
                ground=form.cleaned_data["ground"],
                with_prejudice=form.cleaned_data["with_prejudice"],
            ),
            said=lambda: (
                "The order is corrected; what was recorded first stays with it."
                + (" Make its notice again." if order.notices.exists() else "")
            ),
        )

    def act(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Put on record what another did to the case that is no order: an appeal, a hearing."""
        review, by = self._asked(request, object_id)
        every = [t for name, t in TRANSITIONS["case"].items() if by_hand("case", name)]
        form = CourtActForm(request.POST, acts=every)
        return self._do(
            request,
            review,
            "act",
            form,
            lambda locked: record_act(
                locked.case, form.cleaned_data["transition"], form.act(by=by, on=localdate())
            ),
            said=lambda: "The act is on record; the case follows it.",
        )

    def _reader(self, request: HttpRequest) -> User:
        if not isinstance(request.user, User) or not self.has_view_permission(request):
            raise PermissionDenied
        return request.user

    def _asked(self, request: HttpRequest, object_id: str) -> tuple[Review, User]:
        by = self._reader(request)
        visible = self.get_queryset(request).select_related("case__court", "case__office")
        found = get_object_or_404(visible, pk=int(object_id) if object_id.isdecimal() else None)
        return found, by

    def _do(
        self,
        request: HttpRequest,
        review: Review,
        key: str,
        form: forms.Form | None,
        do: Callable[[Review], Any],
        *,
        said: Callable[[], str],
    ) -> HttpResponse:
        """Do it, or answer with the page, every reason, and what was typed."""
        if request.method != "POST":
            return _to(review)
        reasons = errors_of(form) if form is not None else []
        if not reasons:
            try:
                with transaction.atomic():
                    do(_held(review, seen=request.POST.get("seen", "")))
            except TransitionRefused as refused:
                reasons = refused.reasons
            else:
                review.refresh_from_db()
                messages.success(request, said())
                return _to(review)
        review.refresh_from_db()
        by = self._reader(request)
        return self._page(request, review, by=by, refused=Refused(key, form, reasons))

    def _page(
        self, request: HttpRequest, review: Review, *, by: User, refused: Refused | None = None
    ) -> HttpResponse:
        number = review.case.idncase or review.case.uuid
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": f"Review of case {number}",
            "number": number,
            "review": review,
            "case": review.case,
            "page": ReviewPage(review, user=by, on=localdate(), refused=refused),
        }
        status = 409 if refused else 200
        return TemplateResponse(request, "cases/review.html", context, status=status)


def _held(review: Review, *, seen: str) -> Review:
    """Lock the review, and return it if it stands as it was read. Raises TransitionRefused.

    The case first, as whoever records an order over the API does: so neither waits for the other.
    """
    Case.objects.select_for_update(of=("self",)).get(pk=review.case_id)
    locked = Review.objects.select_for_update(of=("self",)).get(pk=review.pk)
    if state_of(locked) != seen:
        raise TransitionRefused("change", [CHANGED])
    return locked


def _to(review: Review) -> HttpResponse:
    return HttpResponseRedirect(reverse("admin:cases_review_change", args=[review.pk]))
