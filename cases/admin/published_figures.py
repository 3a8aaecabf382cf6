"""The page of the figures that others published, with ours beside them."""

from __future__ import annotations

import re
from itertools import groupby
from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import path, reverse

from cases import charts
from cases.access import of_user
from cases.admin.numbers import NothingIsEdited, attached, pages
from cases.models import PublishedFigure
from cases.statistics import export
from cases.statistics.comparison import Comparison, comparisons


@admin.register(PublishedFigure)
class PublishedFiguresAdmin(NothingIsEdited):
    about = "Figures of TRAC, EOIR, UNHCR and others, each with its source, and ours beside them."

    def get_urls(self) -> list[Any]:
        own = [
            path(route, self.admin_site.admin_view(view), name=f"cases_publishedfigure_{name}")
            for route, view, name in (
                ("table.csv", self.as_csv, "csv"),
                ("table.xlsx", self.as_xlsx, "xlsx"),
            )
        ]
        return [*own, *super().get_urls()]

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Show the figures by subject and period."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        may_see_exact = of_user(request.user).sees_every_case
        exact = may_see_exact and request.GET.get("exact") == "1"
        found = comparisons(exact=exact)
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": "Published figures",
            "pages": pages(request, here=self.opts.model_name),
            "may_see_exact": may_see_exact,
            "exact": exact,
            "subjects": [
                _subject(title, list(of_subject))
                for title, of_subject in groupby(found, key=lambda c: c.title)
            ],
            "csv_url": reverse("admin:cases_publishedfigure_csv"),
            "xlsx_url": reverse("admin:cases_publishedfigure_xlsx"),
            **(extra_context or {}),
        }
        return TemplateResponse(request, "cases/published.html", context)

    def as_csv(self, request: HttpRequest) -> HttpResponse:
        """Answer with the figures as CSV; ours with small counts withheld, whoever asks."""
        return attached(self._sheet(request).csv(), "published-figures.csv")

    def as_xlsx(self, request: HttpRequest) -> HttpResponse:
        """Answer with the figures as a workbook; as the CSV."""
        return attached(self._sheet(request).xlsx(), "published-figures.xlsx")

    def _sheet(self, request: HttpRequest) -> export.Sheet:
        if not self.has_view_permission(request):
            raise PermissionDenied
        return export.of_comparisons(comparisons())


def _subject(title: str, found: list[Comparison]) -> dict[str, Any]:
    drawn: list[tuple[str, float | None]] = []
    for about in found:
        drawn += [(f"{f.period}, {_short(f.source)}", float(f.value)) for f in about.figures]
        if about.ours is not None:
            drawn.append((f"{about.figures[0].period}, ours", float(about.ours)))
    for about in found:
        for figure in about.figures:
            figure.words = _number(float(figure.value))  # type: ignore[attr-defined]
    return {
        "title": title,
        "comparisons": found,
        "chart": charts.bars(
            [name for name, _ in drawn], [value for _, value in drawn], title=title
        ),
    }


def _short(source: str) -> str:
    return re.split(r"[(,]", source, maxsplit=1)[0].strip()[:24]


def _number(value: float) -> str:
    return f"{value:,.0f}" if value == int(value) else f"{value:,.1f}"
