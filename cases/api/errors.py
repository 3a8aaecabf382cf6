"""The errors of the API itself, and their shape: problem details (RFC 9457).

Imported by what Django REST framework's views import; see `problems.py` for the rest.
"""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from rest_framework import exceptions

PROBLEM_JSON = "application/problem+json"


class QueryRefused(exceptions.ValidationError):
    """A query parameter is unknown or not understood."""


class KeyMissing(exceptions.APIException):
    status_code = HTTPStatus.BAD_REQUEST
    default_detail = "A POST needs a header Idempotency-Key of 1 to 100 visible characters."
    default_code = "idempotency-key-missing"


class KeyReused(exceptions.APIException):
    status_code = HTTPStatus.UNPROCESSABLE_ENTITY
    default_detail = "This Idempotency-Key was used for another request."
    default_code = "idempotency-key-reused"


class KeyInUse(exceptions.APIException):
    status_code = HTTPStatus.CONFLICT
    default_detail = "A request with this Idempotency-Key is being answered; ask again shortly."
    default_code = "idempotency-key-in-use"
    wait = 1  # seconds, as Retry-After


class PreconditionRequired(exceptions.APIException):
    status_code = HTTPStatus.PRECONDITION_REQUIRED
    default_detail = "Say in If-Match which ETag of this you have read."
    default_code = "precondition-required"


class PreconditionFailed(exceptions.APIException):
    status_code = HTTPStatus.PRECONDITION_FAILED
    default_detail = "It has changed since you read it; read it again."
    default_code = "precondition-failed"


def problem(status: int, code: str, detail: str) -> dict[str, Any]:
    """Return the body of a problem that has no more to say than one sentence."""
    return {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": int(status),
        "detail": detail,
        "code": code,
        "errors": [],
    }


def media_type(status: int) -> str | None:
    """Return the media type of an answer; None leaves it to the renderer."""
    return PROBLEM_JSON if status >= HTTPStatus.BAD_REQUEST else None
