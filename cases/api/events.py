"""What is noticed of closed cases. An event opens a review for a person, see `restarts`."""

from __future__ import annotations

from collections.abc import Iterable
from http import HTTPStatus
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.urls import reverse
from drf_spectacular.utils import extend_schema
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
    act_today,
    answer_once,
    checked,
    one_case,
    page,
    record_read,
)
from cases.api.view import ONCE, View, answers
from cases.models import Case, PostClosureEvent

Kind = PostClosureEvent.Kind
Trust = PostClosureEvent.Trust

UNDER_THE_SOURCE = "The record's key at its source."


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
            event = record_event(locked, notice, act_today(request))
            body = dict(EventOutput(event).data)
            status = HTTPStatus.OK if event.pk in known else HTTPStatus.CREATED
            return Answer(status, body, {"Location": body["url"]})

        return answer_once(request, make)
