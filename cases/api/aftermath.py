"""After closure: what is noticed, and the reviews of whether a case goes back.

An event opens a review for a person. A review is read here and never moved: people take each step.
"""

from __future__ import annotations

from collections.abc import Iterable
from http import HTTPStatus
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.timezone import localdate
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from cases.aftermath import EventNotice, record_event
from cases.api.http import (
    Answer,
    Instant,
    PageQuery,
    Strict,
    access_of,
    actor_of,
    answer_once,
    checked,
    page,
    record_read,
)
from cases.api.view import ONCE, View, answers
from cases.models import Case, PostClosureEvent, RestartReview, states
from cases.workflow import Act
from cases.workflow.restart import FACTORS

Kind = PostClosureEvent.Kind
Trust = PostClosureEvent.Trust
Tool = RestartReview.Tool
Urgency = RestartReview.Urgency

URGENCIES = {
    Urgency.DETENTION.value: "detention",
    Urgency.NOT_KNOWN.value: "not-known",
    Urgency.NONE.value: "none",
}
UNDER_THE_SOURCE = "The record's key at its source."


def one_case(request: Request, case_id: UUID) -> Case:
    return get_object_or_404(Case.objects.visible_to(access_of(request)), uuid=case_id)


# Events


class EventQuery(PageQuery):
    kind = serializers.ChoiceField(Kind.choices, required=False)
    since = Instant(required=False, help_text="Noticed then or later.")


EVENT_FILTERS = {"kind": "kind", "since": "noticed_at__gte"}


class EventInput(Strict):
    """What came in about the person of a closed case."""

    kind = serializers.ChoiceField(Kind.choices)
    happened_on = serializers.DateField(
        allow_null=True, default=None, help_text="Null: the day is not on record."
    )
    source = serializers.CharField(max_length=20)  # type: ignore[assignment]  # a field, not the source
    source_record = serializers.CharField(max_length=80, help_text=UNDER_THE_SOURCE)
    trust = serializers.ChoiceField(Trust.choices, help_text="What vouches for it.")
    disposition = serializers.CharField(max_length=80, allow_blank=True, default="")


class EventOutput(serializers.Serializer[Any]):
    """Something noticed after closure. An event is no finding."""

    id = serializers.UUIDField(source="uuid")
    url = serializers.SerializerMethodField()
    case = serializers.UUIDField(source="case.uuid")
    kind = serializers.ChoiceField(Kind.choices)
    happened_on = serializers.DateField(allow_null=True)
    source = serializers.CharField()  # type: ignore[assignment]  # a field, not the source
    source_record = serializers.CharField(help_text=UNDER_THE_SOURCE)
    trust = serializers.ChoiceField(Trust.choices)
    disposition = serializers.CharField(allow_blank=True)
    noticed_at = Instant()

    def get_url(self, event: PostClosureEvent) -> str:
        return reverse("api-after-closure-event", args=[event.uuid])


class EventPage(serializers.Serializer[Any]):
    next = serializers.CharField(allow_null=True, help_text="Where the next page is.")
    results = EventOutput(many=True)


def visible_events(request: Request) -> QuerySet[PostClosureEvent]:
    seen = access_of(request).condition("case__")
    return PostClosureEvent.objects.filter(seen).select_related("case")


def events_as_answers(found: Iterable[PostClosureEvent]) -> Any:
    return EventOutput(found, many=True).data


class Events(View):
    """GET /api/v1/after-closure-events/: what was noticed of closed cases, in that order."""

    required_scopes = {"GET": "aftermath:read"}
    query_class = EventQuery

    @extend_schema(
        operation_id="after_closure_events_list",
        parameters=[EventQuery],
        responses=answers(200, EventPage),
    )
    def get(self, request: Request) -> Response:
        wanted = {EVENT_FILTERS[n]: v for n, v in self.query.items() if n in EVENT_FILTERS}
        found = visible_events(request).filter(**wanted)
        return page(request, found, self.query, events_as_answers)


class OneEvent(View):
    """GET /api/v1/after-closure-events/<id>/: one event, with its source."""

    required_scopes = {"GET": "aftermath:read"}

    @extend_schema(responses=answers(200, EventOutput, 404))
    def get(self, request: Request, event_uuid: UUID) -> Response:
        event = get_object_or_404(visible_events(request), uuid=event_uuid)
        record_read(request, event.case)
        return Response(EventOutput(event).data)


class CaseEvents(View):
    """POST /api/v1/cases/<id>/after-closure-events/: put an event on record."""

    required_scopes = {"POST": "aftermath:write"}

    @extend_schema(
        operation_id="after_closure_events_create",
        parameters=ONCE,
        request=EventInput,
        responses={200: EventOutput, **answers(201, EventOutput, 404, 409, 422)},
    )
    def post(self, request: Request, case_id: UUID) -> Response:
        """Put an event on record; it opens a review. 200: the notice came before."""
        data = checked(EventInput, request.data)
        case = one_case(request, case_id)

        def make() -> Answer:
            # Under the lock the same notice cannot come in twice at once, and be new both times.
            locked = Case.objects.select_for_update(of=("self",)).get(pk=case.pk)
            known = set(locked.events.values_list("pk", flat=True))
            notice = EventNotice(case_id=locked.pk, **data)
            event = record_event(locked, notice, Act(by=actor_of(request), on=localdate()))
            body = dict(EventOutput(event).data)
            status = HTTPStatus.OK if event.pk in known else HTTPStatus.CREATED
            return Answer(status, body, {"Location": body["url"]})

        return answer_once(request, make)


# Reviews of whether a case goes back


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
