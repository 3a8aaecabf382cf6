"""Bulk reviews: start one, watch it, read what it came to."""

from __future__ import annotations

from dataclasses import asdict
from http import HTTPStatus
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.urls import reverse
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import exceptions, serializers
from rest_framework.request import Request
from rest_framework.response import Response

from cases.access import Access
from cases.api.http import PageQuery, access_of, actor_of, answer_once, checked, page
from cases.api.view import IDEMPOTENCY_KEY, LOCATION, View, answers
from screening import bulk
from screening.api.screenings import ScreeningInput
from screening.models import BulkReview


class BulkReviewOutput(serializers.Serializer[Any]):
    id = serializers.UUIDField(source="uuid")
    url = serializers.SerializerMethodField()
    policy = serializers.CharField(source="policy_version.code")
    policy_version = serializers.IntegerField(source="policy_version.version")
    as_of = serializers.DateField()
    known_at = serializers.DateTimeField()
    status = serializers.ChoiceField(BulkReview.Status.choices)
    requested_at = serializers.DateTimeField()
    ended_at = serializers.DateTimeField(allow_null=True)

    def get_url(self, review: BulkReview) -> str:
        return reverse("api-bulk-review", args=[review.uuid])


class BulkReviewPage(serializers.Serializer[Any]):
    next = serializers.URLField(allow_null=True)
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


def visible_to(access: Access) -> QuerySet[BulkReview]:
    """Return the bulk reviews of which this access may see every office."""
    reviews = BulkReview.objects.select_related("policy_version")
    if access.offices is None:
        return reviews
    return reviews.filter(office_ids__contained_by=sorted(access.offices))


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
        return page(request, visible_to(access_of(request)), self.query, BulkReviewOutput)

    @extend_schema(
        parameters=[IDEMPOTENCY_KEY, LOCATION],
        request=ScreeningInput,
        responses=answers(202, BulkReviewOutput, 422),
    )
    def post(self, request: Request) -> Response:
        data = checked(ScreeningInput, request.data)
        offices = access_of(request).offices
        if offices is not None and not offices:
            raise exceptions.PermissionDenied("You may see the cases of no office.")

        def make() -> tuple[int, dict[str, Any]]:
            review = bulk.plan(
                version=data["policy"],
                as_of=data["as_of"],
                by=actor_of(request),
                office_ids=None if offices is None else sorted(offices),
            )
            return HTTPStatus.ACCEPTED, dict(BulkReviewOutput(review).data)

        return answer_once(request, make)


class OneBulkReview(View):
    """GET /api/v1/bulk-reviews/<id>/: its status, and how far it is."""

    required_scopes = {"GET": "bulk-reviews:read"}

    @extend_schema(responses=answers(200, BulkReviewProgressOutput, 404))
    def get(self, request: Request, review_id: UUID) -> Response:
        review = get_object_or_404(visible_to(access_of(request)), uuid=review_id)
        return Response(BulkReviewProgressOutput(review).data)


class BulkReviewResult(View):
    """GET /api/v1/bulk-reviews/<id>/result/: cases by outcome and leading criterion."""

    required_scopes = {"GET": "bulk-reviews:read"}

    @extend_schema(responses=answers(200, ResultOutput, 404))
    def get(self, request: Request, review_id: UUID) -> Response:
        review = get_object_or_404(visible_to(access_of(request)), uuid=review_id)
        result = bulk.result(review)
        leading = [{"outcome": o, "criterion": c, "cases": n} for o, c, n in result.leading]
        return Response({"status": review.status, **asdict(result), "leading": leading})
