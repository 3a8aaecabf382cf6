"""The forms of discretion: what each does to the respondent, and the authority for its motion."""

from __future__ import annotations

from typing import Any

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from cases.api.view import View, answers
from cases.models import Authority, Case, FormOfDiscretion


class GroundOutput(serializers.Serializer[Any]):
    code = serializers.CharField()
    text = serializers.CharField()
    citation = serializers.CharField()


class ConsequencesOutput(serializers.Serializer[Any]):
    """What the form means for the respondent."""

    ends = serializers.CharField()
    survives = serializers.CharField()
    work_permit = serializers.CharField()
    refiling = serializers.CharField()
    exposure = serializers.CharField()


class AuthorityOutput(serializers.Serializer[Any]):
    citation = serializers.CharField()
    holding = serializers.CharField()
    standing = serializers.ChoiceField(Authority.Standing.choices)
    circuits = serializers.ListField(
        child=serializers.CharField(), help_text="Empty: every circuit."
    )
    effective_from = serializers.DateField()
    effective_to = serializers.DateField(allow_null=True, help_text="The day on which it ended.")


class FormOutput(serializers.Serializer[Any]):
    code = serializers.CharField()
    name = serializers.CharField()
    legal_basis = serializers.CharField()
    effective_from = serializers.DateField()
    effective_to = serializers.DateField(allow_null=True, help_text="The day on which it ended.")
    decided_by = serializers.ChoiceField(FormOfDiscretion.DecidedBy.choices)
    available_in = serializers.ListField(child=serializers.ChoiceField(Case.Status.choices))
    grounds = GroundOutput(many=True)
    consequences = ConsequencesOutput(source="*")
    authorities = AuthorityOutput(many=True)


class FormPage(serializers.Serializer[Any]):
    next = serializers.CharField(allow_null=True, help_text="Null: the list is one page.")
    results = FormOutput(many=True)


class Forms(View):
    """GET /api/v1/forms-of-discretion/: every form that is on record, with its consequences."""

    required_scopes = {"GET": "reviews:read"}

    @extend_schema(operation_id="forms_of_discretion_list", responses=answers(200, FormPage))
    def get(self, _request: Request) -> Response:
        forms = FormOfDiscretion.objects.prefetch_related("authorities")
        return Response({"next": None, "results": FormOutput(forms, many=True).data})


class OneForm(View):
    """GET /api/v1/forms-of-discretion/<code>/: one form, with its consequences and authorities."""

    required_scopes = {"GET": "reviews:read"}

    @extend_schema(responses=answers(200, FormOutput, 404))
    def get(self, _request: Request, code: str) -> Response:
        return Response(FormOutput(get_object_or_404(FormOfDiscretion, code=code)).data)
