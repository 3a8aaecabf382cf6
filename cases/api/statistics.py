"""Statistics: completions by everything, and what others published; small counts withheld.

Withheld for every caller, whatever it may see: what is told here travels on.
"""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import exceptions, serializers
from rest_framework.request import Request
from rest_framework.response import Response

from cases.api.http import Instant, Strict
from cases.api.view import View, answers
from cases.small_cells import SMALLEST_SHOWN
from cases.statistics import comparison, release, tables
from cases.statistics.comparison import Comparison
from cases.statistics.dimensions import By
from cases.statistics.kinds import KINDS
from cases.statistics.tables import Line

NULL = "null: withheld, because it is small or a small one would follow from it."
FIRST_YEAR, LAST_YEAR = 1900, 2200


class CompletionsQuery(Strict):
    by = serializers.ChoiceField([by.value for by in By], default=By.FISCAL_YEAR.value)
    fiscal_year = serializers.IntegerField(
        min_value=FIRST_YEAR, max_value=LAST_YEAR, required=False, help_text="Default: every year."
    )
    to_month = serializers.IntegerField(
        min_value=1,
        max_value=12,
        required=False,
        help_text="Only the months from October to this calendar month of each year; by "
        "fiscal-year, month and form.",
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if "to_month" in attrs and attrs["by"] not in (By.FISCAL_YEAR, By.MONTH, By.FORM):
            raise exceptions.ValidationError(
                {"to_month": ["Months to date are not published by this dimension."]}
            )
        return attrs


class CompletionLineOutput(serializers.Serializer[Any]):
    """A group in a fiscal year. The kinds are separate legal acts; closures is the sum of six."""

    fiscal_year = serializers.IntegerField()
    group = serializers.CharField(allow_blank=True, help_text="A code; empty: not on record.")
    name = serializers.CharField()
    completions = serializers.IntegerField(allow_null=True, help_text=NULL)
    kinds = serializers.SerializerMethodField()
    closures = serializers.IntegerField(allow_null=True, help_text=NULL)
    discretion = serializers.IntegerField(allow_null=True, help_text="I, M and Y. " + NULL)
    merits = serializers.IntegerField(allow_null=True, help_text=NULL)
    share_percent = serializers.FloatField(
        allow_null=True, help_text="Of closures in completions. " + NULL
    )
    change = serializers.IntegerField(
        allow_null=True, help_text="Of closures on the year before; null as well for the first."
    )
    change_percent = serializers.FloatField(allow_null=True)
    running_total = serializers.IntegerField(
        source="running",
        allow_null=True,
        help_text="Of closures, over the years; by month, within the year. " + NULL,
    )

    @extend_schema_field(
        {
            "type": "object",
            "additionalProperties": {"type": ["integer", "null"]},
            "description": "Completions of each kind. " + NULL,
        }
    )
    def get_kinds(self, line: Line) -> dict[str, int | None]:
        return {kind: line.counts[kind] for kind in KINDS if kind in line.counts}


class CompletionsOutput(serializers.Serializer[Any]):
    by = serializers.ChoiceField([by.value for by in By])
    counted_at = Instant(allow_null=True, help_text="null: nothing was counted yet.")
    withheld_below = serializers.IntegerField()
    results = CompletionLineOutput(many=True)


class FigureOutput(serializers.Serializer[Any]):
    measure = serializers.CharField()
    period = serializers.CharField(help_text="As its source writes it.")
    value = serializers.FloatField()
    source = serializers.CharField()  # type: ignore[assignment]  # a field, not the source


class ComparisonOutput(serializers.Serializer[Any]):
    """What sources published of one subject and period, and ours where it counts the same."""

    subject = serializers.CharField(source="title")
    since = serializers.DateField()
    until = serializers.DateField(allow_null=True, help_text="null: to the day it was told.")
    figures = FigureOutput(many=True)
    sources_differ = serializers.BooleanField(source="conflict")
    ours = serializers.IntegerField(allow_null=True)
    why_not = serializers.CharField(allow_blank=True, help_text="Why there is none of ours.")


class ComparisonsOutput(serializers.Serializer[Any]):
    results = ComparisonOutput(many=True)


class Completions(View):
    """GET /api/v1/statistics/completions/: how cases ended, by year and one other thing."""

    required_scopes = {"GET": "statistics:read"}
    query_class = CompletionsQuery

    @extend_schema(
        operation_id="statistics_completions",
        parameters=[CompletionsQuery],
        responses=answers(200, CompletionsOutput),
    )
    def get(self, _request: Request) -> Response:
        by, year = By(self.query["by"]), self.query.get("fiscal_year")
        lines = tables.published(by, to_month=self.query.get("to_month"))
        latest = release.latest()
        told = {
            "by": by.value,
            "counted_at": latest and latest.refreshed_at,
            "withheld_below": SMALLEST_SHOWN,
            "results": [line for line in lines if year in (None, line.fiscal_year)],
        }
        return Response(CompletionsOutput(told).data)


class PublishedFigures(View):
    """GET /api/v1/statistics/published-figures/: what others published, and ours beside it."""

    required_scopes = {"GET": "statistics:read"}

    @extend_schema(
        operation_id="statistics_published_figures", responses=answers(200, ComparisonsOutput)
    )
    def get(self, _request: Request) -> Response:
        found: list[Comparison] = comparison.comparisons()
        return Response(ComparisonsOutput({"results": found}).data)
