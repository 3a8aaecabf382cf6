"""Screening one case."""

from __future__ import annotations

from datetime import date
from http import HTTPStatus
from typing import Any
from uuid import UUID

from django.utils.timezone import localdate
from drf_spectacular.utils import extend_schema
from rest_framework import exceptions, serializers
from rest_framework.request import Request
from rest_framework.response import Response

from cases.api.errors import problem
from cases.api.http import Answer, Strict, actor_of, answer_once, checked, one_case
from cases.api.view import ONCE, View, answers
from screening.api.determinations import DeterminationOutput
from screening.models import PolicyVersion
from screening.policies.release import released, version_to_screen_with
from screening.screen import screen_case

FIRST_DAY, LAST_DAY = date(1980, 3, 17), date(2099, 12, 31)
"""From the Refugee Act on; what lies outside is a slip of the hand."""


class ScreeningInput(Strict):
    policy = serializers.CharField(max_length=40, help_text="The code of a released policy.")
    as_of = serializers.DateField(
        required=False, help_text="The day the question is asked about. Default: today."
    )

    def validate_as_of(self, day: date) -> date:
        if not FIRST_DAY <= day <= LAST_DAY:
            raise exceptions.ValidationError(
                f"This day is not between {FIRST_DAY} and {LAST_DAY}.", code="out-of-range"
            )
        return day

    def validate_policy(self, code: str) -> PolicyVersion:
        try:
            return released(code)
        except PolicyVersion.DoesNotExist:
            raise exceptions.ValidationError(
                "No policy of this code is released.", code="unknown"
            ) from None

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        attrs = {"as_of": localdate(), **attrs}
        # One version may be released and not in force yet.
        code = attrs["policy"].code
        return attrs | {"policy": version_to_screen_with(code, on=attrs["as_of"])}


class Screenings(View):
    """POST /api/v1/cases/<id>/screenings/: screen the case now."""

    required_scopes = {"POST": "screenings:write"}

    @extend_schema(
        parameters=ONCE,
        request=ScreeningInput,
        responses=answers(201, DeterminationOutput, 404, 409, 422),
    )
    def post(self, request: Request, case_id: UUID) -> Response:
        data = checked(ScreeningInput, request.data)
        case = one_case(request, case_id)

        def make() -> Answer:
            determination = screen_case(
                case, version=data["policy"], as_of=data["as_of"], by=actor_of(request)
            )
            if determination is None:
                # Answered and not raised: that an earlier determination has ended stays on record.
                return Answer(HTTPStatus.CONFLICT, OUT_OF_SCOPE)
            body = dict(DeterminationOutput(determination).data)
            return Answer(HTTPStatus.CREATED, body, {"Location": body["url"]})

        return answer_once(request, make)


OUT_OF_SCOPE = problem(
    HTTPStatus.CONFLICT, "out-of-scope", "The policy does not speak of this case."
)
