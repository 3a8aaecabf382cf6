"""Bulk reviews: how far they are, and what they came to."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.timezone import localdate

from cases.access import Access, of_user
from cases.admin.pages import ChoiceFilter
from cases.models import Case, Office
from screening import bulk
from screening.access import visible_bulk_reviews
from screening.admin.criteria import labels_of
from screening.admin.runs import RunAdmin
from screening.findings import Outcome
from screening.models import BulkReview
from screening.reviews import open_reviews

CHUNKS_SHOWN = 100


class StatusFilter(ChoiceFilter):
    title = "status"
    parameter_name = "status"
    column = "status"
    choices_of = BulkReview.Status.choices


@admin.register(BulkReview)
class BulkReviewAdmin(RunAdmin):
    name = "Bulk review"
    doing = "screened"
    about = "A policy applied to the docket, or to the cases of some offices."
    hint = "manage.py bulk_review --policy doyle-2 --as-of 2024-01-15"
    list_display = ("number", "state", "done", "policy_version", "as_of", "scope", "requested_at")
    list_filter = (StatusFilter,)
    list_select_related = ("policy_version",)

    def visible(self, _rows: QuerySet[Any], access: Access) -> QuerySet[Any]:
        return self.with_progress(visible_bulk_reviews(access))

    # One bulk review

    def get_urls(self) -> list[Any]:
        cancel = path(
            "<path:object_id>/cancel/",
            self.admin_site.admin_view(self.cancel),
            name="screening_bulkreview_cancel",
        )
        opened = path(
            "<path:object_id>/open-reviews/",
            self.admin_site.admin_view(self.open_reviews),
            name="screening_bulkreview_open_reviews",
        )
        return [cancel, opened, *super().get_urls()]

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
        running = review.status in (BulkReview.Status.PLANNED, BulkReview.Status.RUNNING)
        result = bulk.result(review)
        most = max(result.outcomes.values(), default=0)
        labels = labels_of(review.policy_version)
        offices = Office.objects.filter(pk__in=review.office_ids or [])
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": f"Bulk review {review.pk}",
            "review": review,
            "running": running,
            "may_cancel": running and _may_cancel(request.user),
            "may_open": not running and _may_open(request.user),
            "progress": bulk.progress(review),
            "result": result,
            "outcomes": [
                (
                    o.value,
                    n,
                    100 * n / result.in_scope if result.in_scope else 0,
                    100 * n / most if most else 0,
                )
                for o in Outcome
                for n in [result.outcomes.get(o.value, 0)]
            ],
            "leading": [(o, c, labels.get(c, ""), n) for o, c, n in result.leading if c],
            "offices": list(offices),
            "chunks": review.chunks.order_by("done_at", "pk")[:CHUNKS_SHOWN],
            "chunks_shown": CHUNKS_SHOWN,
            "moves": review.moves.select_related("by").order_by("pk"),
        }
        return TemplateResponse(request, "screening/bulk_review.html", context)

    def cancel(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Cancel by the same function that the API calls."""
        if not isinstance(request.user, User) or not _may_cancel(request.user):
            raise PermissionDenied
        review = get_object_or_404(self.get_queryset(request), pk=object_id)
        if request.method == "POST":
            try:
                bulk.cancel(review, by=request.user)
                messages.success(request, "Cancelled. What is written stays written.")
            except bulk.MoveRefused as refused:
                messages.error(request, str(refused))
        return HttpResponseRedirect(reverse("admin:screening_bulkreview_change", args=[review.pk]))

    def open_reviews(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Bring the cases that are flagged now to the attorneys of the offices it screened."""
        if not isinstance(request.user, User) or not _may_open(request.user):
            raise PermissionDenied
        review = get_object_or_404(self.get_queryset(request), pk=object_id)
        if request.method == "POST":
            cases = Case.objects.visible_to(of_user(request.user))
            if review.office_ids is not None:
                cases = cases.filter(office__in=review.office_ids)
            opened = open_reviews(
                cases,
                by=request.user,
                on=localdate(),
                as_of=review.as_of,
                known_at=review.known_at,
            )
            messages.success(request, f"{opened:,} reviews opened; they wait for an attorney.")
        return HttpResponseRedirect(reverse("admin:screening_bulkreview_change", args=[review.pk]))


def _may_open(user: User) -> bool:
    return user.has_perm("cases.open_review")


def _may_cancel(user: User) -> bool:
    return user.has_perm("screening.start_bulk_review")
