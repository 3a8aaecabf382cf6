"""What the pages of the statistics share: nothing is edited, one leads to the others, files."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.contrib.auth.models import User
from django.db.models import Model
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse

MINUTE = "M j, Y, H:i"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class NothingIsEdited(admin.ModelAdmin):  # type: ignore[type-arg]
    """A page of numbers; they are counted, not entered."""

    about = ""

    def has_add_permission(self, _request: HttpRequest, _obj: Model | None = None) -> bool:
        return False

    def has_change_permission(self, _request: HttpRequest, _obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, _request: HttpRequest, _obj: Model | None = None) -> bool:
        return False

    def change_view(self, *_args: Any, **_kwargs: Any) -> HttpResponse:
        raise Http404


def pages(request: HttpRequest, *, here: str | None) -> list[dict[str, Any]]:
    """Return the pages of the statistics that the reader may open; `here` is one of them."""
    user = request.user
    return [
        {"name": name, "url": address(f"{model}_changelist"), "here": model == here}
        for name, model in (
            ("Completions", "completioncount"),
            ("Published figures", "publishedfigure"),
            ("Rates by group", "ratecount"),
        )
        if isinstance(user, User) and user.has_perm(f"cases.view_{model}")
    ]


def address(name: str) -> str:
    return reverse(f"admin:cases_{name}")


def attached(content: str | bytes, name: str) -> HttpResponse:
    """Return a file to be saved under a name."""
    kind = XLSX if isinstance(content, bytes) else "text/csv; charset=utf-8"
    return HttpResponse(
        content,
        content_type=kind,
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )
