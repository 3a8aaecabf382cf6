"""The respondent's position on closing the case: recorded, and read as it changed."""

from __future__ import annotations

from collections.abc import Iterable
from http import HTTPStatus
from typing import Any
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from cases.api import reviews
from cases.api.http import (
    Answer,
    PageQuery,
    Strict,
    act_today,
    answer_once,
    checked,
    page,
    record_read,
)
from cases.api.reviews import PositionOutput
from cases.api.view import IF_MATCH, ONCE, View, answers
from cases.models import RespondentPosition
from cases.workflow.positions import Statement, record_position


class PositionInput(Strict):
    """What was stated, by whom, how, and what they had been told."""

    position = serializers.ChoiceField(RespondentPosition.Position.choices)
    stated_on = serializers.DateField()
    stated_by = serializers.ChoiceField(RespondentPosition.StatedBy.choices, default="nobody")
    means = serializers.ChoiceField(RespondentPosition.Means.choices, default="none")
    language = serializers.RegexField(
        r"^[a-z]{2,3}$", allow_blank=True, default="", help_text="ISO 639: en, es, …"
    )
    interpreter = serializers.BooleanField(allow_null=True, default=None)
    informed_of_consequences = serializers.BooleanField(default=False)
    reasons = serializers.CharField(
        max_length=5000, allow_blank=True, default="", help_text="Of an opposition."
    )


class PositionPage(serializers.Serializer[Any]):
    next = serializers.CharField(allow_null=True, help_text="Where the next page is.")
    results = PositionOutput(many=True)


def as_answers(found: Iterable[RespondentPosition]) -> Any:
    return PositionOutput(found, many=True).data


class Positions(View):
    """GET, POST /api/v1/reviews/<id>/positions/: every one, newest first; record one."""

    required_scopes = {"GET": "reviews:read", "POST": "reviews:write"}
    query_class = PageQuery

    @extend_schema(
        operation_id="positions_list",
        parameters=[PageQuery],
        responses=answers(200, PositionPage, 404),
    )
    def get(self, request: Request, review_uuid: UUID) -> Response:
        """Every position that was recorded, newest first."""
        review = reviews.one(request, review_uuid)
        record_read(request, review.case)
        return page(request, review.positions.all(), self.query, as_answers, newest_first=True)

    @extend_schema(
        parameters=[*ONCE, IF_MATCH],
        request=PositionInput,
        responses=answers(201, PositionOutput, 404, 409, 412, 422, 428),
    )
    def post(self, request: Request, review_uuid: UUID) -> Response:
        """Record a position, in place of the one before."""
        data = checked(PositionInput, request.data)
        review = reviews.one(request, review_uuid)

        def make() -> Answer:
            locked = reviews.held(request, review)
            act = act_today(request)
            made = record_position(locked, Statement(**data), act)
            headers = {"Location": request.path, "ETag": reviews.tag_of(locked)}
            return Answer(HTTPStatus.CREATED, dict(PositionOutput(made).data), headers)

        return answer_once(request, make)
