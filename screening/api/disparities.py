"""Whether groups of people fare differently: rates by group with exact bounds."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from cases.api.http import Instant, Strict
from cases.api.view import View, answers
from cases.rates import FEWEST_CASES, LEAST_RATIO, MOST_RATIO, State
from cases.small_cells import SMALLEST_SHOWN
from screening import disparity

NULL = "null: withheld."
BY_CODE = {measure.code: measure for measure in disparity.MEASURES}


class DisparitiesQuery(Strict):
    measure = serializers.ChoiceField(list(BY_CODE), default=disparity.FLAGGED.code)


class GroupRateOutput(serializers.Serializer[Any]):
    """The rate of a group with its exact 95 % bounds, and its ratio to the overall rate."""

    group = serializers.CharField(allow_blank=True, help_text="A code; empty: not on record.")
    name = serializers.CharField()
    state = serializers.ChoiceField([state.value for state in State])
    cases = serializers.IntegerField(
        source="rate.group.cases", default=None, allow_null=True, help_text=NULL
    )
    events = serializers.IntegerField(
        source="rate.group.events", default=None, allow_null=True, help_text=NULL
    )
    rate = serializers.FloatField(source="rate.rate", default=None, allow_null=True, help_text=NULL)
    low = serializers.FloatField(source="rate.low", default=None, allow_null=True, help_text=NULL)
    high = serializers.FloatField(source="rate.high", default=None, allow_null=True, help_text=NULL)
    ratio = serializers.FloatField(
        source="rate.ratio", default=None, allow_null=True, help_text=NULL
    )
    chance = serializers.FloatField(
        source="rate.chance",
        default=None,
        allow_null=True,
        help_text="Of a difference so large if there were none, corrected for the number of "
        "groups. " + NULL,
    )


class DisparityTableOutput(serializers.Serializer[Any]):
    dimension = serializers.ChoiceField(list(disparity.DIMENSIONS))
    groups = GroupRateOutput(many=True)


class DisparitiesOutput(serializers.Serializer[Any]):
    measure = serializers.CharField()
    title = serializers.CharField()
    counted_at = Instant(allow_null=True)
    withheld_below = serializers.IntegerField()
    fewest_cases = serializers.IntegerField()
    least_ratio = serializers.FloatField()
    most_ratio = serializers.FloatField()
    results = DisparityTableOutput(many=True)


class Disparities(View):
    """GET /api/v1/statistics/disparities/: rates by group, and those that are an alert."""

    required_scopes = {"GET": "statistics:read"}
    query_class = DisparitiesQuery

    @extend_schema(
        operation_id="statistics_disparities",
        parameters=[DisparitiesQuery],
        responses=answers(200, DisparitiesOutput),
    )
    def get(self, _request: Request) -> Response:
        measure = BY_CODE[self.query["measure"]]
        told = {
            "measure": measure.code,
            "title": measure.title,
            "counted_at": disparity.counted_at(measure),
            "withheld_below": SMALLEST_SHOWN,
            "fewest_cases": FEWEST_CASES,
            "least_ratio": LEAST_RATIO,
            "most_ratio": MOST_RATIO,
            "results": [table._asdict() for table in disparity.tables(measure)],
        }
        return Response(DisparitiesOutput(told).data)
