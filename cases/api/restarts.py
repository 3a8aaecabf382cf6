"""The reviews of whether a closed case goes back: read here, never moved. People take each step."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.urls import reverse
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from cases.api.events import EventOutput
from cases.api.http import Instant, PageQuery, access_of, page, record_read
from cases.api.view import View, answers
from cases.models import RestartReview, states
from cases.workflow.restart import FACTORS

Tool = RestartReview.Tool
Urgency = RestartReview.Urgency

URGENCIES = {
    Urgency.DETENTION.value: "detention",
    Urgency.NOT_KNOWN.value: "not-known",
    Urgency.NONE.value: "none",
}


class RestartQuery(PageQuery):
    status = serializers.ChoiceField(states.Restart.choices, required=False)
    tool = serializers.ChoiceField(Tool.choices, required=False, help_text="The way back.")


RESTART_FILTERS = ("status", "tool")


class RestartOutput(serializers.Serializer[Any]):
    """Where the office's consideration of bringing one closed case back stands."""

    id = serializers.UUIDField(source="uuid")
    url = serializers.SerializerMethodField()
    case = serializers.UUIDField(source="case.uuid")
    office = serializers.CharField(source="case.office.code", allow_null=True, default=None)
    status = serializers.ChoiceField(states.Restart.choices)
    tool = serializers.ChoiceField(
        Tool.choices, allow_blank=True, help_text="The way back; empty: none is proposed."
    )
    urgency = serializers.SerializerMethodField()
    urgency_reason = serializers.CharField(
        allow_blank=True, help_text="Empty: not asked yet; it is within the hour."
    )
    urgency_as_of = serializers.DateField(allow_null=True, help_text="null: not asked yet.")
    opened_at = Instant()
    changed_at = Instant()
    version = serializers.IntegerField()

    def get_url(self, review: RestartReview) -> str:
        return reverse("api-restart-review", args=[review.uuid])

    @extend_schema_field(
        {
            "type": "string",
            "enum": list(URGENCIES.values()),
            "description": "Whether the law may require detention; it orders the office's queue "
            "and decides nothing. Law: INA 236(c)(1)(E)",
        }
    )
    def get_urgency(self, review: RestartReview) -> str:
        return URGENCIES[review.urgency]


class RestartPage(serializers.Serializer[Any]):
    next = serializers.CharField(allow_null=True, help_text="Where the next page is.")
    results = RestartOutput(many=True)


class RestartDetailOutput(RestartOutput):
    """A review with what was weighed in it, and every event of its case."""

    ground = serializers.CharField(allow_blank=True, help_text="Beside the events.")
    authority_cited = serializers.CharField(allow_blank=True)
    factors = serializers.SerializerMethodField()
    events = EventOutput(source="case.events", many=True)

    @extend_schema_field(
        {
            "type": "object",
            "properties": {name: {"type": "string"} for name in FACTORS},
            "description": "What was said of each factor. Law: 8 CFR 1003.18(c)(3)(ii)",
        }
    )
    def get_factors(self, review: RestartReview) -> dict[str, str]:
        return dict(review.factors)


def visible_restarts(request: Request) -> QuerySet[RestartReview]:
    seen = access_of(request).condition("case__")
    return RestartReview.objects.filter(seen).select_related("case__office")


def restarts_as_answers(found: Iterable[RestartReview]) -> Any:
    return RestartOutput(found, many=True).data


class Restarts(View):
    """GET /api/v1/restart-reviews/: whether closed cases go back, in the order opened."""

    required_scopes = {"GET": "aftermath:read"}
    query_class = RestartQuery

    @extend_schema(
        operation_id="restart_reviews_list",
        parameters=[RestartQuery],
        responses=answers(200, RestartPage),
    )
    def get(self, request: Request) -> Response:
        wanted = {name: v for name, v in self.query.items() if name in RESTART_FILTERS}
        found = visible_restarts(request).filter(**wanted)
        return page(request, found, self.query, restarts_as_answers)


class OneRestart(View):
    """GET /api/v1/restart-reviews/<id>/: one review, with its events and what was weighed."""

    required_scopes = {"GET": "aftermath:read"}

    @extend_schema(responses=answers(200, RestartDetailOutput, 404))
    def get(self, request: Request, restart_uuid: UUID) -> Response:
        found = visible_restarts(request).prefetch_related("case__events__case")
        review = get_object_or_404(found, uuid=restart_uuid)
        record_read(request, review.case)
        return Response(RestartDetailOutput(review).data)
