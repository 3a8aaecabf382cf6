"""The base of our views, and what the generated API document says of all of them."""

from __future__ import annotations

from typing import Any

from drf_spectacular.contrib.django_oauth_toolkit import DjangoOAuthToolkitScheme
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.views import APIView

from cases.api.http import Strict, checked


class View(APIView):
    """A view that names its scope for each method, and refuses query parameters unknown to it."""

    required_scopes: dict[str, str] = {}
    query_class: type[Strict] = Strict
    query: dict[str, Any]

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        known = self.query_class if request.method in ("GET", "HEAD") else Strict
        self.query = checked(known, request.query_params.dict())


class ClientScheme(DjangoOAuthToolkitScheme):  # type: ignore[no-untyped-call]
    """How the API document describes our bearer tokens and the scope each operation needs."""

    target_class = "cases.api.http.ClientAuthentication"
    name = "oauth2"

    def get_security_requirement(self, auto_schema: Any) -> dict[str, list[str]]:
        return {self.name: [auto_schema.view.required_scopes[auto_schema.method]]}


class ProblemError(serializers.Serializer[Any]):
    field = serializers.CharField()
    detail = serializers.CharField()
    code = serializers.CharField()


class Problem(serializers.Serializer[Any]):
    """An error, as application/problem+json (RFC 9457)."""

    type = serializers.CharField()
    title = serializers.CharField()
    status = serializers.IntegerField()
    detail = serializers.CharField()
    code = serializers.CharField()
    errors = ProblemError(many=True)  # type: ignore[assignment]  # a field, not the errors


ERRORS = {400: "Not valid.", 401: "No valid token.", 403: "The token lacks the scope."}
MORE_ERRORS = {
    404: "Not on record, or not visible to you.",
    409: "Refused; `code` says why.",
    422: "The Idempotency-Key was used for another request.",
}

IDEMPOTENCY_KEY = OpenApiParameter(
    "Idempotency-Key",
    str,
    OpenApiParameter.HEADER,
    required=True,
    description="1 to 100 characters; the same key and body again get the same answer again.",
)
LOCATION = OpenApiParameter(
    "Location", str, OpenApiParameter.HEADER, response=True, description="Where to read it."
)


def answers(status: int, body: type[serializers.BaseSerializer[Any]], *errors: int) -> Any:
    """Return the answers of an operation for the API document."""
    said = {**ERRORS, **{e: MORE_ERRORS[e] for e in errors}}
    return {
        status: body,
        **{
            (e, "application/problem+json"): OpenApiResponse(Problem, description=text)
            for e, text in said.items()
        },
    }
