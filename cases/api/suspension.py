"""The suspension of entry under Proclamation 10773: what stood on a day, and how it came about."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.utils.timezone import localdate
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from cases.api.http import Strict
from cases.api.view import View, answers
from cases.encounters.counts import Series, fullest_series
from cases.encounters.describe import as_dict
from cases.encounters.status import state_on
from cases.encounters.trigger import Kind, Status, readings_named

KINDS = [(kind.value, kind.value) for kind in Kind]
STATUSES = [(status.value, status.value) for status in Status]


class SuspensionQuery(Strict):
    on = serializers.DateField(required=False, help_text="A day. Default: today, in New York.")
    series = serializers.ChoiceField(
        [series.value for series in Series],
        required=False,
        help_text="Whose averages to tell; only daily counts propose. Default: the best on record.",
    )


class PendingOutput(serializers.Serializer[Any]):
    """A determination that is still to take effect, at 00:01 New York time."""

    kind = serializers.ChoiceField(KINDS)
    determined_on = serializers.DateField()
    effective_on = serializers.DateField()


class SevenDaysOutput(serializers.Serializer[Any]):
    """The seven days to one day; null where one of them is not on record."""

    to = serializers.DateField()
    sum = serializers.IntegerField(allow_null=True)
    average = serializers.FloatField(allow_null=True)
    days_below = serializers.IntegerField(help_text="Days in a row with an average below 1,500.")
    days_needed = serializers.IntegerField()


class PeriodOutput(serializers.Serializer[Any]):
    status = serializers.ChoiceField(STATUSES)
    begins = serializers.DateTimeField()
    ends = serializers.DateTimeField(allow_null=True, help_text="Null: it stands.")
    by = serializers.CharField()


class SuspensionOutput(serializers.Serializer[Any]):
    """What stood on the day. Nothing takes effect without a recorded determination."""

    on = serializers.DateField()
    status = serializers.ChoiceField(STATUSES)
    in_effect = serializers.BooleanField(help_text="False too while a court stays it.")
    sentence = serializers.CharField()
    since = serializers.DateTimeField(allow_null=True)
    pending = PendingOutput(allow_null=True)
    stayed_by = serializers.ListField(child=serializers.CharField())
    series = serializers.ChoiceField([series.value for series in Series])
    seven_days = SevenDaysOutput(allow_null=True)
    last_below_1500 = SevenDaysOutput(allow_null=True)
    supports = serializers.ChoiceField(
        KINDS,
        allow_null=True,
        help_text="The determination that the counts would support; it is for a person to make.",
    )
    alerts = serializers.ListField(child=serializers.CharField())
    periods = PeriodOutput(many=True)


class Suspension(View):
    """GET /api/v1/suspension/: what stood on a day; no case follows from it."""

    required_scopes = {"GET": "statistics:read"}
    query_class = SuspensionQuery

    @extend_schema(parameters=[SuspensionQuery], responses=answers(200, SuspensionOutput))
    def get(self, _request: Request) -> Response:
        series = self.query.get("series")
        state = state_on(
            self.query.get("on") or localdate(),
            readings=readings_named(settings.ENCOUNTER_READINGS),
            series=Series(series) if series else fullest_series(),
        )
        return Response(as_dict(state))
