"""The base of our views, and what the generated API document says of all of them."""

from __future__ import annotations

from typing import Any

from drf_spectacular.contrib.django_oauth_toolkit import DjangoOAuthToolkitScheme
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework import exceptions, serializers
from rest_framework.request import Request
from rest_framework.views import APIView

from cases.api.errors import PROBLEM_JSON
from cases.api.http import Strict, checked_query
from cases.models import ApiRequest


class View(APIView):
    """A view that names its scope for each method, and refuses query parameters unknown to it."""

    http_method_names = ["get", "head", "post"]
    required_scopes: dict[str, str] = {}
    query_class: type[Strict] = Strict
    query: dict[str, Any]

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        known = self.query_class if request.method in ("GET", "HEAD") else Strict
        self.query = checked_query(known, request)


@extend_schema(exclude=True)
class NoSuchResource(APIView):
    """Answers every other address under /api/ with a problem instead of a page."""

    authentication_classes = ()
    permission_classes = ()

    def initial(self, *_args: Any, **_kwargs: Any) -> None:
        raise exceptions.NotFound("There is no such resource.")


class ClientScheme(DjangoOAuthToolkitScheme):  # type: ignore[no-untyped-call]
    """How the API document describes our bearer tokens and the scope each operation needs."""

    target_class = "cases.api.http.ClientAuthentication"
    name = "oauth2"

    def get_security_requirement(self, auto_schema: Any) -> dict[str, list[str]]:
        return {self.name: [auto_schema.view.required_scopes[auto_schema.method]]}


class ProblemError(serializers.Serializer[Any]):
    """One thing that is wrong, and where: in the body, or in a query parameter."""

    code = serializers.CharField()
    detail = serializers.CharField()
    pointer = serializers.CharField(allow_null=True, help_text="Into the body (RFC 6901).")
    parameter = serializers.CharField(allow_null=True, help_text="Of the query.")


class Problem(serializers.Serializer[Any]):
    """An error, as application/problem+json (RFC 9457)."""

    type = serializers.CharField()
    title = serializers.CharField()
    status = serializers.IntegerField()
    detail = serializers.CharField()
    code = serializers.CharField()
    errors = ProblemError(many=True)  # type: ignore[assignment]  # a field, not the errors


ERRORS = {
    400: "Not valid; `errors` says what.",
    401: "No valid token.",
    403: "The token lacks the scope.",
    404: "Not on record, or not visible to you.",
    409: "Refused as things stand; `code` says why.",
    412: "Changed since you read it.",
    422: "The Idempotency-Key was used for another request.",
    428: "If-Match is missing.",
}
ALWAYS = (400, 401, 403)

IDEMPOTENCY_KEY = OpenApiParameter(
    "Idempotency-Key",
    {"type": "string", "pattern": "^[!-~]{1,100}$"},
    OpenApiParameter.HEADER,
    required=True,
    description=(
        f"The same key and body again get the same answer again, for {ApiRequest.KEPT.days} days."
    ),
)
REPLAYED = OpenApiParameter(
    "Idempotency-Replayed",
    {"type": "string", "enum": ["true"]},
    OpenApiParameter.HEADER,
    response=[201, 202],
    description="The answer was given before, and nothing was done this time.",
)
IF_MATCH = OpenApiParameter(
    "If-Match",
    str,
    OpenApiParameter.HEADER,
    required=True,
    description="The ETag of what you have read.",
)
ETAG = OpenApiParameter(
    "ETag",
    str,
    OpenApiParameter.HEADER,
    response=[200],
    description="Which state of the thing this is; for If-Match.",
)
LOCATION = OpenApiParameter(
    "Location", str, OpenApiParameter.HEADER, response=[201, 202], description="Where to read it."
)
ONCE = [IDEMPOTENCY_KEY, LOCATION, REPLAYED]
"""What every POST takes and answers."""


def answers(status: int, body: Any, *errors: int) -> Any:
    """Return the answers of an operation for the API document."""
    return {
        status: body,
        **{
            (e, PROBLEM_JSON): OpenApiResponse(Problem, description=ERRORS[e])
            for e in sorted({*ALWAYS, *errors})
        },
    }
