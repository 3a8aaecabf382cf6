"""Moves of reviews, motions and cases: made one at a time, and read as they were made."""

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
    Instant,
    PageQuery,
    Strict,
    act_today,
    answer_once,
    checked,
    etag,
    one_case,
    page,
    record_read,
    require_match,
)
from cases.api.view import IF_MATCH, ONCE, View, answers
from cases.models import Case, FormOfDiscretion, Move, states
from cases.workflow import TRANSITIONS, Act, advance
from cases.workflow.court import record_act
from cases.workflow.ways import by_hand

CODE = r"^[A-Z0-9][A-Z0-9-]{0,11}$"


def names(machine: str) -> list[tuple[str, str]]:
    """Return the moves that someone may make by themselves, with their labels."""
    return [(name, t.label) for name, t in TRANSITIONS[machine].items() if by_hand(machine, name)]


class MoveInput(Strict):
    """What is said with a move. What a transition asks for is in the detail of the review."""

    transition = serializers.ChoiceField(names("review"))
    note = serializers.CharField(max_length=5000, allow_blank=True, default="")
    criteria = serializers.ListField(
        child=serializers.RegexField(CODE),
        max_length=50,
        default=list,
        help_text="Codes of the criteria that it rests on.",
    )
    form = serializers.PrimaryKeyRelatedField(
        queryset=FormOfDiscretion.objects.all(),
        pk_field=serializers.CharField(max_length=30),
        allow_null=True,
        default=None,
        help_text="The code of a form of discretion.",
    )
    ground = serializers.CharField(max_length=12, allow_blank=True, default="")
    authority = serializers.CharField(
        max_length=300,
        allow_blank=True,
        default="",
        help_text="Cited by hand, where it is unsettled.",
    )
    consequences_read = serializers.BooleanField(default=False)
    document = serializers.CharField(max_length=100, allow_blank=True, default="")
    happened_on = serializers.DateField(allow_null=True, default=None)
    actor = serializers.CharField(
        max_length=60, allow_blank=True, default="", help_text="Who acted, outside the office."
    )


class MoveOutput(serializers.Serializer[Any]):
    """One change of status that happened."""

    machine = serializers.ChoiceField(
        [(m.name, m.name) for m in (states.REVIEW, states.MOTION, states.COURT)]
    )
    transition = serializers.CharField()
    source = serializers.CharField(allow_blank=True)  # type: ignore[assignment]
    target = serializers.CharField()
    note = serializers.CharField(allow_blank=True)
    criteria = serializers.ListField(child=serializers.CharField())
    document = serializers.CharField(allow_blank=True)
    actor = serializers.CharField(allow_blank=True)
    happened_on = serializers.DateField(allow_null=True)
    policy = serializers.CharField(allow_blank=True)
    at = Instant()
    by = serializers.CharField(source="by.username")


class MovePage(serializers.Serializer[Any]):
    next = serializers.CharField(allow_null=True, help_text="Where the next page is.")
    results = MoveOutput(many=True)


def as_answers(found: Iterable[Move]) -> Any:
    return MoveOutput(found, many=True).data


def act_of(request: Request, said: dict[str, Any]) -> Act:
    """Return what whoever asks says with a move, as of today."""
    given = {name: value for name, value in said.items() if name != "transition"}
    given["criteria"] = tuple(dict.fromkeys(given["criteria"]))
    return act_today(request, **given)


class ReviewMoves(View):
    """GET, POST /api/v1/reviews/<id>/moves/: its moves and its motions'; make one."""

    required_scopes = {"GET": "reviews:read", "POST": "reviews:write"}
    query_class = PageQuery

    @extend_schema(
        operation_id="review_moves_list",
        parameters=[PageQuery],
        responses=answers(200, MovePage, 404),
    )
    def get(self, request: Request, review_uuid: UUID) -> Response:
        """Every move of the review and of its motions, in the order they were made."""
        review = reviews.one(request, review_uuid)
        record_read(request, review.case)
        moves = Move.objects.filter(review=review).select_related("by")
        return page(request, moves, self.query, as_answers)

    @extend_schema(
        parameters=[*ONCE, IF_MATCH],
        request=MoveInput,
        responses=answers(201, MoveOutput, 404, 409, 412, 422, 428),
    )
    def post(self, request: Request, review_uuid: UUID) -> Response:
        """Make one move; refused with every reason that is in the way."""
        data = checked(MoveInput, request.data)
        review = reviews.one(request, review_uuid)

        def make() -> Answer:
            locked = reviews.held(request, review)
            move = advance(locked, data["transition"], act_of(request, data))
            body = dict(MoveOutput(move).data)
            headers = {"Location": request.path, "ETag": reviews.tag_of(locked)}
            return Answer(HTTPStatus.CREATED, body, headers)

        return answer_once(request, make)


class CourtActInput(Strict):
    """What another did to the case that is no order, as its document says."""

    transition = serializers.ChoiceField(names(states.COURT.name))
    happened_on = serializers.DateField()
    actor = serializers.CharField(
        max_length=60, help_text="Who acted: the court, the Board, a party, an agency."
    )
    document = serializers.CharField(max_length=100)
    note = serializers.CharField(max_length=5000, allow_blank=True, default="")


class CaseMoves(View):
    """GET, POST /api/v1/cases/<id>/moves/: what was done to the case; record what is no order."""

    required_scopes = {"GET": "reviews:read", "POST": "orders:write"}
    query_class = PageQuery

    @extend_schema(
        operation_id="case_moves_list",
        parameters=[PageQuery],
        responses=answers(200, MovePage, 404),
    )
    def get(self, request: Request, case_id: UUID) -> Response:
        """Every act of a court or an agency on record, orders among them, as recorded."""
        case = one_case(request, case_id)
        record_read(request, case)
        moves = Move.objects.filter(case=case, machine=states.COURT.name).select_related("by")
        return page(request, moves, self.query, as_answers)

    @extend_schema(
        parameters=[*ONCE, IF_MATCH],
        request=CourtActInput,
        responses=answers(201, MoveOutput, 404, 409, 412, 422, 428),
    )
    def post(self, request: Request, case_id: UUID) -> Response:
        """Record an appeal, a hearing or a charging document; the case follows."""
        data = checked(CourtActInput, request.data)
        case = one_case(request, case_id)

        def make() -> Answer:
            locked = Case.objects.select_for_update(of=("self",)).get(pk=case.pk)
            require_match(request, locked.version)
            name = data.pop("transition")
            move = record_act(locked, name, act_today(request, **data))
            headers = {"Location": request.path, "ETag": etag(locked.version)}
            return Answer(HTTPStatus.CREATED, dict(MoveOutput(move).data), headers)

        return answer_once(request, make)
