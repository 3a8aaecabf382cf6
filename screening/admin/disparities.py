"""Rates by group: the page that shows where groups of people fare differently."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.formats import date_format
from django.utils.timezone import localtime

from cases import charts
from cases.access import of_user
from cases.admin.numbers import MINUTE, NothingIsEdited, attached, pages
from cases.models import RateCount
from cases.rates import FEWEST_CASES, LEAST_RATIO, MOST_RATIO, State
from cases.small_cells import SMALLEST_SHOWN, is_small
from cases.statistics.export import WITHHELD, Sheet
from screening import disparity
from screening.disparity import Measure, Table

GROUPS_DRAWN = 20
IN_WORDS = {
    State.ALERT: "alert",
    State.CHANCE: "outside, may be chance",
    State.WITHIN: "within",
    State.TOO_FEW: "too few cases",
}
ABOUT = (
    "Bounds: exact, 95 % (Clopper and Pearson). Ratio: to the rate of all cases. Chance: how "
    "likely a difference so large would be if there were none, Fisher's exact test against all "
    "other cases, corrected for the number of groups (Benjamini and Hochberg).",
    f"Alert: the ratio is outside {LEAST_RATIO} to {MOST_RATIO}, there are {FEWEST_CASES} cases or "
    "more, and the corrected chance is at most 5 %.",
    f"withheld: fewer than {SMALLEST_SHOWN} cases with or without the event, or such a count would "
    "follow from it.",
)


@admin.register(RateCount)
class DisparityAdmin(NothingIsEdited):
    about = "Whether groups of people fare differently: rates with exact bounds, and alerts."

    def get_urls(self) -> list[Any]:
        own = [
            path(route, self.admin_site.admin_view(view), name=f"cases_ratecount_{name}")
            for route, view, name in (
                ("table.csv", self.as_csv, "csv"),
                ("table.xlsx", self.as_xlsx, "xlsx"),
            )
        ]
        return [*own, *super().get_urls()]

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Show every group, with a chart of each dimension."""
        measure = self._measure(request)
        may_see_exact = of_user(request.user).sees_every_case
        exact = may_see_exact and request.GET.get("exact") == "1"
        found = disparity.tables(measure, exact=exact)
        everyone = disparity.overall(measure)
        rate = everyone.events / everyone.cases if everyone.cases else 0.0
        small = is_small(everyone.events) or is_small(everyone.cases - everyone.events)
        at = disparity.counted_at(measure)
        alerts = [(t.dimension, x) for t in found for x in t.groups if x.state is State.ALERT]
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": "Rates by group",
            "pages": pages(request, here=self.opts.model_name),
            "measures": disparity.MEASURES,
            "measure": measure,
            "may_see_exact": may_see_exact,
            "exact": exact,
            "counted_at": at and date_format(localtime(at), MINUTE),
            "cases": everyone.cases,
            "events": None if small and not exact else everyone.events,
            "overall": None if small and not exact else 100 * rate,
            "alerts": alerts,
            "tables": [
                {
                    "dimension": table.dimension,
                    "chart": _chart(table, rate),
                    "judged": _rows(table, judged=True),
                    "too_few": _rows(table, judged=False),
                }
                for table in found
            ],
            "about_the_numbers": ABOUT,
            "csv_url": reverse("admin:cases_ratecount_csv") + f"?measure={measure.code}",
            "xlsx_url": reverse("admin:cases_ratecount_xlsx") + f"?measure={measure.code}",
            **(extra_context or {}),
        }
        return TemplateResponse(request, "screening/disparity.html", context)

    def as_csv(self, request: HttpRequest) -> HttpResponse:
        """Answer with the rates as CSV, small counts withheld whoever asks."""
        return attached(_sheet(self._measure(request)).csv(), "rates-by-group.csv")

    def as_xlsx(self, request: HttpRequest) -> HttpResponse:
        """Answer with the rates as a workbook; as the CSV."""
        return attached(_sheet(self._measure(request)).xlsx(), "rates-by-group.xlsx")

    def _measure(self, request: HttpRequest) -> Measure:
        if not self.has_view_permission(request):
            raise PermissionDenied
        code = request.GET.get("measure") or disparity.FLAGGED.code
        found = next((m for m in disparity.MEASURES if m.code == code), None)
        if found is None:
            raise Http404
        return found


def _chart(table: Table, overall: float) -> str:
    told = [line for line in table.groups if line.rate and line.state is not State.TOO_FEW]
    return charts.intervals(
        [
            charts.Interval(x.name, x.rate.low, x.rate.rate, x.rate.high, x.state.value)
            for x in told[:GROUPS_DRAWN]
            if x.rate
        ],
        overall=overall,
        band=(LEAST_RATIO * overall, min(1.0, MOST_RATIO * overall)),
        title=f"Rates by {table.dimension}, with their bounds",
    )


def _rows(table: Table, *, judged: bool) -> list[tuple[disparity.Line, str, list[float]]]:
    """Return the groups with cases enough to be judged, or the others."""
    return [
        (line, IN_WORDS[line.state], _percents(line))
        for line in table.groups
        if (line.state is not State.TOO_FEW) is judged
    ]


def _percents(line: disparity.Line) -> list[float]:
    rate = line.rate
    return [] if rate is None else [100 * share for share in (rate.rate, rate.low, rate.high)]


def _sheet(measure: Measure) -> Sheet:
    numbers = ("cases", "events", "rate", "low", "high", "ratio", "chance")
    return Sheet(
        head=("by", "group", "code", "state", *numbers),
        rows=[
            (
                table.dimension,
                x.name,
                x.group,
                IN_WORDS[x.state],
                *(
                    [WITHHELD] * len(numbers)
                    if x.rate is None
                    else [
                        *(x.rate.group.cases, x.rate.group.events),
                        *(round(n, 6) for n in (x.rate.rate, x.rate.low, x.rate.high)),
                        *("" if n is None else round(n, 6) for n in (x.rate.ratio, x.rate.chance)),
                    ]
                ),
            )
            for table in disparity.tables(measure)
            for x in table.groups
        ],
        about=(measure.title, *ABOUT),
    )
