"""What the person filed after closure, and where the person can be reached.

Receipts and contact are personal data: only a reading with `respondents:read` tells them. The
answers to a POST are kept, so they never do.
"""

from __future__ import annotations

from collections.abc import Iterable
from http import HTTPStatus
from typing import Any
from uuid import UUID

from django.urls import reverse
from drf_spectacular.utils import extend_schema
from rest_framework import exceptions, serializers
from rest_framework.request import Request
from rest_framework.response import Response

from cases.aftermath import (
    Filing,
    record_contact,
    record_filing,
    record_returned_mail,
    warnings_of,
)
from cases.api.http import (
    Answer,
    Instant,
    PageQuery,
    Strict,
    act_today,
    answer_once,
    checked,
    may,
    one_case,
    page,
    record_read,
)
from cases.api.view import ONCE, View, answers
from cases.models import Case, ContactChange, OnwardFiling

Form = OnwardFiling.Form
Contact = ContactChange.Kind

PERSON = "Only with the scope respondents:read."
CURRENT = "Null: the current one."
PROOF_OF_ORDER = "With proof of the order that ended the case."
PROOF_OF_FILING = "With proof of the application that was pending in court."


# Onward filings


class FilingInput(Strict):
    """What was filed, as it came to notice; a correction names what it replaces."""

    form = serializers.ChoiceField(Form.choices)
    filed_on = serializers.DateField()
    receipt = serializers.CharField(
        max_length=20, allow_blank=True, default="", help_text="Three letters and ten digits."
    )
    proof_of_order = serializers.BooleanField(default=False, help_text=PROOF_OF_ORDER)
    proof_of_prior_filing = serializers.BooleanField(default=False, help_text=PROOF_OF_FILING)
    replaces = serializers.UUIDField(
        allow_null=True, default=None, help_text="The filing that this corrects."
    )


class FilingRecordedOutput(serializers.Serializer[Any]):
    """A filing without its receipt, and what follows from it; none is advice."""

    id = serializers.UUIDField(source="uuid")
    case = serializers.UUIDField(source="case.uuid")
    form = serializers.ChoiceField(Form.choices)
    filed_on = serializers.DateField()
    proof_of_order = serializers.BooleanField(help_text=PROOF_OF_ORDER)
    proof_of_prior_filing = serializers.BooleanField(help_text=PROOF_OF_FILING)
    original_filed_on = serializers.DateField(
        allow_null=True, help_text="The day it counts from; null: the original day is not kept."
    )
    recorded_at = Instant()
    superseded_at = Instant(allow_null=True, help_text=CURRENT)
    warnings = serializers.SerializerMethodField()

    def get_warnings(self, filing: OnwardFiling) -> list[str]:
        return warnings_of(filing)


class FilingOutput(FilingRecordedOutput):
    receipt = serializers.CharField(allow_null=True, required=False, help_text=PERSON)


class FilingPage(serializers.Serializer[Any]):
    next = serializers.CharField(allow_null=True, help_text="Where the next page is.")
    results = FilingOutput(many=True)


def replaced_filing(case: Case, given: UUID | None) -> OnwardFiling | None:
    """Return the filing that a correction names. Raises ValidationError where there is none."""
    if given is None:
        return None
    found: OnwardFiling | None = case.onward_filings.filter(uuid=given).first()
    if found is None:
        raise exceptions.ValidationError({"replaces": ["The case has no such filing."]}, "unknown")
    return found


class Filings(View):
    """GET, POST /api/v1/cases/<id>/onward-filings/: what was filed after closure; record one."""

    required_scopes = {"GET": "aftermath:read", "POST": "aftermath:write"}
    query_class = PageQuery

    @extend_schema(
        operation_id="onward_filings_list",
        parameters=[PageQuery],
        responses=answers(200, FilingPage, 404),
    )
    def get(self, request: Request, case_id: UUID) -> Response:
        """What was filed after closure, newest first, with what follows from it."""
        case = one_case(request, case_id)
        record_read(request, case)
        output = FilingOutput if may(request, "respondents:read") else FilingRecordedOutput

        def as_answers(found: Iterable[OnwardFiling]) -> Any:
            return output(found, many=True).data

        found = case.onward_filings.select_related("case")
        return page(request, found, self.query, as_answers, newest_first=True)

    @extend_schema(
        operation_id="onward_filings_create",
        parameters=ONCE,
        request=FilingInput,
        responses={
            200: FilingRecordedOutput,
            **answers(201, FilingRecordedOutput, 404, 409, 422),
        },
    )
    def post(self, request: Request, case_id: UUID) -> Response:
        """Put what was filed on record; a correction too. 200: the same is on record."""
        data = checked(FilingInput, request.data)
        case = one_case(request, case_id)

        def make() -> Answer:
            # Under the lock the same filing cannot come in twice at once, and be new both times.
            locked = Case.objects.select_for_update(of=("self",)).get(pk=case.pk)
            known = set(locked.onward_filings.values_list("pk", flat=True))
            data["replaces"] = replaced_filing(locked, data["replaces"])
            made = record_filing(locked, Filing(**data), act_today(request))
            status = HTTPStatus.OK if made.pk in known else HTTPStatus.CREATED
            body = dict(FilingRecordedOutput(made).data)
            return Answer(status, body, {"Location": request.path})

        return answer_once(request, make)


# Where the person can be reached


class ContactInput(Strict):
    """What has changed, and by what it came. It takes the place of what was on record."""

    kind = serializers.ChoiceField(Contact.choices)
    text = serializers.CharField(max_length=500, help_text="What it is now; personal data.")
    changed_on = serializers.DateField()
    source = serializers.CharField(  # type: ignore[assignment]  # a field, not the source
        max_length=20, help_text="EOIR-33, AR-11, E-28, letter …"
    )


class ReturnedMailInput(Strict):
    returned_on = serializers.DateField(help_text="The day on which mail came back.")


class ContactRecordedOutput(serializers.Serializer[Any]):
    """A change of contact without its text."""

    kind = serializers.ChoiceField(Contact.choices)
    changed_on = serializers.DateField()
    source = serializers.CharField()  # type: ignore[assignment]  # a field, not the source
    returned_on = serializers.DateField(
        allow_null=True, help_text="The day on which mail to this address came back."
    )
    recorded_at = Instant()
    superseded_at = Instant(allow_null=True, help_text=CURRENT)


class ContactOutput(ContactRecordedOutput):
    text = serializers.CharField(required=False, help_text=PERSON)


class ContactPage(serializers.Serializer[Any]):
    next = serializers.CharField(allow_null=True, help_text="Where the next page is.")
    results = ContactOutput(many=True)


def recorded(change: ContactChange, where: str) -> Answer:
    body = dict(ContactRecordedOutput(change).data)
    return Answer(HTTPStatus.CREATED, body, {"Location": where})


class Contacts(View):
    """GET, POST /api/v1/cases/<id>/contact-changes/: contact after closure; record a change."""

    required_scopes = {"GET": "aftermath:read", "POST": "aftermath:write"}
    query_class = PageQuery

    @extend_schema(
        operation_id="contact_changes_list",
        parameters=[PageQuery],
        responses=answers(200, ContactPage, 404),
    )
    def get(self, request: Request, case_id: UUID) -> Response:
        """Every change of contact since the closure, newest first."""
        case = one_case(request, case_id)
        record_read(request, case)
        output = ContactOutput if may(request, "respondents:read") else ContactRecordedOutput

        def as_answers(found: Iterable[ContactChange]) -> Any:
            return output(found, many=True).data

        found = case.contact_changes.all()
        return page(request, found, self.query, as_answers, newest_first=True)

    @extend_schema(
        operation_id="contact_changes_create",
        parameters=ONCE,
        request=ContactInput,
        responses=answers(201, ContactRecordedOutput, 404, 409, 422),
    )
    def post(self, request: Request, case_id: UUID) -> Response:
        """Record an address, counsel or a telephone number, in place of the one before."""
        data = checked(ContactInput, request.data)
        case = one_case(request, case_id)
        return answer_once(
            request,
            lambda: recorded(record_contact(case, act_today(request), **data), request.path),
        )


class ReturnedMail(View):
    """POST /api/v1/cases/<id>/returned-mail/: record that mail to the address came back."""

    required_scopes = {"POST": "aftermath:write"}

    @extend_schema(
        operation_id="returned_mail_create",
        parameters=ONCE,
        request=ReturnedMailInput,
        responses=answers(201, ContactRecordedOutput, 404, 409, 422),
    )
    def post(self, request: Request, case_id: UUID) -> Response:
        """Record that mail to the current address came back."""
        data = checked(ReturnedMailInput, request.data)
        case = one_case(request, case_id)
        where = reverse("api-contact-changes", args=[case.uuid])
        return answer_once(
            request,
            lambda: recorded(record_returned_mail(case, act_today(request), **data), where),
        )
