"""Closure batches: assembled, frozen by the manifest that was shown, followed to their end.

People propose, read and approve; the token of a client reads only.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from http import HTTPStatus
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.timezone import localdate
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import exceptions, serializers
from rest_framework.request import Request
from rest_framework.response import Response

from cases import batches
from cases.api.http import (
    Answer,
    Instant,
    PageQuery,
    Strict,
    access_of,
    actor_of,
    answer_once,
    checked,
    etag,
    page,
    require_match,
)
from cases.api.view import ETAG, IF_MATCH, ONCE, View, answers
from cases.batches import BatchChanged, Wanted
from cases.certificates import certificate
from cases.models import BatchItem, ClosureBatch, FormOfDiscretion, Office, states
from cases.workflow import Act, TransitionRefused

MOVES: dict[str, Callable[[ClosureBatch, Act, dict[str, Any]], Any]] = {
    "freeze": lambda batch, act, data: batches.freeze(batch, seen=data["manifest"], act=act),
    "draw": lambda batch, act, _data: batches.draw_sample(batch, act),
    "approve": lambda batch, act, _data: batches.approve(batch, act),
    "execute": lambda batch, act, _data: batches.execute(batch, act),
    "pause": lambda batch, act, _data: batches.pause(batch, act),
    "cancel": lambda batch, act, _data: batches.cancel(batch, act),
    "rescind": lambda batch, act, _data: batches.rescind(batch, act),
}


class BatchQuery(PageQuery):
    status = serializers.ChoiceField(states.Batch.choices, required=False)
    office = serializers.CharField(max_length=8, required=False, help_text="The office's code.")


class ItemQuery(PageQuery):
    status = serializers.ChoiceField(BatchItem.Status.choices, required=False)


class BatchOutput(serializers.Serializer[Any]):
    """Flagged reviews of one office that are proposed and approved together."""

    id = serializers.UUIDField(source="uuid")
    url = serializers.SerializerMethodField()
    office = serializers.CharField(source="office.code")
    title = serializers.CharField()
    status = serializers.ChoiceField(states.Batch.choices)
    form = serializers.CharField(source="form_id")
    ground = serializers.CharField(allow_blank=True)
    policy = serializers.CharField(allow_blank=True)
    manifest_sha256 = serializers.CharField(allow_blank=True, help_text="Empty: not frozen.")
    items = serializers.IntegerField(source="items_frozen", allow_null=True)
    confidence = serializers.DecimalField(max_digits=5, decimal_places=4)
    tolerable_rate = serializers.DecimalField(max_digits=5, decimal_places=4)
    planned_on = serializers.DateField(allow_null=True)
    assembled_at = Instant()
    version = serializers.IntegerField()

    def get_url(self, batch: ClosureBatch) -> str:
        return reverse("api-batch", args=[batch.uuid])


class BatchDetailOutput(BatchOutput):
    """A batch as it stands: what to freeze, how far it is, and why items dropped out."""

    filters = serializers.DictField()
    manifest_now = serializers.SerializerMethodField(
        help_text="What to send with `freeze`; empty once frozen."
    )
    changes = serializers.SerializerMethodField(help_text="What moved since it was assembled.")
    progress = serializers.SerializerMethodField()
    dropped = serializers.SerializerMethodField()

    def get_manifest_now(self, batch: ClosureBatch) -> str:
        return batches.manifest(batch) if batch.status == states.Batch.ASSEMBLED else ""

    @extend_schema_field(serializers.ListField(child=serializers.CharField()))
    def get_changes(self, batch: ClosureBatch) -> list[str]:
        return batches.changes(batch)[:100] if batch.status == states.Batch.ASSEMBLED else []

    @extend_schema_field(serializers.DictField(child=serializers.IntegerField()))
    def get_progress(self, batch: ClosureBatch) -> dict[str, int]:
        return batches.progress(batch)

    @extend_schema_field(serializers.DictField(child=serializers.IntegerField()))
    def get_dropped(self, batch: ClosureBatch) -> dict[str, int]:
        return dict(batches.dropped(batch))


class BatchPage(serializers.Serializer[Any]):
    next = serializers.CharField(allow_null=True, help_text="Where the next page is.")
    results = BatchOutput(many=True)


class ItemOutput(serializers.Serializer[Any]):
    number = serializers.IntegerField()
    review = serializers.UUIDField(source="review.uuid")
    stratum = serializers.CharField(allow_blank=True, help_text="The criteria that hold.")
    sampled = serializers.BooleanField()
    status = serializers.ChoiceField(BatchItem.Status.choices)
    reasons = serializers.ListField(child=serializers.CharField())


class ItemPage(serializers.Serializer[Any]):
    next = serializers.CharField(allow_null=True, help_text="Where the next page is.")
    results = ItemOutput(many=True)


class FiltersInput(Strict):
    courts = serializers.ListField(
        child=serializers.CharField(max_length=8), required=False, max_length=100
    )
    nationalities = serializers.ListField(
        child=serializers.CharField(max_length=2), required=False, max_length=250
    )
    represented = serializers.BooleanField(required=False)
    filed_before = serializers.DateField(required=False)
    policy = serializers.CharField(max_length=50, required=False)


class BatchInput(Strict):
    """What a batch is made of, and what it proposes."""

    title = serializers.CharField(max_length=100)
    office = serializers.CharField(max_length=8, help_text="The office's code.")
    form = serializers.PrimaryKeyRelatedField(
        queryset=FormOfDiscretion.objects.all(), pk_field=serializers.CharField(max_length=30)
    )
    ground = serializers.CharField(max_length=12, allow_blank=True, default="")
    authority = serializers.CharField(max_length=300, allow_blank=True, default="")
    filters = FiltersInput(default=dict)
    limit = serializers.IntegerField(min_value=1, allow_null=True, default=None)
    planned_on = serializers.DateField(allow_null=True, default=None)
    confidence = serializers.FloatField(min_value=0.5, max_value=0.9999, default=0.95)
    tolerable_rate = serializers.FloatField(min_value=0.0001, max_value=0.5, default=0.02)


class BatchMoveInput(Strict):
    transition = serializers.ChoiceField([(name, name) for name in MOVES])
    note = serializers.CharField(max_length=5000, allow_blank=True, default="")
    consequences_read = serializers.BooleanField(default=False)
    manifest = serializers.CharField(
        max_length=64, allow_blank=True, default="", help_text="With `freeze`: `manifest_now`."
    )


def visible(request: Request) -> QuerySet[ClosureBatch]:
    return ClosureBatch.objects.visible_to(access_of(request)).select_related("office")


def one(request: Request, batch_uuid: UUID) -> ClosureBatch:
    return get_object_or_404(visible(request), uuid=batch_uuid)


def _outputs(found: Iterable[ClosureBatch]) -> Any:
    return BatchOutput(found, many=True).data


class Batches(View):
    """GET, POST /api/v1/closure-batches/: the visible ones, newest last; assemble one."""

    required_scopes = {"GET": "batches:read", "POST": "batches:write"}
    query_class = BatchQuery

    @extend_schema(
        operation_id="closure_batches_list",
        parameters=[BatchQuery],
        responses=answers(200, BatchPage),
    )
    def get(self, request: Request) -> Response:
        """The batches of the offices whose cases you may see."""
        found = visible(request)
        if status := self.query.get("status"):
            found = found.filter(status=status)
        if office := self.query.get("office"):
            found = found.filter(office__code=office)
        return page(request, found.order_by("pk"), self.query, _outputs)

    @extend_schema(
        parameters=ONCE, request=BatchInput, responses=answers(201, BatchDetailOutput, 409, 422)
    )
    def post(self, request: Request) -> Response:
        """Assemble a batch of the flagged reviews that wait, and that no other batch has."""
        data = checked(BatchInput, request.data)
        seen = access_of(request)
        offices = Office.objects.filter(code=data.pop("office"))
        office = (
            offices.first() if seen.offices is None else offices.filter(pk__in=seen.offices).first()
        )
        if office is None:
            raise exceptions.ValidationError({"office": ["You may see no such office."]}, "unknown")
        filters = dict(data.pop("filters"))
        if "filed_before" in filters:
            filters["filed_before"] = filters["filed_before"].isoformat()

        def make() -> Answer:
            wanted = Wanted(office=office, filters=filters, **data)
            batch = batches.assemble(wanted, by=actor_of(request), on=localdate())
            body = dict(BatchDetailOutput(batch).data)
            headers = {"Location": body["url"], "ETag": etag(batch.version)}
            return Answer(HTTPStatus.CREATED, body, headers)

        return answer_once(request, make)


class OneBatch(View):
    """GET /api/v1/closure-batches/<id>/: where it stands, and how far it is."""

    required_scopes = {"GET": "batches:read"}

    @extend_schema(parameters=[ETAG], responses=answers(200, BatchDetailOutput, 404))
    def get(self, request: Request, batch_uuid: UUID) -> Response:
        batch = one(request, batch_uuid)
        body = BatchDetailOutput(batch).data
        return Response(body, headers={"ETag": etag(batch.version)})


class Items(View):
    """GET /api/v1/closure-batches/<id>/items/: its reviews, in the manifest's order."""

    required_scopes = {"GET": "batches:read"}
    query_class = ItemQuery

    @extend_schema(
        operation_id="closure_batch_items_list",
        parameters=[ItemQuery],
        responses=answers(200, ItemPage, 404),
    )
    def get(self, request: Request, batch_uuid: UUID) -> Response:
        """Those of its items whose cases you may see, with why they dropped out."""
        found = one(request, batch_uuid).items.filter(
            access_of(request).condition("review__case__")
        )
        if status := self.query.get("status"):
            found = found.filter(status=status)
        found = found.select_related("review").order_by("pk")
        return page(request, found, self.query, lambda rows: ItemOutput(rows, many=True).data)


class BatchMoves(View):
    """POST /api/v1/closure-batches/<id>/moves/: make one move."""

    required_scopes = {"POST": "batches:write"}

    @extend_schema(
        parameters=[*ONCE, IF_MATCH],
        request=BatchMoveInput,
        responses=answers(201, BatchDetailOutput, 404, 409, 412, 422, 428),
    )
    def post(self, request: Request, batch_uuid: UUID) -> Response:
        """Make one move; 409 with every reason why not, or with what has changed."""
        data = checked(BatchMoveInput, request.data)
        batch = one(request, batch_uuid)

        def make() -> Answer:
            locked = ClosureBatch.objects.select_for_update(of=("self",)).get(pk=batch.pk)
            require_match(request, locked.version)
            act = Act(
                by=actor_of(request),
                on=localdate(),
                note=data["note"],
                consequences_read=data["consequences_read"],
            )
            try:
                with transaction.atomic():
                    MOVES[data["transition"]](locked, act, data)
            except BatchChanged as changed:
                raise TransitionRefused(data["transition"], changed.changes) from None
            locked.refresh_from_db()
            body = dict(BatchDetailOutput(locked).data)
            headers = {"Location": body["url"], "ETag": etag(locked.version)}
            return Answer(HTTPStatus.CREATED, body, headers)

        return answer_once(request, make)


class CertificateOutput(serializers.Serializer[Any]):
    """What can be certified of a batch; `sha256` is over all the rest."""

    batch = serializers.UUIDField()
    manifest_sha256 = serializers.CharField()
    certificate = serializers.DictField()
    sha256 = serializers.CharField()


class Certificate(View):
    """GET /api/v1/closure-batches/<id>/certificate/: what was approved, after what sample."""

    required_scopes = {"GET": "batches:read"}

    @extend_schema(responses=answers(200, CertificateOutput, 404))
    def get(self, request: Request, batch_uuid: UUID) -> Response:
        told = certificate(one(request, batch_uuid))
        return Response(
            {
                "batch": told["batch"],
                "manifest_sha256": told["manifest_sha256"],
                "certificate": told,
                "sha256": told["sha256"],
            }
        )
