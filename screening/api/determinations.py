"""Determinations of a case: the current one, the earlier ones, and the reasons."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any
from uuid import UUID

from django.shortcuts import get_object_or_404
from django.urls import reverse
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from cases.api.http import Instant, PageQuery, access_of, etag, one_case, page, record_read
from cases.api.view import ETAG, View, answers
from screening.access import visible_determinations
from screening.birthdays import tells_birthday, without_birth
from screening.explain import explain
from screening.findings import Answer, Effect, Outcome
from screening.models import Determination, load_findings
from screening.models.determination import DeterminationQuerySet

OUTCOMES = [o.value for o in Outcome]
ANSWERS = [a.value for a in Answer]
VALID_UNTIL = (
    "The day time alone could change an answer. Null: no such day, or it would tell a birthday."
)


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
    findings = FindingOutput(many=True)
    evidence = serializers.ListField(child=serializers.CharField())
    as_of = serializers.DateField()
    known_at = Instant()
    valid_until = serializers.SerializerMethodField(help_text=VALID_UNTIL)
    determined_at = Instant()
    superseded_at = Instant(allow_null=True, help_text="Null: the current one.")

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


class FactReadOutput(serializers.Serializer[Any]):
    fact = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]
    value = serializers.CharField()


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
    would_change = serializers.DictField(
        child=serializers.CharField(), help_text="The outcome that another answer would lead to."
    )
    near_miss = serializers.DictField(
        child=serializers.CharField(),
        help_text="What would have to be on record for another answer, by that answer.",
    )
    reads = FactReadOutput(
        many=True, help_text="The facts it read, in words; without any that tells a birthday."
    )
    obtained_by = serializers.CharField(
        allow_blank=True, help_text="Who may obtain what is missing; blank where nothing is."
    )


class UnderPolicyOutput(serializers.Serializer[Any]):
    code = serializers.CharField()
    version = serializers.IntegerField()
    title = serializers.CharField()


class ExplanationOutput(serializers.Serializer[Any]):
    """Every criterion with its answer, and what would change the outcome."""

    case = serializers.UUIDField()
    idncase = serializers.IntegerField(allow_null=True)
    policy = UnderPolicyOutput()
    engine_version = serializers.CharField()
    as_of = serializers.DateField()
    known_at = Instant()
    valid_until = serializers.DateField(allow_null=True, help_text=VALID_UNTIL)
    outcome = serializers.ChoiceField(OUTCOMES)
    leading = serializers.CharField()
    criteria = CriterionOutput(many=True)
    facts = serializers.DictField(child=serializers.CharField())
    what_would_change = serializers.ListField(child=serializers.CharField())


def visible(request: Request) -> DeterminationQuerySet:
    """Return the determinations of the cases that whoever asks may see."""
    return visible_determinations(access_of(request)).select_related("case", "policy_version")


def current(request: Request, case_id: UUID) -> Determination:
    """Return the case's current determination, and put its reading on record."""
    found = get_object_or_404(visible(request).current(), case__uuid=case_id)
    record_read(request, found.case)
    return found


class CurrentDetermination(View):
    """GET /api/v1/cases/<id>/determination/: the case's current determination."""

    required_scopes = {"GET": "cases:read"}

    @extend_schema(parameters=[ETAG], responses=answers(200, DeterminationOutput, 404))
    def get(self, request: Request, case_id: UUID) -> Response:
        determination = current(request, case_id)
        return Response(
            DeterminationOutput(determination).data, headers={"ETag": etag(determination.pk)}
        )


class CurrentExplanation(View):
    """GET /api/v1/cases/<id>/explanation/: why the case is determined as it is."""

    required_scopes = {"GET": "cases:read"}

    @extend_schema(responses=answers(200, ExplanationOutput, 404))
    def get(self, request: Request, case_id: UUID) -> Response:
        determination = current(request, case_id)
        return Response(without_birth(explain(determination), determination).as_dict())


class DeterminationPage(serializers.Serializer[Any]):
    next = serializers.CharField(allow_null=True, help_text="Where the next page is.")
    results = DeterminationOutput(many=True)


def as_answers(found: Iterable[Determination]) -> Any:
    determinations = list(found)
    load_findings(determinations)
    return DeterminationOutput(determinations, many=True).data


class Determinations(View):
    """GET /api/v1/cases/<id>/determinations/: every determination of a case, newest first."""

    required_scopes = {"GET": "cases:read"}
    query_class = PageQuery

    @extend_schema(
        operation_id="determinations_list",
        parameters=[PageQuery],
        responses=answers(200, DeterminationPage, 404),
    )
    def get(self, request: Request, case_id: UUID) -> Response:
        case = one_case(request, case_id)
        record_read(request, case)
        history = visible(request).filter(case=case)
        return page(request, history, self.query, as_answers, newest_first=True)
