"""Read-only pages of the record, each within what the reader may see."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.core.paginator import Paginator
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.utils.functional import cached_property

from cases.access import Access, of_user
from cases.models import DeliveredFile, Delivery, IntakeNote, QuarantinedRow


class CappedPaginator(Paginator):  # type: ignore[type-arg]
    """Counts no further than anyone turns pages: no count over the docket."""

    @cached_property
    def count(self) -> int:
        rows: Any = self.object_list
        return int(rows.order_by()[:10_000].count())


class ReadOnly(admin.ModelAdmin):  # type: ignore[type-arg]
    """A page on which nothing can be changed. A subclass says which rows an access may see."""

    actions = None
    ordering = ("-pk",)
    sortable_by = ()
    list_per_page = 50
    paginator = CappedPaginator
    show_full_result_count = False

    def visible(self, rows: QuerySet[Any], access: Access) -> QuerySet[Any]:
        """Return the rows that may be seen; unless said otherwise, only by who sees every case."""
        return rows if access.sees_every_case else rows.none()

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return self.visible(super().get_queryset(request), of_user(request.user))

    def has_add_permission(self, _request: HttpRequest, _obj: Model | None = None) -> bool:
        return False

    def has_change_permission(self, _request: HttpRequest, _obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, _request: HttpRequest, _obj: Model | None = None) -> bool:
        return False


class DeliveredFiles(admin.TabularInline):  # type: ignore[type-arg]
    model = DeliveredFile
    can_delete = False
    extra = 0

    def has_add_permission(self, _request: HttpRequest, _obj: Model | None = None) -> bool:
        return False

    def has_change_permission(self, _request: HttpRequest, _obj: Model | None = None) -> bool:
        return False


@admin.register(Delivery)
class DeliveryAdmin(ReadOnly):
    list_display = ("__str__", "received_at", "received_by", "seconds")
    list_select_related = ("received_by",)
    inlines = (DeliveredFiles,)


@admin.register(QuarantinedRow)
class QuarantinedRowAdmin(ReadOnly):
    list_display = ("__str__", "delivery", "column", "reason")
    list_select_related = ("delivery",)


@admin.register(IntakeNote)
class IntakeNoteAdmin(ReadOnly):
    list_display = ("__str__", "delivery", "column")
    list_filter = ("kind",)
    list_select_related = ("delivery",)
