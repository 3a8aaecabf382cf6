"""What every endpoint shares: who asks, may they, what they sent, and how errors look.

Django REST framework's views import this module, so it imports none of them; see `view.py`.
"""

from __future__ import annotations

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Mapping
from hashlib import sha256
from http import HTTPStatus
from typing import Any

from django.contrib.auth.models import AnonymousUser, User
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import QuerySet
from django.http import Http404, QueryDict
from oauth2_provider.contrib.rest_framework import OAuth2Authentication
from rest_framework import exceptions, serializers
from rest_framework.permissions import BasePermission
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from cases.access import Access, of_client, of_user
from cases.accounts import machine_account
from cases.models import ApiClient, ApiRequest, Case, RecordRead

# Who asks

STAFF_PERMISSIONS = {
    "cases:read": "cases.view_case",
    "screenings:write": "screening.add_determination",
    "bulk-reviews:read": "screening.view_bulkreview",
    "bulk-reviews:write": "screening.start_bulk_review",
}
"""What a member of staff needs in place of a scope."""


class ClientAuthentication(OAuth2Authentication):
    """A bearer token of the system of another agency."""

    def authenticate(self, request: Request) -> tuple[Any, Any] | None:
        found = super().authenticate(request)
        if found is None or found[1].application is None:
            return None
        return AnonymousUser(), found[1]


def client_of(request: Request) -> ApiClient | None:
    """Return the system that asks, or None where a person does."""
    token: Any = request.auth
    return None if token is None else token.application


def staff_of(request: Request) -> User | None:
    """Return the member of staff who asks, or None."""
    user = request.user
    return user if isinstance(user, User) and user.is_active and user.is_staff else None


def access_of(request: Request) -> Access:
    """Return what whoever asks may see."""
    client = client_of(request)
    return of_user(request.user) if client is None else of_client(client)


def actor_of(request: Request) -> User:
    """Return the account under which what is asked goes on record."""
    if (client := client_of(request)) is not None:
        return machine_account(f"api-client-{client.pk}")
    if (user := staff_of(request)) is not None:
        return user
    raise exceptions.NotAuthenticated


def record_read(request: Request, case: Case) -> None:
    """Put on record that whoever asks has read about the case."""
    RecordRead.objects.create(
        case_uuid=case.uuid, client=client_of(request), user=staff_of(request), channel="api"
    )


class HasScope(BasePermission):
    """The token carries the scope that the view names for the method; unnamed is denied."""

    def has_permission(self, request: Request, view: Any) -> bool:
        method = "GET" if request.method == "HEAD" else request.method
        scope = getattr(view, "required_scopes", {}).get(method)
        if scope is None:
            return False
        if (client := client_of(request)) is not None:
            # Asked of both: a scope taken from the client ends for tokens issued before, too.
            token: Any = request.auth
            return token.allow_scopes([scope]) and scope in client.scopes
        user = staff_of(request)
        return user is not None and user.has_perm(STAFF_PERMISSIONS[scope])


# What they sent


class Strict(serializers.Serializer[Any]):
    """A serializer that refuses what it does not know, by name."""

    def to_internal_value(self, data: Any) -> Any:
        if isinstance(data, Mapping) and (unknown := sorted(set(data) - set(self.fields))):
            raise exceptions.ValidationError(
                {name: [f"{name} is not known here."] for name in unknown}, code="unknown"
            )
        return super().to_internal_value(data)


class CursorField(serializers.CharField):
    """The id after which a page starts, in a form that invites no arithmetic."""

    def to_internal_value(self, data: Any) -> Any:
        try:
            position = int(urlsafe_b64decode(super().to_internal_value(data)).decode("ascii"))
        except ValueError:
            position = 0
        if not 0 < position < 2**63:
            raise exceptions.ValidationError("This is not a cursor of ours.", code="invalid")
        return position


class PageQuery(Strict):
    limit = serializers.IntegerField(min_value=1, max_value=200, default=50)
    cursor = CursorField(required=False, help_text="From `next`; opaque.")


def checked(serializer: type[serializers.Serializer[Any]], data: Any) -> dict[str, Any]:
    """Return the data as the serializer reads it. Raises ValidationError."""
    read = serializer(data=data)
    read.is_valid(raise_exception=True)
    return dict(read.validated_data)


def page(
    request: Request,
    rows: QuerySet[Any],
    query: dict[str, Any],
    output: type[serializers.BaseSerializer[Any]],
) -> Response:
    """Answer one page of the rows, newest first, by key: nothing is counted, nothing skipped."""
    if "cursor" in query:
        rows = rows.filter(pk__lt=query["cursor"])
    found = list(rows.order_by("-pk")[: query["limit"] + 1])
    following = None
    if len(found) > query["limit"]:
        found.pop()
        parameters = QueryDict(request.META.get("QUERY_STRING", ""), mutable=True)
        parameters["cursor"] = urlsafe_b64encode(str(found[-1].pk).encode()).decode()
        following = f"{request.build_absolute_uri(request.path)}?{parameters.urlencode()}"
    return Response({"next": following, "results": output(found, many=True).data})


class KeyMissing(exceptions.APIException):
    status_code = HTTPStatus.BAD_REQUEST
    default_detail = "A POST needs a header Idempotency-Key of 1 to 100 characters."
    default_code = "idempotency-key-missing"


class KeyReused(exceptions.APIException):
    status_code = HTTPStatus.UNPROCESSABLE_ENTITY
    default_detail = "This Idempotency-Key was used for another request."
    default_code = "idempotency-key-reused"


@transaction.atomic
def answer_once(request: Request, make: Callable[[], tuple[int, dict[str, Any]]]) -> Response:
    """Answer what `make` returns; the same key and body again get the same answer again.

    A second request waits for the first. An error is not kept: nothing was done, so the key is
    free to be tried again. Raises KeyMissing and KeyReused.
    """
    key = request.headers.get("Idempotency-Key", "")
    if not 0 < len(key) <= 100:
        raise KeyMissing
    sent = json.dumps([request.method, request.path, request.data], sort_keys=True)
    digest = sha256(sent.encode()).hexdigest()
    whose = {"client": client_of(request), "user": staff_of(request), "key": key}
    ApiRequest.objects.bulk_create(
        [ApiRequest(**whose, request_sha256=digest)], ignore_conflicts=True
    )
    kept = ApiRequest.objects.select_for_update().get(**whose)
    if kept.request_sha256 != digest:
        raise KeyReused
    if kept.status_code is None:
        kept.status_code, body = make()
        kept.body = json.loads(JSONRenderer().render(body))
        kept.save(update_fields=["status_code", "body"])
    return Response(
        kept.body, status=kept.status_code, headers={"Location": (kept.body or {})["url"]}
    )


# How errors look


def handle(error: Exception, _context: dict[str, Any]) -> Response | None:
    """Turn an error into application/problem+json (RFC 9457); leave what is unforeseen to Django.

    `code` is for programs and stable; `detail` is for people.
    """
    if isinstance(error, Http404):
        error = exceptions.NotFound()
    elif isinstance(error, PermissionDenied):
        error = exceptions.PermissionDenied()
    if not isinstance(error, exceptions.APIException):
        return None
    invalid = isinstance(error, exceptions.ValidationError)
    body = {
        "type": "about:blank",
        "title": HTTPStatus(error.status_code).phrase,
        "status": int(error.status_code),
        "detail": "The request is not valid." if invalid else str(error.detail),
        "code": "invalid" if invalid else str(error.get_codes()).replace("_", "-"),
        "errors": list(_flat(error.get_full_details())) if invalid else [],
    }
    headers = {}
    if challenge := getattr(error, "auth_header", None):
        headers["WWW-Authenticate"] = challenge
    if wait := getattr(error, "wait", None):
        headers["Retry-After"] = str(int(wait))
    return Response(
        body, status=error.status_code, headers=headers, content_type="application/problem+json"
    )


def _flat(details: Any, field: str = "") -> Any:
    """Yield every error of nested details, with the path of its field."""
    if isinstance(details, list):
        for each in details:
            yield from _flat(each, field)
    elif set(details) == {"message", "code"}:
        yield {"field": field, "detail": str(details["message"]), "code": str(details["code"])}
    else:
        for name, each in details.items():
            inner = "" if name == "non_field_errors" else name
            yield from _flat(each, ".".join(filter(None, [field, inner])))
