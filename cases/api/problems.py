"""Every error becomes HTTP here: a code for programs, sentences for people."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any, cast

from drf_standardized_errors.formatter import ExceptionFormatter
from drf_standardized_errors.handler import exception_handler
from drf_standardized_errors.types import ErrorResponse, ExceptionHandlerContext
from rest_framework import exceptions
from rest_framework.response import Response

from cases.api.errors import PROBLEM_JSON, QueryRefused, problem
from cases.workflow import TransitionRefused


class ProblemFormatter(ExceptionFormatter):
    """Puts an error of Django REST framework into our shape; the unforeseen comes masked."""

    def format_error_response(self, error_response: ErrorResponse) -> dict[str, Any]:
        status = self.exc.status_code
        if isinstance(self.exc, exceptions.ValidationError):
            body = problem(status, "invalid", "The request is not valid.")
            body["errors"] = [
                {
                    "code": error.code.replace("_", "-"),
                    "detail": error.detail,
                    **self._place(error.attr),
                }
                for error in error_response.errors
            ]
            return body
        (error,) = error_response.errors
        code = "internal-error" if status >= 500 else error.code.replace("_", "-")
        return problem(status, code, error.detail)

    def _place(self, attr: str | None) -> dict[str, str | None]:
        """Return where the error is: a parameter's name, or a pointer into the body (RFC 6901)."""
        if isinstance(self.exc, QueryRefused):
            return {"pointer": None, "parameter": attr}
        named = attr if attr and attr != "non_field_errors" else ""
        parts = [p.replace("~", "~0").replace("/", "~1") for p in named.split(".") if p]
        return {"pointer": "".join(f"/{part}" for part in parts), "parameter": None}


def handle(error: Exception, context: dict[str, Any]) -> Response | None:
    """Turn an error into a problem; with DEBUG, leave the unforeseen to Django."""
    if isinstance(error, TransitionRefused):
        return refused(error)
    response = exception_handler(error, cast("ExceptionHandlerContext", context))
    if response is not None:
        response.content_type = PROBLEM_JSON
    return response


def refused(error: TransitionRefused) -> Response:
    """Return every reason why a move cannot be made now, each as an error of its own."""
    status = HTTPStatus.CONFLICT
    body = problem(status, "transition-refused", f'"{error.transition}" is not possible now.')
    body["errors"] = [
        {"code": "blocked", "detail": reason, "pointer": None, "parameter": None}
        for reason in error.reasons
    ]
    return Response(body, status=status, content_type=PROBLEM_JSON)
