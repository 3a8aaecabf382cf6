"""The steps that must be done for a respondent before the review may go on."""

from __future__ import annotations

from http import HTTPStatus
from uuid import UUID

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from cases.api import reviews
from cases.api.http import Answer, Strict, actor_of, answer_once, checked
from cases.api.reviews import SafeguardOutput
from cases.api.view import IF_MATCH, ONCE, View, answers
from cases.workflow.safeguards import do_step


class StepInput(Strict):
    note = serializers.CharField(max_length=5000, help_text="What was done, and what came of it.")


class Safeguard(View):
    """POST /api/v1/reviews/<id>/safeguards/<step>/: put on record that a step was done."""

    required_scopes = {"POST": "reviews:write"}

    @extend_schema(
        parameters=[*ONCE, IF_MATCH],
        request=StepInput,
        responses=answers(201, SafeguardOutput, 404, 409, 412, 422, 428),
    )
    def post(self, request: Request, review_uuid: UUID, step: str) -> Response:
        data = checked(StepInput, request.data)
        review = reviews.one(request, review_uuid)
        asked = get_object_or_404(review.safeguards, step=step)

        def make() -> Answer:
            locked = reviews.held(request, review)
            do_step(asked, by=actor_of(request), note=data["note"])
            body = dict(SafeguardOutput(asked).data)
            headers = {"Location": request.path, "ETag": reviews.tag_of(locked)}
            return Answer(HTTPStatus.CREATED, body, headers)

        return answer_once(request, make)
