"""Offices and courts. Who may see which cases follows from the staff of an office."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.contrib.auth.models import User
from django.db.models import Model, QuerySet
from django.http import HttpRequest

from cases.access import Access
from cases.admin.pages import ReadOnly
from cases.models import Court, Office


def is_superuser(request: HttpRequest) -> bool:
    return isinstance(request.user, User) and request.user.is_active and request.user.is_superuser


@admin.register(Office)
class OfficeAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """Superusers say who works for an office; the others may read it."""

    actions = None
    list_display = ("code", "name")
    search_fields = ("code", "name")
    filter_horizontal = ("staff",)
    change_list_template = "cases/plain_list.html"
    change_form_template = "cases/plain_form.html"

    def has_add_permission(self, request: HttpRequest, _obj: Model | None = None) -> bool:
        return is_superuser(request)

    def has_change_permission(self, request: HttpRequest, _obj: Model | None = None) -> bool:
        return is_superuser(request)

    def has_delete_permission(self, _request: HttpRequest, _obj: Model | None = None) -> bool:
        return False


@admin.register(Court)
class CourtAdmin(ReadOnly):
    about = "The immigration courts, and the office that appears before each."
    hint = "manage.py import_docket DIR"
    list_display = ("code", "name", "office")
    list_select_related = ("office",)
    ordering = ("code",)
    search_fields = ("=code", "name")

    def visible(self, rows: QuerySet[Any], _access: Access) -> QuerySet[Any]:
        return rows
