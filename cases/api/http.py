"""What every endpoint shares: who asks, may they, what they sent, and pages of answers.

Django REST framework's views import this module, so it imports none of them; see `view.py`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC
from hashlib import sha256
from http import HTTPStatus
from typing import Any
from uuid import UUID

from django.contrib.auth.models import User
from django.core import signing
from django.db import connection, transaction
from django.db.models import QuerySet
from django.http import QueryDict
from django.shortcuts import get_object_or_404
from django.utils.timezone import localdate
from oauth2_provider.contrib.rest_framework import OAuth2Authentication
from rest_framework import exceptions, serializers
from rest_framework.permissions import BasePermission
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from cases import audit
from cases.access import STAFF_PERMISSIONS, Access, of_client, of_user
from cases.api.errors import (
    KeyInUse,
    KeyMissing,
    KeyReused,
    PreconditionFailed,
    PreconditionRequired,
    QueryRefused,
    media_type,
)
from cases.models import ApiClient, ApiRequest, Case
from cases.workflow import Act

# Who asks


class ClientAuthentication(OAuth2Authentication):
    """A bearer token of the system of another agency, which acts through its own account."""

    def authenticate(self, request: Request) -> tuple[Any, Any] | None:
        found = super().authenticate(request)
        if found is None:
            if request.headers.get("Authorization", "").lower().startswith("bearer"):
                raise exceptions.AuthenticationFailed(
                    "The token is unknown, expired or revoked.", code="invalid-token"
                )
            return None
        client: ApiClient | None = found[1].application
        if client is None or client.user is None or not client.user.is_active:
            raise exceptions.AuthenticationFailed(
                "The client of this token has no active account.", code="no-account"
            )
        if client.user.is_staff or client.user.is_superuser:
            # A person signs and decides in person; nothing of theirs passes to a token.
            raise exceptions.AuthenticationFailed(
                "The client of this token acts through a person's account.", code="no-account"
            )
        return client.user, found[1]


def client_of(request: Request) -> ApiClient | None:
    """Return the system that asks, or None where a person does."""
    token: Any = request.auth
    return None if token is None else token.application


def staff_of(request: Request) -> User | None:
    """Return the member of staff who asks, or None."""
    user = request.user
    if client_of(request) is not None or not isinstance(user, User):
        return None
    return user if user.is_active and user.is_staff else None


def access_of(request: Request) -> Access:
    """Return what whoever asks may see."""
    client = client_of(request)
    return of_user(request.user) if client is None else of_client(client)


def actor_of(request: Request) -> User:
    """Return the account under which what is asked goes on record."""
    user = request.user
    if not isinstance(user, User):
        raise exceptions.NotAuthenticated
    return user


def act_today(request: Request, **said: Any) -> Act:
    """Return what whoever asks does today, with what they say of it."""
    return Act(by=actor_of(request), on=localdate(), **said)


def one_case(request: Request, case_id: UUID) -> Case:
    """Return the case. Raises Http404 where there is none that whoever asks may see."""
    return get_object_or_404(Case.objects.visible_to(access_of(request)), uuid=case_id)


def record_read(request: Request, case: Case) -> None:
    """Put on record that whoever asks has read about the case."""
    audit.record_read(case, client=client_of(request), user=staff_of(request), channel="api")


def may(request: Request, scope: str) -> bool:
    """Say whether whoever asks has a scope: the token and its client, or staff by permission."""
    if (client := client_of(request)) is not None:
        # Asked of both: a scope taken from the client ends for tokens issued before, too.
        token: Any = request.auth
        return token.allow_scopes([scope]) and scope in client.scopes
    user = staff_of(request)
    return user is not None and any(map(user.has_perm, STAFF_PERMISSIONS[scope]))


class HasScope(BasePermission):
    """Whoever asks has the scope that the view names for the method; unnamed is denied."""

    def has_permission(self, request: Request, view: Any) -> bool:
        if not request.user.is_authenticated:
            return False
        if str(request.method) not in view.allowed_methods:
            return True  # the answer is 405, and says which methods there are
        method = "GET" if request.method == "HEAD" else request.method
        scope = getattr(view, "required_scopes", {}).get(method)
        return scope is not None and may(request, scope)


# What they sent


class Strict(serializers.Serializer[Any]):
    """A serializer that refuses what it does not know, by name, and a number for a text."""

    def to_internal_value(self, data: Any) -> Any:
        if isinstance(data, Mapping):
            if unknown := sorted(set(data) - set(self.fields)):
                raise exceptions.ValidationError(
                    {name: [f"{name} is not known here."] for name in map(_printable, unknown)},
                    code="unknown",
                )
            given = ((name, field, data.get(name)) for name, field in self.fields.items())
            if numbers := [name for name, field, value in given if _is_no_text(field, value)]:
                raise exceptions.ValidationError(
                    {name: ["Not a valid string."] for name in numbers}, code="invalid"
                )
        return super().to_internal_value(data)


def _is_no_text(field: serializers.Field[Any, Any, Any, Any], given: Any) -> bool:
    """Return whether a number stands where there must be a text, or among texts."""
    if isinstance(field, serializers.ListField):
        return isinstance(given, list) and any(_is_no_text(field.child, one) for one in given)
    return isinstance(field, serializers.CharField) and isinstance(given, int | float)


def _printable(name: str) -> str:
    # JSON can carry half a character, which no answer can.
    return name.encode("utf-8", "replace").decode()[:100]


class CursorField(serializers.CharField):
    """The id after which a page starts, signed: only `next` leads on."""

    def to_internal_value(self, data: Any) -> Any:
        try:
            path, position = signing.loads(super().to_internal_value(data), salt="cursor")
        except (signing.BadSignature, TypeError, ValueError):
            raise exceptions.ValidationError("This is not a cursor of ours.") from None
        if path != self.context["path"]:
            raise exceptions.ValidationError("This cursor belongs to another list.")
        return int(position)


class PageQuery(Strict):
    limit = serializers.IntegerField(min_value=1, max_value=200, default=50)
    cursor = CursorField(required=False, help_text="From `next`; opaque.")


class Instant(serializers.DateTimeField):
    """An instant, in UTC whatever the office's zone."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(default_timezone=UTC, **kwargs)


def checked(serializer: type[serializers.Serializer[Any]], data: Any) -> dict[str, Any]:
    """Return the body as the serializer reads it. Raises ValidationError."""
    read = serializer(data=data)
    read.is_valid(raise_exception=True)
    return dict(read.validated_data)


def checked_query(
    serializer: type[serializers.Serializer[Any]], request: Request
) -> dict[str, Any]:
    """Return the query as the serializer reads it. Raises QueryRefused."""
    given = request.query_params
    if twice := sorted(name for name, values in given.lists() if len(values) > 1):
        raise QueryRefused({name: [f"{name} is given twice."] for name in twice}, code="repeated")
    read = serializer(data=given.dict(), context={"path": request.path})
    if not read.is_valid():
        raise QueryRefused(read.errors)
    return dict(read.validated_data)


# Pages of answers


def page(
    request: Request,
    rows: QuerySet[Any, Any],
    query: Mapping[str, Any],
    output: Callable[[Iterable[Any]], Any],
    *,
    newest_first: bool = False,
) -> Response:
    """Answer one page of the rows by their key: nothing is counted, nothing is skipped over.

    A row added meanwhile moves no other: ascending it comes at the end, newest first not at all.
    """
    if "cursor" in query:
        beyond = "pk__lt" if newest_first else "pk__gt"
        rows = rows.filter(**{beyond: query["cursor"]})
    found = list(rows.order_by("-pk" if newest_first else "pk")[: query["limit"] + 1])
    following = None
    if len(found) > query["limit"]:
        found.pop()
        last = found[-1]
        position = last["pk"] if isinstance(last, dict) else last.pk
        parameters = QueryDict(request.META.get("QUERY_STRING", ""), mutable=True)
        parameters["cursor"] = signing.dumps([request.path, position], salt="cursor")
        following = f"{request.path}?{parameters.urlencode()}"
    return Response({"next": following, "results": output(found)})


# Doing a thing once


@dataclass(frozen=True, slots=True)
class Answer:
    """What a POST comes to; kept, and given again to whoever sends the same again."""

    status: int
    body: dict[str, Any]
    headers: dict[str, str] = field(default_factory=dict)


KEY = re.compile(r"[\x21-\x7e]{1,100}")


@transaction.atomic
def answer_once(request: Request, make: Callable[[], Answer]) -> Response:
    """Answer what `make` returns; the same key and body again get the same answer again.

    The answer and what it speaks of are committed together. Where `make` raises, nothing was done
    and the key stays free. Raises KeyMissing, KeyReused, and KeyInUse while another request with
    the key is being answered.
    """
    key = request.headers.get("Idempotency-Key", "")
    if not KEY.fullmatch(key):
        raise KeyMissing
    sent = json.dumps([request.method, request.path, request.data], sort_keys=True)
    digest = sha256(sent.encode()).hexdigest()
    client, user = client_of(request), staff_of(request)
    _claim(f"{client and client.pk}/{user and user.pk}/{key}")
    kept = ApiRequest.objects.filter(client=client, user=user, key=key).first()
    if kept is None:
        made = make()
        ApiRequest.objects.create(
            client=client,
            user=user,
            key=key,
            request_sha256=digest,
            status_code=made.status,
            body=json.loads(JSONRenderer().render(made.body)),
            headers=made.headers,
        )
        return _response(made.status, made.body, made.headers)
    if kept.request_sha256 != digest:
        raise KeyReused
    headers = {**kept.headers, "Idempotency-Replayed": "true"}
    return _response(kept.status_code or HTTPStatus.OK, kept.body, headers)


def _claim(name: str) -> None:
    """Hold the name until the transaction ends. Raises KeyInUse if another one holds it.

    A lock and not a row: what a killed process holds is free again at once.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(hashtextextended(%s, 0))", [name])
        (held,) = cursor.fetchone() or (False,)
    if not held:
        raise KeyInUse


def _response(status: int, body: Any, headers: dict[str, str]) -> Response:
    return Response(body, status=status, headers=headers, content_type=media_type(status))


# Changing only what one has seen


def etag(state: object) -> str:
    """Return the ETag of a thing in this state."""
    return f'"{state}"'


def require_match(request: Request, state: object) -> None:
    """Let the request go on only if it names the state that the thing is in now.

    Call it under a lock on the thing. Raises PreconditionRequired and PreconditionFailed.
    """
    given = request.headers.get("If-Match")
    if given is None:
        raise PreconditionRequired
    if etag(state) not in [tag.strip() for tag in given.split(",")]:
        raise PreconditionFailed
