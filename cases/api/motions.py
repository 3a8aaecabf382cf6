"""Motions of the office: drafted for a decided review, and moved on. Only people sign and file."""

from __future__ import annotations

from collections.abc import Iterable
from http import HTTPStatus
from typing import Any
from uuid import UUID

from django.shortcuts import get_object_or_404
from django.utils.timezone import localdate
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from cases.api import reviews
from cases.api.http import (
    Answer,
    PageQuery,
    Strict,
    access_of,
    act_today,
    actor_of,
    answer_once,
    checked,
    etag,
    page,
    record_read,
    require_match,
)
from cases.api.moves import MoveInput, MoveOutput, act_of, names
from cases.api.reviews import MotionOutput, WayOutput
from cases.api.view import ETAG, IF_MATCH, ONCE, View, answers
from cases.models import Motion
from cases.workflow import advance
from cases.workflow.motions import draft_motion
from cases.workflow.ways import ways


class MotionDetailOutput(MotionOutput):
    """A motion with the ways on from where it stands, for whoever asks, today."""

    transitions = serializers.SerializerMethodField()

    @extend_schema_field(WayOutput(many=True))
    def get_transitions(self, motion: Motion) -> Any:
        found = ways(motion, by=self.context["by"], on=localdate())
        return WayOutput(found, many=True).data


class MotionPage(serializers.Serializer[Any]):
    next = serializers.CharField(allow_null=True, help_text="Where the next page is.")
    results = MotionOutput(many=True)


class MotionMoveInput(MoveInput):
    """What is said with the move of a motion."""

    transition = serializers.ChoiceField(names("motion"))


def one(request: Request, motion_uuid: UUID) -> Motion:
    visible = Motion.objects.filter(access_of(request).condition("case__"))
    return get_object_or_404(visible.select_related("case__court", "review"), uuid=motion_uuid)


def as_answers(found: Iterable[Motion]) -> Any:
    return MotionOutput(found, many=True).data


class ReviewMotions(View):
    """GET, POST /api/v1/reviews/<id>/motions/: the motions of a review; draft one."""

    required_scopes = {"GET": "reviews:read", "POST": "reviews:write"}
    query_class = PageQuery

    @extend_schema(
        operation_id="review_motions_list",
        parameters=[PageQuery],
        responses=answers(200, MotionPage, 404),
    )
    def get(self, request: Request, review_uuid: UUID) -> Response:
        """The motions of the review; at most one stands, the others were withdrawn or are moot."""
        review = reviews.one(request, review_uuid)
        record_read(request, review.case)
        found = review.motions.select_related("review", "case")
        return page(request, found, self.query, as_answers)

    @extend_schema(
        parameters=[*ONCE, IF_MATCH],
        request=Strict,
        responses=answers(201, MotionOutput, 404, 409, 412, 422, 428),
    )
    def post(self, request: Request, review_uuid: UUID) -> Response:
        """Draft the motion of a decided review; a person signs it."""
        checked(Strict, request.data)
        review = reviews.one(request, review_uuid)

        def make() -> Answer:
            locked = reviews.held(request, review)
            motion = draft_motion(locked, act_today(request))
            body = dict(MotionOutput(motion).data)
            headers = {"Location": body["url"], "ETag": etag(motion.version)}
            return Answer(HTTPStatus.CREATED, body, headers)

        return answer_once(request, make)


class OneMotion(View):
    """GET /api/v1/motions/<id>/: where the motion stands, and the ways on."""

    required_scopes = {"GET": "reviews:read"}

    @extend_schema(parameters=[ETAG], responses=answers(200, MotionDetailOutput, 404))
    def get(self, request: Request, motion_uuid: UUID) -> Response:
        motion = one(request, motion_uuid)
        record_read(request, motion.case)
        body = MotionDetailOutput(motion, context={"by": actor_of(request)}).data
        return Response(body, headers={"ETag": etag(motion.version)})


class MotionMoves(View):
    """POST /api/v1/motions/<id>/moves/: make one move. A client's token never signs or files."""

    required_scopes = {"POST": "reviews:write"}

    @extend_schema(
        parameters=[*ONCE, IF_MATCH],
        request=MotionMoveInput,
        responses=answers(201, MoveOutput, 404, 409, 412, 422, 428),
    )
    def post(self, request: Request, motion_uuid: UUID) -> Response:
        data = checked(MotionMoveInput, request.data)
        motion = one(request, motion_uuid)

        def make() -> Answer:
            locked = Motion.objects.select_for_update(of=("self",)).get(pk=motion.pk)
            require_match(request, locked.version)
            move = advance(locked, data["transition"], act_of(request, data))
            headers = {"Location": MotionOutput(motion).data["url"], "ETag": etag(locked.version)}
            return Answer(HTTPStatus.CREATED, dict(MoveOutput(move).data), headers)

        return answer_once(request, make)
