"""Reviews of cases: listed, read with the ways on from where they stand, and opened."""

from __future__ import annotations

from collections.abc import Iterable
from http import HTTPStatus
from typing import Any
from uuid import UUID

from django.contrib.auth.models import User
from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.timezone import localdate
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import exceptions, serializers
from rest_framework.request import Request
from rest_framework.response import Response

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
    record_read,
    require_match,
)
from cases.api.view import ETAG, ONCE, View, answers
from cases.models import Case, Motion, RespondentPosition, Review, SafeguardStep, states
from cases.models import review as review_tables
from cases.workflow import Act
from cases.workflow.opening import ASKS, open_review
from cases.workflow.safeguards import STEPS
from cases.workflow.ways import Way, state_of, ways

OUTCOMES = [value for value, _ in review_tables.OUTCOMES]
OPENABLE = [(origin.value, origin.label) for origin in Review.Origin if origin in ASKS]


class ReviewQuery(PageQuery):
    status = serializers.ChoiceField(states.Review.choices, required=False)
    office = serializers.CharField(max_length=8, required=False, help_text="The office's code.")
    outcome = serializers.ChoiceField(OUTCOMES, required=False, help_text="Of the screening.")


FILTERS = {"status": "status", "office": "case__office__code", "outcome": "outcome"}


class ReviewOutput(serializers.Serializer[Any]):
    """Where the office's consideration of one case stands; what screening found is a proposal."""

    id = serializers.UUIDField(source="uuid")
    url = serializers.SerializerMethodField()
    case = serializers.UUIDField(source="case.uuid")
    office = serializers.CharField(source="case.office.code", allow_null=True, default=None)
    status = serializers.ChoiceField(states.Review.choices)
    origin = serializers.ChoiceField(Review.Origin.choices)
    outcome = serializers.ChoiceField(
        OUTCOMES, allow_null=True, help_text="Null: not screened for this review yet."
    )
    policy = serializers.CharField(allow_blank=True)
    hits = serializers.ListField(
        child=serializers.CharField(), help_text="Criteria that exclude, refer or block, and hold."
    )
    holds = serializers.ListField(child=serializers.CharField(), help_text="Whatever holds.")
    screened_as_of = serializers.DateField(allow_null=True)
    stale = serializers.BooleanField(help_text="There is new evidence since the last screening.")
    form = serializers.CharField(source="form_id", allow_null=True)
    ground = serializers.CharField(allow_blank=True)
    against_screening = serializers.BooleanField()
    opened_at = Instant()
    changed_at = Instant()
    version = serializers.IntegerField()

    def get_url(self, review: Review) -> str:
        return reverse("api-review", args=[review.uuid])


class ReviewPage(serializers.Serializer[Any]):
    next = serializers.CharField(allow_null=True, help_text="Where the next page is.")
    results = ReviewOutput(many=True)


class WayOutput(serializers.Serializer[Any]):
    """A move that leaves from here. No blockers: whoever asks can make it now."""

    transition = serializers.CharField(source="transition.name")
    label = serializers.CharField(source="transition.label")  # type: ignore[assignment]
    target = serializers.CharField(source="transition.target")
    asks = serializers.ListField(
        source="transition.asks",
        child=serializers.CharField(),
        help_text="What has to be said with it.",
    )
    law = serializers.CharField(source="transition.law", allow_blank=True)
    permitted = serializers.BooleanField(help_text="Whether whoever asks may ever make it.")
    blockers = serializers.ListField(
        child=serializers.CharField(), help_text="Every reason why not, whatever is said with it."
    )


class PositionOutput(serializers.Serializer[Any]):
    """What the respondent said; silence is not consent."""

    position = serializers.ChoiceField(RespondentPosition.Position.choices)
    stated_on = serializers.DateField()
    stated_by = serializers.ChoiceField(RespondentPosition.StatedBy.choices)
    means = serializers.ChoiceField(RespondentPosition.Means.choices)
    language = serializers.CharField(allow_blank=True)
    interpreter = serializers.BooleanField(allow_null=True)
    informed_of_consequences = serializers.BooleanField()
    reasons = serializers.CharField(allow_blank=True)
    answer_due_on = serializers.DateField(allow_null=True)
    recorded_at = Instant()
    superseded_at = Instant(allow_null=True, help_text="Null: the current one.")


class SafeguardOutput(serializers.Serializer[Any]):
    """A step that must be done for this respondent."""

    step = serializers.CharField()
    text = serializers.SerializerMethodField()
    why = serializers.ChoiceField(SafeguardStep.Why.choices)
    before = serializers.ChoiceField(SafeguardStep.Before.choices)
    done_at = Instant(allow_null=True)
    note = serializers.CharField(allow_blank=True)

    def get_text(self, step: SafeguardStep) -> str:
        return STEPS[step.step].text


class MotionOutput(serializers.Serializer[Any]):
    id = serializers.UUIDField(source="uuid")
    url = serializers.SerializerMethodField()
    review = serializers.UUIDField(source="review.uuid")
    case = serializers.UUIDField(source="case.uuid")
    status = serializers.ChoiceField(states.Motion.choices)
    form = serializers.CharField(source="form_id")
    ground = serializers.CharField(allow_blank=True)
    authority = serializers.CharField(allow_blank=True)
    joint = serializers.BooleanField()
    filed_on = serializers.DateField(allow_null=True)
    response_due_on = serializers.DateField(allow_null=True)
    ruled_on = serializers.DateField(allow_null=True)
    drafted_at = Instant()
    version = serializers.IntegerField()

    def get_url(self, motion: Motion) -> str:
        return reverse("api-motion", args=[motion.uuid])


class ReviewDetailOutput(ReviewOutput):
    """A review with all that its next move depends on, for whoever asks, today."""

    authority_cited = serializers.CharField(allow_blank=True)
    position = serializers.SerializerMethodField()
    safeguards = SafeguardOutput(many=True)
    motion = serializers.SerializerMethodField()
    transitions = serializers.SerializerMethodField()

    @extend_schema_field(PositionOutput(allow_null=True))
    def get_position(self, review: Review) -> Any:
        current = review.positions.filter(superseded_at=None).first()
        return None if current is None else PositionOutput(current).data

    @extend_schema_field(MotionOutput(allow_null=True))
    def get_motion(self, review: Review) -> Any:
        latest = review.motions.select_related("review", "case").order_by("pk").last()
        return None if latest is None else MotionOutput(latest).data

    @extend_schema_field(WayOutput(many=True))
    def get_transitions(self, review: Review) -> Any:
        return WayOutput(_ways(review, self.context["by"]), many=True).data


def _ways(review: Review, by: User) -> list[Way]:
    return ways(review, by=by, on=localdate())


def visible(request: Request) -> QuerySet[Review]:
    """Return the reviews of the cases that whoever asks may see."""
    reviews = Review.objects.visible_to(access_of(request))
    return reviews.select_related("case__office", "case__court")


def one(request: Request, review_uuid: UUID) -> Review:
    return get_object_or_404(visible(request), uuid=review_uuid)


def held(request: Request, review: Review) -> Review:
    """Lock the review, and return it if it is as whoever asks has read it.

    Raises PreconditionRequired and PreconditionFailed.
    """
    locked = Review.objects.select_for_update(of=("self",)).get(pk=review.pk)
    require_match(request, state_of(locked))
    return locked


def tag_of(review: Review) -> str:
    review.refresh_from_db()
    return etag(state_of(review))


def detail(review: Review, by: User) -> dict[str, Any]:
    return dict(ReviewDetailOutput(review, context={"by": by}).data)


def as_answers(found: Iterable[Review]) -> Any:
    return ReviewOutput(found, many=True).data


class ReviewInput(Strict):
    case = serializers.UUIDField()
    origin = serializers.ChoiceField(OPENABLE, help_text="At whose word.")
    note = serializers.CharField(max_length=5000, allow_blank=True, default="")


class Reviews(View):
    """GET, POST /api/v1/reviews/: the visible ones, in the order they were opened; open one."""

    required_scopes = {"GET": "reviews:read", "POST": "reviews:write"}
    query_class = ReviewQuery

    @extend_schema(
        operation_id="reviews_list", parameters=[ReviewQuery], responses=answers(200, ReviewPage)
    )
    def get(self, request: Request) -> Response:
        """The reviews of the cases that you may see, in the order they were opened."""
        wanted = {FILTERS[name]: v for name, v in self.query.items() if name in FILTERS}
        return page(request, visible(request).filter(**wanted), self.query, as_answers)

    @extend_schema(
        parameters=ONCE, request=ReviewInput, responses=answers(201, ReviewDetailOutput, 409, 422)
    )
    def post(self, request: Request) -> Response:
        """Open a review of a case; it then waits to be screened."""
        data = checked(ReviewInput, request.data)
        by = actor_of(request)
        case = Case.objects.visible_to(access_of(request)).filter(uuid=data["case"]).first()
        if case is None:
            raise exceptions.ValidationError({"case": ["You may see no such case."]}, "unknown")

        def make() -> Answer:
            review = open_review(
                case, data["origin"], Act(by=by, on=localdate(), note=data["note"])
            )
            body = detail(review, by)
            headers = {"Location": body["url"], "ETag": tag_of(review)}
            return Answer(HTTPStatus.CREATED, body, headers)

        return answer_once(request, make)


class OneReview(View):
    """GET /api/v1/reviews/<id>/: where it stands, the ways on, and what is in the way of each."""

    required_scopes = {"GET": "reviews:read"}

    @extend_schema(parameters=[ETAG], responses=answers(200, ReviewDetailOutput, 404))
    def get(self, request: Request, review_uuid: UUID) -> Response:
        review = one(request, review_uuid)
        record_read(request, review.case)
        body = detail(review, actor_of(request))
        return Response(body, headers={"ETag": etag(state_of(review))})
