"""Cases with their current outcome.

In this package, not with the record, because a case is answered together with its outcome. Who
the respondent is leaves only with its own scope, and only one case at a time.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.db.models import FilteredRelation, Q, QuerySet
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from cases.api.http import Instant, PageQuery, access_of, etag, may, page, record_read
from cases.api.view import ETAG, View, answers
from cases.intake.codes import DecisionMeaning, decision
from cases.models import Case, Proceeding, Respondent
from screening.findings import Outcome

OUTCOMES = [o.value for o in Outcome]


class CaseQuery(PageQuery):
    idncase = serializers.IntegerField(
        min_value=0, max_value=2**63 - 1, required=False, help_text="EOIR's case id."
    )
    status = serializers.ChoiceField(Case.Status.choices, required=False)
    case_type = serializers.CharField(max_length=8, required=False)
    office = serializers.CharField(max_length=8, required=False, help_text="The office's code.")
    outcome = serializers.ChoiceField(
        OUTCOMES, required=False, help_text="Of the current determination."
    )
    leading = serializers.CharField(
        max_length=12, required=False, help_text="The criterion that the outcome rests on."
    )
    changed_since = Instant(required=False)


FILTERS = {
    "idncase": "idncase",
    "status": "status",
    "case_type": "case_type",
    "office": "office__code",
    "outcome": "current__outcome",
    "leading": "current__leading",
    "changed_since": "changed_at__gte",
}


class OutcomeOutput(serializers.Serializer[Any]):
    outcome = serializers.ChoiceField(OUTCOMES)
    leading = serializers.CharField(allow_blank=True)
    as_of = serializers.DateField()
    policy = serializers.CharField()
    policy_version = serializers.IntegerField()
    determined_at = Instant()


class CaseOutput(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    idncase = serializers.IntegerField(allow_null=True)
    case_type = serializers.CharField(allow_blank=True)
    status = serializers.ChoiceField(Case.Status.choices)
    custody = serializers.CharField(allow_blank=True)
    office = serializers.CharField(allow_null=True)
    court = serializers.CharField(allow_null=True)
    filing_channel = serializers.ChoiceField(Case.Channel.choices, allow_null=True)
    represented = serializers.BooleanField(allow_null=True)
    charged_on = serializers.DateField(allow_null=True)
    asylum_filed_on = serializers.DateField(allow_null=True)
    latest_hearing_on = serializers.DateField(allow_null=True)
    completed_on = serializers.DateField(allow_null=True)
    changed_at = Instant()
    version = serializers.IntegerField()
    determination = OutcomeOutput(
        allow_null=True, help_text="The current one; null: not screened, or no policy applies."
    )


class CasePage(serializers.Serializer[Any]):
    next = serializers.CharField(allow_null=True, help_text="Where the next page is.")
    results = CaseOutput(many=True)


OF_CASE = {
    "id": "uuid",
    "office": "office__code",
    "court": "court__code",
    **{
        name: name
        for name in (
            "idncase",
            "case_type",
            "status",
            "custody",
            "filing_channel",
            "represented",
            "charged_on",
            "asylum_filed_on",
            "latest_hearing_on",
            "completed_on",
            "changed_at",
            "version",
        )
    },
}
OF_DETERMINATION = {
    "outcome": "current__outcome",
    "leading": "current__leading",
    "as_of": "current__as_of",
    "policy": "current__policy_version__code",
    "policy_version": "current__policy_version__version",
    "determined_at": "current__determined_at",
}


def with_current(cases: QuerySet[Case]) -> QuerySet[Any]:
    """Return the cases with their current determination as `current`."""
    return cases.annotate(
        current=FilteredRelation("determinations", condition=Q(determinations__superseded_at=None))
    )


def rows(cases: QuerySet[Case]) -> QuerySet[Any, dict[str, Any]]:
    """Return what is answered of the cases as plain rows: a third of the cost of objects."""
    return with_current(cases).values("pk", *OF_CASE.values(), *OF_DETERMINATION.values())


def as_answer(row: dict[str, Any]) -> dict[str, Any]:
    determination = {name: row[path] for name, path in OF_DETERMINATION.items()}
    return {
        **{name: row[path] for name, path in OF_CASE.items()},
        "determination": None if determination["outcome"] is None else determination,
    }


def as_answers(found: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    return [as_answer(row) for row in found]


class Cases(View):
    """GET /api/v1/cases/: the visible cases, in the order they came on record."""

    required_scopes = {"GET": "cases:read"}
    query_class = CaseQuery

    @extend_schema(
        operation_id="cases_list", parameters=[CaseQuery], responses=answers(200, CasePage)
    )
    def get(self, request: Request) -> Response:
        wanted = {FILTERS[name]: v for name, v in self.query.items() if name in FILTERS}
        visible = Case.objects.visible_to(access_of(request))
        return page(request, rows(visible).filter(**wanted), self.query, as_answers)


class RespondentOutput(serializers.ModelSerializer[Respondent]):
    """The person; null means not on record."""

    class Meta:
        model = Respondent
        fields = (
            "a_number",
            "family_name",
            "given_names",
            "aliases",
            "birth_date",
            "birth_precision",
            "nationality",
            "language_code",
        )
        read_only_fields = fields


class ProceedingOutput(serializers.Serializer[Any]):
    """A proceeding; `decision` is what the codes of the courts mean."""

    idnproceeding = serializers.IntegerField()
    case_type = serializers.CharField(allow_blank=True)
    charged_on = serializers.DateField(allow_null=True)
    base_city = serializers.CharField(allow_blank=True)
    decision = serializers.SerializerMethodField()
    decision_code = serializers.CharField(allow_blank=True)
    other_completion = serializers.CharField(allow_blank=True)
    completed_on = serializers.DateField(allow_null=True)

    def get_decision(self, proceeding: Proceeding) -> DecisionMeaning | None:
        return decision(proceeding.case_type, proceeding.decision_code, proceeding.other_completion)


class HearingOutput(serializers.Serializer[Any]):
    hearing_on = serializers.DateField(allow_null=True)
    calendar = serializers.CharField(allow_blank=True, help_text="M master, I individual.")
    base_city = serializers.CharField(allow_blank=True)
    adjournment_reason = serializers.CharField(allow_blank=True)


class CaseDetailOutput(CaseOutput):
    proceedings = ProceedingOutput(many=True)
    hearings = HearingOutput(many=True)
    respondent = RespondentOutput(required=False, help_text="Only with the scope respondents:read.")


class OneCase(View):
    """GET /api/v1/cases/<id>/: one case, with the courts' proceedings and hearings."""

    required_scopes = {"GET": "cases:read"}

    @extend_schema(parameters=[ETAG], responses=answers(200, CaseDetailOutput, 404))
    def get(self, request: Request, case_id: UUID) -> Response:
        visible = Case.objects.visible_to(access_of(request))
        case = get_object_or_404(visible.select_related("respondent"), uuid=case_id)
        record_read(request, case)
        proceedings = case.proceedings.order_by("charged_on", "pk")
        answer: dict[str, Any] = {
            **as_answer(rows(Case.objects.filter(pk=case.pk)).get()),
            "proceedings": ProceedingOutput(proceedings, many=True).data,
            "hearings": HearingOutput(case.hearings.order_by("hearing_on", "pk"), many=True).data,
        }
        if may(request, "respondents:read"):
            answer["respondent"] = RespondentOutput(case.respondent).data
        return Response(answer, headers={"ETag": etag(case.version)})
