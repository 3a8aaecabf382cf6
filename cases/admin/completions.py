"""The pages of the completions, and of the cases behind a figure.

Counts are the same for every reader, small ones withheld. Who may see every case can ask for the
exact ones on the page; what leaves it, as a file or by the API, has them withheld for everyone.
"""

from __future__ import annotations

from calendar import month_name
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.contrib import admin
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.formats import date_format
from django.utils.timezone import localtime

from cases import charts
from cases.access import of_user
from cases.admin.numbers import MINUTE, NothingIsEdited, address, attached, pages
from cases.models import Case, CompletingOrder, CompletionCount
from cases.small_cells import SMALLEST_SHOWN
from cases.statistics import export, plain, release, tables
from cases.statistics.dimensions import FORMS, IN_TITLES, RECORDS, By, in_words, names
from cases.statistics.fiscal import MONTHS, end_of_month, first_day, last_day, month_of
from cases.statistics.kinds import CLOSURES, IN_WORDS, KINDS, MERITS, completion, in_absentia
from cases.statistics.tables import Line

LISTED_AT_MOST = 500
GROUPS_DRAWN = 25
OVER_YEARS = (By.FISCAL_YEAR, By.MONTH, By.FORM)
"""What is shown of every year, where none is chosen; of the others the latest year."""
OTHERS = tuple(kind for kind in KINDS if kind not in (*CLOSURES, *MERITS))
BANDS = (("Closures", CLOSURES), ("Merits", MERITS), ("Other completions", OTHERS))
ALL_CLOSURES, ALL = "closures", "all"
"""In place of a kind in the address of the cases behind a figure."""


def to_month() -> forms.TypedChoiceField:
    """Return the field for the last month of those counted; empty is the whole year."""
    choices = [("", ""), *((month, month) for month in MONTHS)]
    return forms.TypedChoiceField(choices=choices, coerce=int, required=False)


class Question(forms.Form):
    """What is counted by what; an empty year is every year, an empty month the whole year."""

    by = forms.ChoiceField(choices=[(by.value, by.value) for by in By], required=False)
    year = forms.IntegerField(min_value=1900, max_value=2200, required=False)
    to = to_month()
    exact = forms.BooleanField(required=False)

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or self.cleaned_data
        by = By(given.get("by") or By.FISCAL_YEAR)
        to = given.get("to") or None
        if to is not None and by not in OVER_YEARS:
            self.add_error(
                "to", "Months to date are published for the fiscal years, not by " + IN_TITLES[by]
            )
        return {**given, "by": by, "to": to}


class Behind(forms.Form):
    """Which figure: a group of a year, of one kind, of all closures or of all completions."""

    by = forms.ChoiceField(choices=[(by.value, by.value) for by in By if by is not By.FORM])
    year = forms.IntegerField(min_value=1900, max_value=2200)
    group = forms.CharField(max_length=20, required=False)
    kind = forms.ChoiceField(choices=[(kind, kind) for kind in (*KINDS, ALL_CLOSURES, ALL)])
    to = to_month()


@dataclass(frozen=True, slots=True)
class Figure:
    """A count on the page, and where the cases behind it are listed."""

    count: int | None
    url: str


@admin.register(CompletionCount)
class CompletionsAdmin(NothingIsEdited):
    about = "How cases ended, by year, office, court, nationality and more; small counts withheld."

    def get_urls(self) -> list[Any]:
        own = [
            path(route, self.admin_site.admin_view(view), name=f"cases_completioncount_{name}")
            for route, view, name in (
                ("table.csv", self.as_csv, "csv"),
                ("table.xlsx", self.as_xlsx, "xlsx"),
                ("cases/", self.cases_behind, "cases"),
            )
        ]
        return [*own, *super().get_urls()]

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Show a table with its chart."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        form = Question(request.GET)
        asked: dict[str, Any] = form.cleaned_data if form.is_valid() else {}
        by: By = asked.get("by", By.FISCAL_YEAR)
        to: int | None = asked.get("to")
        may_see_exact = of_user(request.user).sees_every_case
        exact = bool(asked.get("exact")) and may_see_exact
        everything = tables.published(by, to_month=to, exact=exact)
        years = sorted({line.fiscal_year for line in everything}, reverse=True)
        year: int | None = asked.get("year")
        if year is None and by not in OVER_YEARS and years:
            year = years[0]  # hundreds of groups in each of many years are no page
        lines = [line for line in everything if year in (None, line.fiscal_year)]
        exported = urlencode(
            {k: v for k, v in (("by", by.value), ("year", year), ("to", to)) if v is not None}
        )
        may_see_cases = isinstance(request.user, User) and request.user.has_perm("cases.view_case")
        heading = _heading(by, year, to)
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": "Completions",
            "pages": pages(request, here=self.opts.model_name),
            "problems": [text for errors in form.errors.values() for text in errors],
            "dimensions": [(by.value, text) for by, text in IN_TITLES.items()],
            "by": by.value,
            "years": years,
            "year": year,
            "months": [(month, month_name[month]) for month in MONTHS],
            "to": to,
            "may_see_exact": may_see_exact,
            "exact": exact,
            "heading": heading,
            "charts": _charts(by, lines, heading),
            "counted": _counted(),
            "lines": [_row(by, line, to, with_links=may_see_cases) for line in lines],
            "group_head": IN_TITLES[by][:1].upper() + IN_TITLES[by][1:],
            "with_year": by is not By.FISCAL_YEAR,
            "bands": [
                (head, [{"words": IN_WORDS[kind]} for kind in kinds])
                for head, kinds in ([] if by is By.FORM else BANDS)
            ],
            "smallest_shown": SMALLEST_SHOWN,
            "may_see_cases": may_see_cases,
            "csv_url": reverse("admin:cases_completioncount_csv") + f"?{exported}",
            "xlsx_url": reverse("admin:cases_completioncount_xlsx") + f"?{exported}",
            **(extra_context or {}),
        }
        return TemplateResponse(request, "cases/statistics.html", context)

    def as_csv(self, request: HttpRequest) -> HttpResponse:
        """Answer with the table as CSV, small counts withheld whoever asks."""
        return attached(self._sheet(request).csv(), "completions.csv")

    def as_xlsx(self, request: HttpRequest) -> HttpResponse:
        """Answer with the table as a workbook; as the CSV."""
        return attached(self._sheet(request).xlsx(), "completions.xlsx")

    def _sheet(self, request: HttpRequest) -> export.Sheet:
        if not self.has_view_permission(request):
            raise PermissionDenied
        form = Question(request.GET)
        if not form.is_valid():
            raise Http404
        by, year = form.cleaned_data["by"], form.cleaned_data["year"]
        lines = tables.published(by, to_month=form.cleaned_data["to"])
        return export.of_lines(by, [line for line in lines if year in (None, line.fiscal_year)])

    def cases_behind(self, request: HttpRequest) -> HttpResponse:
        """List the cases behind a figure, of those that the reader may see."""
        user = request.user
        if not isinstance(user, User) or not user.has_perm("cases.view_case"):
            raise PermissionDenied
        form = Behind(request.GET)
        if not self.has_view_permission(request) or not form.is_valid():
            raise Http404
        asked = form.cleaned_data
        by, group, kind, year = By(asked["by"]), asked["group"], asked["kind"], asked["year"]
        known = names(by)
        if by is By.MONTH and group not in known:
            raise Http404
        until = end_of_month(month_of(year, asked["to"])) if asked["to"] else last_day(year)
        kinds = {ALL: KINDS, ALL_CLOSURES: CLOSURES}.get(kind, (kind,))
        visible = Case.objects.visible_to(of_user(user)).values("pk")
        these = plain.completed(since=first_day(year), until=until).filter(case__in=visible)
        found = list(
            plain.narrowed(these, by, group, kinds=kinds)
            .select_related("case")
            .order_by("-ordered_on", "-pk")[: LISTED_AT_MOST + 1]
        )
        words = {ALL: "completions", ALL_CLOSURES: "closures"}.get(kind, IN_WORDS.get(kind, ""))
        whose = "" if by is By.FISCAL_YEAR else f", {IN_TITLES[by]}: {in_words(group, known)}"
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": "Cases behind a figure",
            "above": {"name": "Completions", "url": address("completioncount_changelist")},
            "about": f"FY{year}{whose}: {words}.",
            "found": [
                {
                    "case": order.case,
                    "order": order,
                    "kind": _kind_of(order),
                    "record": RECORDS[order.record],
                }
                for order in found[:LISTED_AT_MOST]
            ],
            "listed_at_most": LISTED_AT_MOST if len(found) > LISTED_AT_MOST else None,
        }
        return TemplateResponse(request, "cases/cases_behind.html", context)


def _heading(by: By, year: int | None, to: int | None) -> str:
    what = "Closures" if by is By.FISCAL_YEAR else f"Closures by {IN_TITLES[by]}"
    which = ", all fiscal years" if year is None else f", FY{year}"
    months = f", October to {month_name[to]} of each year" if to else ""
    return what + which + months


def _counted() -> str:
    latest = release.latest()
    if latest is None:
        return ""
    at = date_format(localtime(latest.refreshed_at), MINUTE)
    return (
        f"{latest.completions:,} orders that ended a case, counted {at}. A case reopened and "
        "decided again counts again; an order that the office recorded counts once, before the "
        "courts' data has it and after. A dismissal is usually on a motion of the office, but its "
        "code does not say so."
    )


def _charts(by: By, lines: list[Line], title: str) -> list[str]:
    """Return what can be drawn of the lines; nothing where everything is withheld."""
    if by is By.FORM:
        return _forms(lines, title)
    if by not in OVER_YEARS:
        return _bars(lines, title)
    one_year = len({line.fiscal_year for line in lines}) == 1
    labels = [
        str(line.fiscal_year)
        if by is By.FISCAL_YEAR
        else line.name[:3] + ("" if one_year else f" {line.fiscal_year}")
        for line in lines
    ]
    kinds = [
        charts.Series(IN_WORDS[kind], [line.counts[kind] for line in lines]) for kind in CLOSURES
    ]
    if not any(value for one in kinds for value in one.values):
        kinds = [charts.Series("closures", [line.closures for line in lines])]
    shares = [
        charts.Series("closures in percent of completions", [line.share_percent for line in lines])
    ]
    return [
        charts.stacked(labels, series, title=words)
        for series, words in ((kinds, title), (shares, f"{title}: their share in the completions"))
        if any(value for one in series for value in one.values)
    ]


def _forms(lines: list[Line], title: str) -> list[str]:
    years = sorted({line.fiscal_year for line in lines})
    counts = {(line.fiscal_year, line.group): line.closures for line in lines}
    series = [
        charts.Series(
            IN_WORDS[form],
            [counts.get((year, form), 0) for year in years],
            colour=CLOSURES.index(form),
        )
        for form in FORMS
    ]
    if not any(value for one in series for value in one.values):
        return []
    return [charts.stacked([str(year) for year in years], series, title=title)]


def _bars(lines: list[Line], title: str) -> list[str]:
    most = sorted(
        (line for line in lines if line.closures), key=lambda line: -(line.closures or 0)
    )[:GROUPS_DRAWN]
    several = len({line.fiscal_year for line in most}) > 1
    labels = [f"{line.name}, FY{line.fiscal_year}" if several else line.name for line in most]
    if not most:
        return []
    return [charts.bars(labels, [line.closures for line in most], title=title)]


def _row(by: By, line: Line, to: int | None, *, with_links: bool) -> dict[str, Any]:
    def figure(count: int | None, kind: str) -> Figure:
        if not with_links or count == 0:
            return Figure(count, "")
        query = {
            "by": (By.FISCAL_YEAR if by is By.FORM else by).value,
            "year": line.fiscal_year,
            "kind": kind,
            **({} if by is By.FORM else {"group": line.group}),
            **({"to": to} if to and by is not By.MONTH else {}),
        }
        return Figure(count, f"{address('completioncount_cases')}?{urlencode(query)}")

    kinds = [] if by is By.FORM else [kind for _, kinds in BANDS for kind in kinds]
    return {
        "name": line.name,
        "year": line.fiscal_year,
        "cells": [
            figure(line.completions, ALL),
            figure(line.closures, line.group if by is By.FORM else ALL_CLOSURES),
        ],
        "kinds": [figure(line.counts[kind], kind) for kind in kinds],
        "share": line.share_percent,
        "change": line.change,
        "change_percent": line.change_percent,
        "running": line.running,
    }


def _kind_of(order: CompletingOrder) -> str:
    kind = completion(*(getattr(order, name) for name in plain.CODES))
    return "" if kind is None else IN_WORDS[in_absentia(kind, order.absentia)]
