"""Screening one case, and reading what came of it and why."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from http import HTTPStatus
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.timezone import localdate
from drf_spectacular.utils import extend_schema
from rest_framework import exceptions, serializers
from rest_framework.request import Request
from rest_framework.response import Response

from cases.api.http import Strict, access_of, actor_of, answer_once, checked, record_read
from cases.api.view import IDEMPOTENCY_KEY, LOCATION, View, answers
from cases.models import Case
from screening.criteria.dates import add_years
from screening.explain import Explanation, explain
from screening.facts_text import decode
from screening.findings import Answer, Effect, Outcome
from screening.models import Determination, PolicyVersion
from screening.policies.release import released
from screening.screen import screen_case

OUTCOMES = [o.value for o in Outcome]
ANSWERS = [a.value for a in Answer]
NOT_TOLD = {"born_from", "birth_precision"}
"""Facts that a determination rests on but that leave the service to nobody."""

VALID_UNTIL = (
    "The day time alone could change an answer. Null: no such day, or it would tell a birthday."
)


def tells_birthday(day: date | None, determination: Determination) -> bool:
    """Return whether the day is an anniversary of a birth date that the facts have.

    The 65th birthday of most respondents is a day on which an answer can change.
    """
    facts = decode(determination.facts, determination.as_of)
    born = {b for b in (facts.born_from, facts.born_by) if b is not None}
    return day is not None and any(add_years(b, day.year - b.year) == day for b in born)


def without_birth(explained: Explanation, determination: Determination) -> Explanation:
    """Return the explanation without any day that tells when the respondent was born."""
    days = {explained.valid_until, *(c.valid_until for c in explained.criteria)} - {None}
    hidden = {day for day in days if tells_birthday(day, determination)}

    def told(day: date | None) -> date | None:
        return None if day in hidden else day

    return replace(
        explained,
        valid_until=told(explained.valid_until),
        criteria=[replace(c, valid_until=told(c.valid_until)) for c in explained.criteria],
        facts={k: v for k, v in explained.facts.items() if k not in NOT_TOLD},
        what_would_change=[
            sentence
            for sentence in explained.what_would_change
            if not any(str(day) in sentence for day in hidden)
        ],
    )


class OutOfScope(exceptions.APIException):
    status_code = HTTPStatus.CONFLICT
    default_detail = "The policy does not apply to this case."
    default_code = "out-of-scope"


class ScreeningInput(Strict):
    policy = serializers.CharField(max_length=40, help_text="The code of a released policy.")
    as_of = serializers.DateField(
        required=False, help_text="The day the question is asked about. Default: today."
    )

    def validate_policy(self, code: str) -> PolicyVersion:
        try:
            return released(code)
        except PolicyVersion.DoesNotExist:
            raise exceptions.ValidationError(
                "No policy of this code is released.", code="unknown"
            ) from None

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        return {"as_of": localdate(), **attrs}


class FindingOutput(serializers.Serializer[Any]):
    criterion = serializers.CharField()
    answer = serializers.ChoiceField(ANSWERS)
    reason = serializers.CharField()
    missing = serializers.CharField()


class DeterminationOutput(serializers.Serializer[Any]):
    """A proposal, never a decision. Findings that are clear are left out."""

    case = serializers.UUIDField(source="case.uuid")
    url = serializers.SerializerMethodField()
    policy = serializers.CharField(source="policy_version.code")
    policy_version = serializers.IntegerField(source="policy_version.version")
    engine_version = serializers.CharField()
    outcome = serializers.ChoiceField(OUTCOMES)
    leading = serializers.CharField()
    findings = FindingOutput(source="finding_set.findings", many=True)
    evidence = serializers.ListField(child=serializers.CharField())
    as_of = serializers.DateField()
    known_at = serializers.DateTimeField()
    valid_until = serializers.SerializerMethodField(help_text=VALID_UNTIL)
    determined_at = serializers.DateTimeField()

    def get_valid_until(self, determination: Determination) -> date | None:
        day = determination.valid_until
        return None if tells_birthday(day, determination) else day

    def get_url(self, determination: Determination) -> str:
        return reverse("api-determination", args=[determination.case.uuid])


class EvidenceOutput(serializers.Serializer[Any]):
    kind = serializers.CharField()
    id = serializers.IntegerField()
    source = serializers.CharField()  # type: ignore[assignment]
    source_record = serializers.CharField()
    summary = serializers.CharField()


class CriterionOutput(serializers.Serializer[Any]):
    code = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]
    kind = serializers.CharField()
    effect = serializers.ChoiceField([e.value for e in Effect])
    group = serializers.CharField()
    answer = serializers.ChoiceField(ANSWERS)
    reason = serializers.CharField()
    evidence = EvidenceOutput(many=True)
    missing = serializers.CharField()
    citation = serializers.CharField()
    valid_until = serializers.DateField(allow_null=True, help_text=VALID_UNTIL)
    would_change = serializers.DictField(child=serializers.CharField())


class PolicyOutput(serializers.Serializer[Any]):
    code = serializers.CharField()
    version = serializers.IntegerField()
    title = serializers.CharField()


class ExplanationOutput(serializers.Serializer[Any]):
    """Every criterion with its answer, and what would change the outcome."""

    case = serializers.UUIDField()
    idncase = serializers.IntegerField(allow_null=True)
    policy = PolicyOutput()
    engine_version = serializers.CharField()
    as_of = serializers.DateField()
    known_at = serializers.DateTimeField()
    valid_until = serializers.DateField(allow_null=True, help_text=VALID_UNTIL)
    outcome = serializers.ChoiceField(OUTCOMES)
    leading = serializers.CharField()
    criteria = CriterionOutput(many=True)
    facts = serializers.DictField(child=serializers.CharField())
    what_would_change = serializers.ListField(child=serializers.CharField())


def visible(request: Request) -> QuerySet[Determination]:
    """Return the current determinations of the cases that whoever asks may see."""
    return (
        Determination.objects.current()
        .filter(access_of(request).condition("case__"))
        .select_related("case", "policy_version", "finding_set")
    )


class CurrentDetermination(View):
    """GET /api/v1/cases/<id>/determination/: the case's current determination."""

    required_scopes = {"GET": "cases:read"}

    @extend_schema(responses=answers(200, DeterminationOutput, 404))
    def get(self, request: Request, case_id: UUID) -> Response:
        determination = get_object_or_404(visible(request), case__uuid=case_id)
        record_read(request, determination.case)
        return Response(DeterminationOutput(determination).data)


class CurrentExplanation(View):
    """GET /api/v1/cases/<id>/explanation/: why the case is determined as it is."""

    required_scopes = {"GET": "cases:read"}

    @extend_schema(responses=answers(200, ExplanationOutput, 404))
    def get(self, request: Request, case_id: UUID) -> Response:
        determination = get_object_or_404(visible(request), case__uuid=case_id)
        record_read(request, determination.case)
        return Response(without_birth(explain(determination), determination).as_dict())


class Screenings(View):
    """POST /api/v1/cases/<id>/screenings/: screen the case now."""

    required_scopes = {"POST": "screenings:write"}

    @extend_schema(
        parameters=[IDEMPOTENCY_KEY, LOCATION],
        request=ScreeningInput,
        responses=answers(201, DeterminationOutput, 404, 409, 422),
    )
    def post(self, request: Request, case_id: UUID) -> Response:
        data = checked(ScreeningInput, request.data)
        case = get_object_or_404(Case.objects.visible_to(access_of(request)), uuid=case_id)

        def make() -> tuple[int, dict[str, Any]]:
            return HTTPStatus.CREATED, _screened(case, data["policy"], data["as_of"], request)

        return answer_once(request, make)


def _screened(case: Case, version: PolicyVersion, as_of: date, request: Request) -> dict[str, Any]:
    determination = screen_case(case, version=version, as_of=as_of, by=actor_of(request))
    if determination is None:
        raise OutOfScope
    return dict(DeterminationOutput(determination).data)
