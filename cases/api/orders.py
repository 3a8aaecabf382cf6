"""Orders of judges and of the Board: put on record by their document; the case follows."""

from __future__ import annotations

from collections.abc import Iterable
from http import HTTPStatus
from typing import Any
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework import exceptions, serializers
from rest_framework.request import Request
from rest_framework.response import Response

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
from cases.models import Case, CourtOrder, Motion
from cases.workflow.court import Order, record_order


class OrderInput(Strict):
    """An order as its document says."""

    kind = serializers.ChoiceField(CourtOrder.Kind.choices)
    motion = serializers.UUIDField(
        allow_null=True, default=None, help_text="The motion of ours that it rules on."
    )
    ordered_on = serializers.DateField()
    ordered_by = serializers.CharField(max_length=60, help_text="The judge, or the Board.")
    document = serializers.CharField(max_length=100)
    ground = serializers.CharField(max_length=300, allow_blank=True, default="")
    with_prejudice = serializers.BooleanField(default=False)
    note = serializers.CharField(max_length=5000, allow_blank=True, default="")


class OrderOutput(serializers.Serializer[Any]):
    kind = serializers.ChoiceField(CourtOrder.Kind.choices)
    motion = serializers.UUIDField(source="motion.uuid", allow_null=True, default=None)
    ordered_on = serializers.DateField()
    ordered_by = serializers.CharField()
    document = serializers.CharField()
    ground = serializers.CharField(allow_blank=True)
    with_prejudice = serializers.BooleanField()
    recorded_at = Instant()
    superseded_at = Instant(allow_null=True, help_text="Null: not corrected.")


class OrderPage(serializers.Serializer[Any]):
    next = serializers.CharField(allow_null=True, help_text="Where the next page is.")
    results = OrderOutput(many=True)


def as_answers(found: Iterable[CourtOrder]) -> Any:
    return OrderOutput(found, many=True).data


def ruled_on(case: Case, motion_uuid: UUID | None) -> Motion | None:
    """Return the motion that the order names. Raises ValidationError where there is none."""
    if motion_uuid is None:
        return None
    motion = Motion.objects.filter(case=case, uuid=motion_uuid).first()
    if motion is None:
        raise exceptions.ValidationError({"motion": ["The case has no such motion."]}, "unknown")
    return motion


class Orders(View):
    """GET, POST /api/v1/cases/<id>/orders/: the orders on record, newest first; record one."""

    required_scopes = {"GET": "cases:read", "POST": "orders:write"}
    query_class = PageQuery

    @extend_schema(
        operation_id="orders_list", parameters=[PageQuery], responses=answers(200, OrderPage, 404)
    )
    def get(self, request: Request, case_id: UUID) -> Response:
        """The orders that are on record, newest first, those corrected since among them."""
        case = one_case(request, case_id)
        record_read(request, case)
        found = case.court_orders.select_related("motion")
        return page(request, found, self.query, as_answers, newest_first=True)

    @extend_schema(
        parameters=[*ONCE, IF_MATCH],
        request=OrderInput,
        responses=answers(201, OrderOutput, 404, 409, 412, 422, 428),
    )
    def post(self, request: Request, case_id: UUID) -> Response:
        """Record an order by its document; the motion, the review and the case follow."""
        data = checked(OrderInput, request.data)
        case = one_case(request, case_id)
        motion = ruled_on(case, data["motion"])

        def make() -> Answer:
            locked = Case.objects.select_for_update(of=("self",)).get(pk=case.pk)
            require_match(request, locked.version)
            act = act_today(
                request,
                note=data["note"],
                document=data["document"],
                actor=data["ordered_by"],
                happened_on=data["ordered_on"],
            )
            order = Order(
                kind=data["kind"],
                motion=motion,
                ground=data["ground"],
                with_prejudice=data["with_prejudice"],
            )
            made = record_order(locked, order, act)
            headers = {"Location": request.path, "ETag": etag(locked.version)}
            return Answer(HTTPStatus.CREATED, dict(OrderOutput(made).data), headers)

        return answer_once(request, make)
