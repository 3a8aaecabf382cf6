"""Screening one case, and reading what came of it and why."""

from __future__ import annotations

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
from screening.explain import explain
from screening.findings import Answer, Effect, Outcome
from screening.models import Determination, PolicyVersion
from screening.policies.release import released
from screening.screen import screen_case

OUTCOMES = [o.value for o in Outcome]
ANSWERS = [a.value for a in Answer]
NOT_TOLD = {"born_from", "birth_precision"}
"""Facts that a determination rests on but that leave the service to nobody."""


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
    valid_until = serializers.DateField(allow_null=True)
    determined_at = serializers.DateTimeField()

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
    valid_until = serializers.DateField(allow_null=True)
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
    valid_until = serializers.DateField(allow_null=True)
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
        explained = explain(determination).as_dict()
        explained["facts"] = {k: v for k, v in explained["facts"].items() if k not in NOT_TOLD}
        return Response(explained)


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
