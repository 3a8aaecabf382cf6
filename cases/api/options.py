"""What is open to the person of a closed case, and the cases of one person's whole story."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.utils.timezone import localdate
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from cases.aftermath import line_of
from cases.api.http import Instant, access_of, one_case, record_read
from cases.api.view import View, answers
from cases.models import Case, OnwardFiling
from cases.options import STANDINGS, options_sheet


class OptionFilingOutput(serializers.Serializer[Any]):
    """What was filed for it; the list of onward filings has the rest."""

    id = serializers.UUIDField(source="uuid")
    form = serializers.ChoiceField(OnwardFiling.Form.choices)
    filed_on = serializers.DateField()
    original_filed_on = serializers.DateField(allow_null=True)


class OptionOutput(serializers.Serializer[Any]):
    """One thing: whether it is open, waits, is lost, or was never given, and why."""

    code = serializers.CharField()
    name = serializers.CharField()
    standing = serializers.ChoiceField(STANDINGS)
    says = serializers.CharField()
    sources = serializers.ListField(child=serializers.CharField())
    to_confirm = serializers.BooleanField(help_text="Stated without the text at hand.")
    filed = OptionFilingOutput(many=True)


class WarningOutput(serializers.Serializer[Any]):
    says = serializers.CharField()
    sources = serializers.ListField(child=serializers.CharField())


class OptionsOutput(serializers.Serializer[Any]):
    """What is open to the person today, in plain words; law, never advice."""

    case = serializers.UUIDField(source="case.uuid")
    on = serializers.DateField()
    stands = serializers.CharField(help_text="Where the case stands.")
    options = OptionOutput(many=True, help_text="Empty: the case is not closed.")
    warnings = WarningOutput(many=True)


class Options(View):
    """GET /api/v1/cases/<id>/options/: what is open to the person after closure, today."""

    required_scopes = {"GET": "aftermath:read"}

    @extend_schema(operation_id="case_options", responses=answers(200, OptionsOutput, 404))
    def get(self, request: Request, case_id: UUID) -> Response:
        case = one_case(request, case_id)
        record_read(request, case)
        return Response(OptionsOutput(options_sheet(case, on=localdate())).data)


class LineCaseOutput(serializers.Serializer[Any]):
    id = serializers.UUIDField(source="uuid")
    idncase = serializers.IntegerField(allow_null=True)
    predecessor = serializers.SerializerMethodField(
        help_text="The case that it follows; null: none, or none that you may see."
    )
    status = serializers.ChoiceField(Case.Status.choices)
    office = serializers.CharField(source="office.code", allow_null=True, default=None)
    charged_on = serializers.DateField(allow_null=True)
    completed_on = serializers.DateField(allow_null=True)
    changed_at = Instant()

    def get_predecessor(self, case: Case) -> UUID | None:
        uuids: dict[int | None, UUID] = self.context["uuids"]
        return uuids.get(case.predecessor_id)


class LineOutput(serializers.Serializer[Any]):
    """The case with those before and after it that you may see, the first first."""

    results = LineCaseOutput(many=True)


class Line(View):
    """GET /api/v1/cases/<id>/line/: the cases before and after it, of one person."""

    required_scopes = {"GET": "aftermath:read"}

    @extend_schema(operation_id="case_line", responses=answers(200, LineOutput, 404))
    def get(self, request: Request, case_id: UUID) -> Response:
        case = one_case(request, case_id)
        record_read(request, case)
        order = [each.pk for each in line_of(case)]
        visible = Case.objects.visible_to(access_of(request)).select_related("office")
        seen = visible.in_bulk(order)
        found = [seen[pk] for pk in order if pk in seen]
        context = {"uuids": {each.pk: each.uuid for each in found}}
        return Response(LineOutput({"results": found}, context=context).data)
