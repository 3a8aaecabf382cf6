"""Bulk reviews: start one, watch it, read what it came to."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from http import HTTPStatus
from typing import Any
from uuid import UUID

from django.shortcuts import get_object_or_404
from django.urls import reverse
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import exceptions, serializers
from rest_framework.request import Request
from rest_framework.response import Response

from cases.access import Access
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
from cases.models import Office
from screening import bulk
from screening.access import visible_bulk_reviews
from screening.api.screenings import ScreeningInput
from screening.models import BulkReview


class BulkReviewOutput(serializers.Serializer[Any]):
    id = serializers.UUIDField(source="uuid")
    url = serializers.SerializerMethodField()
    policy = serializers.CharField(source="policy_version.code")
    policy_version = serializers.IntegerField(source="policy_version.version")
    as_of = serializers.DateField()
    known_at = Instant()
    status = serializers.ChoiceField(BulkReview.Status.choices)
    requested_at = Instant()
    ended_at = Instant(allow_null=True)

    def get_url(self, review: BulkReview) -> str:
        return reverse("api-bulk-review", args=[review.uuid])


class BulkReviewPage(serializers.Serializer[Any]):
    next = serializers.CharField(allow_null=True, help_text="Where the next page is.")
    results = BulkReviewOutput(many=True)


class ProgressOutput(serializers.Serializer[Any]):
    chunks = serializers.IntegerField()
    chunks_done = serializers.IntegerField()
    cases = serializers.IntegerField()
    cases_done = serializers.IntegerField()
    seconds = serializers.FloatField()


class BulkReviewProgressOutput(BulkReviewOutput):
    progress = serializers.SerializerMethodField()

    @extend_schema_field(ProgressOutput)
    def get_progress(self, review: BulkReview) -> dict[str, Any]:
        return asdict(bulk.progress(review))


class LeadingOutput(serializers.Serializer[Any]):
    outcome = serializers.CharField()
    criterion = serializers.CharField(allow_blank=True)
    cases = serializers.IntegerField()


class ResultOutput(serializers.Serializer[Any]):
    """What the chunks done so far add up to, in numbers of cases."""

    status = serializers.ChoiceField(BulkReview.Status.choices)
    cases = serializers.IntegerField()
    in_scope = serializers.IntegerField()
    outcomes = serializers.DictField(child=serializers.IntegerField())
    leading = LeadingOutput(many=True)
    written = serializers.IntegerField()
    seconds = serializers.FloatField()
    cases_per_second = serializers.FloatField()


class BulkReviewInput(ScreeningInput):
    offices = serializers.ListField(
        child=serializers.CharField(max_length=8),
        required=False,
        allow_empty=False,
        help_text="Codes of offices. Default: every office whose cases you may see.",
    )


def office_ids(codes: list[str] | None, access: Access) -> list[int] | None:
    """Return the offices to review among those that may be seen; None is every office.

    Raises ValidationError for a code of no visible office, PermissionDenied where there is none.
    """
    if codes is None and access.offices is None:
        return None
    visible = Office.objects.all()
    if access.offices is not None:
        visible = visible.filter(pk__in=access.offices)
    known = dict(visible.values_list("code", "pk"))
    if codes is None:
        if not known:
            raise exceptions.PermissionDenied("You may see the cases of no office.")
        return sorted(known.values())
    unknown = {
        str(position): [exceptions.ErrorDetail("You may see no such office.", code="unknown")]
        for position, code in enumerate(codes)
        if code not in known
    }
    if unknown:
        raise exceptions.ValidationError({"offices": unknown})
    return sorted({known[code] for code in codes})


def one(request: Request, review_id: UUID) -> BulkReview:
    visible = visible_bulk_reviews(access_of(request)).select_related("policy_version")
    return get_object_or_404(visible, uuid=review_id)


def as_answers(found: Iterable[BulkReview]) -> Any:
    return BulkReviewOutput(found, many=True).data


class BulkReviews(View):
    """GET, POST /api/v1/bulk-reviews/: the visible ones, newest first; start one."""

    required_scopes = {"GET": "bulk-reviews:read", "POST": "bulk-reviews:write"}
    query_class = PageQuery

    @extend_schema(
        operation_id="bulk_reviews_list",
        parameters=[PageQuery],
        responses=answers(200, BulkReviewPage),
    )
    def get(self, request: Request) -> Response:
        """The bulk reviews of which you may see every office, newest first."""
        visible = visible_bulk_reviews(access_of(request)).select_related("policy_version")
        return page(request, visible, self.query, as_answers, newest_first=True)

    @extend_schema(
        parameters=ONCE,
        request=BulkReviewInput,
        responses=answers(202, BulkReviewOutput, 409, 422),
    )
    def post(self, request: Request) -> Response:
        """Start a bulk review; its work is queued."""
        data = checked(BulkReviewInput, request.data)
        offices = office_ids(data.get("offices"), access_of(request))

        def make() -> Answer:
            review = bulk.plan(
                version=data["policy"],
                as_of=data["as_of"],
                by=actor_of(request),
                office_ids=offices,
            )
            body = dict(BulkReviewOutput(review).data)
            return Answer(HTTPStatus.ACCEPTED, body, {"Location": body["url"]})

        return answer_once(request, make)


class OneBulkReview(View):
    """GET /api/v1/bulk-reviews/<id>/: its status, and how far it is."""

    required_scopes = {"GET": "bulk-reviews:read"}

    @extend_schema(parameters=[ETAG], responses=answers(200, BulkReviewProgressOutput, 404))
    def get(self, request: Request, review_id: UUID) -> Response:
        review = one(request, review_id)
        return Response(
            BulkReviewProgressOutput(review).data, headers={"ETag": etag(review.status)}
        )


class BulkReviewResult(View):
    """GET /api/v1/bulk-reviews/<id>/result/: cases by outcome and leading criterion."""

    required_scopes = {"GET": "bulk-reviews:read"}

    @extend_schema(responses=answers(200, ResultOutput, 404))
    def get(self, request: Request, review_id: UUID) -> Response:
        review = one(request, review_id)
        result = bulk.result(review)
        leading = [{"outcome": o, "criterion": c, "cases": n} for o, c, n in result.leading]
        return Response({"status": review.status, **asdict(result), "leading": leading})


class Cancellations(View):
    """POST /api/v1/bulk-reviews/<id>/cancellations/: stop it before its next chunk."""

    required_scopes = {"POST": "bulk-reviews:write"}

    @extend_schema(
        parameters=[*ONCE, IF_MATCH],
        request=Strict,
        responses=answers(201, BulkReviewOutput, 404, 409, 412, 422, 428),
    )
    def post(self, request: Request, review_id: UUID) -> Response:
        checked(Strict, request.data)
        review = one(request, review_id)

        def make() -> Answer:
            BulkReview.objects.select_for_update().get(pk=review.pk)
            review.refresh_from_db(fields=["status"])
            require_match(request, review.status)
            try:
                bulk.cancel(review, by=actor_of(request))
            except bulk.MoveRefused as refused:
                raise Ended(str(refused)) from refused
            body = dict(BulkReviewOutput(review).data)
            headers = {"Location": body["url"], "ETag": etag(review.status)}
            return Answer(HTTPStatus.CREATED, body, headers)

        return answer_once(request, make)


class Ended(exceptions.APIException):
    status_code = HTTPStatus.CONFLICT
    default_code = "ended"
