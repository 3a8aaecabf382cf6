"""The released policies: their criteria with the law, and their text."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.shortcuts import get_object_or_404
from django.urls import reverse
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from cases.api.http import Instant, PageQuery, page
from cases.api.view import View, answers
from screening.findings import Effect, WhenUnknown
from screening.models import PolicyVersion
from screening.policies.release import policy_of


class PolicyOutput(serializers.Serializer[Any]):
    code = serializers.CharField()
    version = serializers.IntegerField()
    url = serializers.SerializerMethodField()
    title = serializers.CharField()
    effective_from = serializers.DateField()
    effective_to = serializers.DateField(allow_null=True)
    released_at = Instant()
    sha256 = serializers.CharField(help_text="Over the document.")

    def get_url(self, version: PolicyVersion) -> str:
        return reverse("api-policy", args=[version.code, version.version])


class PolicyPage(serializers.Serializer[Any]):
    next = serializers.CharField(allow_null=True, help_text="Where the next page is.")
    results = PolicyOutput(many=True)


class PolicyCriterionOutput(serializers.Serializer[Any]):
    code = serializers.CharField()
    kind = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]  # a field, not the label
    effect = serializers.ChoiceField([e.value for e in Effect])
    group = serializers.CharField()
    when_unknown = serializers.ChoiceField([w.value for w in WhenUnknown])
    citation = serializers.CharField()


class PolicyDetailOutput(PolicyOutput):
    criteria = serializers.SerializerMethodField()
    document = serializers.CharField(help_text="The policy as YAML, exactly as released.")

    @extend_schema_field(PolicyCriterionOutput(many=True))
    def get_criteria(self, version: PolicyVersion) -> list[dict[str, Any]]:
        return list(PolicyCriterionOutput(policy_of(version).criteria, many=True).data)


def as_answers(found: Iterable[PolicyVersion]) -> Any:
    return PolicyOutput(found, many=True).data


class Policies(View):
    """GET /api/v1/policies/: every released version, newest first."""

    required_scopes = {"GET": "policies:read"}
    query_class = PageQuery

    @extend_schema(
        operation_id="policies_list", parameters=[PageQuery], responses=answers(200, PolicyPage)
    )
    def get(self, request: Request) -> Response:
        versions = PolicyVersion.objects.all()
        return page(request, versions, self.query, as_answers, newest_first=True)


class OnePolicy(View):
    """GET /api/v1/policies/<code>/<version>/: one version, with its criteria."""

    required_scopes = {"GET": "policies:read"}

    @extend_schema(responses=answers(200, PolicyDetailOutput, 404))
    def get(self, _request: Request, code: str, version: int) -> Response:
        found = get_object_or_404(PolicyVersion, code=code, version=min(version, 2**31 - 1))
        return Response(PolicyDetailOutput(found).data)
