"""Cases with their current outcome. No name, A-number or date of birth leaves here.

In this package, not with the record, because a case is answered together with its outcome.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db.models import F, FilteredRelation, Q, QuerySet
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from cases.access import Access
from cases.api.http import PageQuery, access_of, page, record_read
from cases.api.view import View, answers
from cases.models import Case
from screening.findings import Outcome


class CaseQuery(PageQuery):
    idncase = serializers.IntegerField(required=False, help_text="EOIR's case id.")
    status = serializers.ChoiceField(Case.Status.choices, required=False)
    outcome = serializers.ChoiceField([o.value for o in Outcome], required=False)


class CaseOutput(serializers.Serializer[Any]):
    id = serializers.UUIDField(source="uuid")
    idncase = serializers.IntegerField(allow_null=True)
    case_type = serializers.CharField()
    status = serializers.ChoiceField(Case.Status.choices)
    office = serializers.CharField(source="office.code", allow_null=True, default=None)
    court = serializers.CharField(source="court.code", allow_null=True, default=None)
    charged_on = serializers.DateField(allow_null=True)
    completed_on = serializers.DateField(allow_null=True)
    asylum_filed_on = serializers.DateField(allow_null=True)
    latest_hearing_on = serializers.DateField(allow_null=True)
    represented = serializers.BooleanField(allow_null=True)
    outcome = serializers.ChoiceField(
        [o.value for o in Outcome], allow_null=True, help_text="Null: not screened, or no policy."
    )
    leading = serializers.CharField(
        allow_null=True, help_text="The criterion that the outcome rests on."
    )
    changed_at = serializers.DateTimeField()


class CasePage(serializers.Serializer[Any]):
    next = serializers.URLField(allow_null=True)
    results = CaseOutput(many=True)


def with_outcome(cases: QuerySet[Case]) -> QuerySet[Case]:
    """Return the cases with the outcome and leading criterion of the current determination."""
    current = FilteredRelation("determinations", condition=Q(determinations__superseded_at=None))
    return cases.annotate(current=current).annotate(
        outcome=F("current__outcome"), leading=F("current__leading")
    )


def visible(access: Access) -> QuerySet[Case]:
    """Return the cases this access may see, with what is answered of them."""
    return with_outcome(Case.objects.visible_to(access)).select_related("office", "court")


class Cases(View):
    """GET /api/v1/cases/: the visible cases, newest first."""

    required_scopes = {"GET": "cases:read"}
    query_class = CaseQuery

    @extend_schema(
        operation_id="cases_list", parameters=[CaseQuery], responses=answers(200, CasePage)
    )
    def get(self, request: Request) -> Response:
        wanted = {k: v for k, v in self.query.items() if k in ("idncase", "status", "outcome")}
        return page(request, visible(access_of(request)).filter(**wanted), self.query, CaseOutput)


class OneCase(View):
    """GET /api/v1/cases/<id>/: one case."""

    required_scopes = {"GET": "cases:read"}

    @extend_schema(responses=answers(200, CaseOutput, 404))
    def get(self, request: Request, case_id: UUID) -> Response:
        case = get_object_or_404(visible(access_of(request)), uuid=case_id)
        record_read(request, case)
        return Response(CaseOutput(case).data)
