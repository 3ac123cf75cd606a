"""What went wrong, as RFC 9457 problem details: readable by people, usable by programs."""

from typing import Any

from django.core.exceptions import PermissionDenied, RequestDataTooBig
from django.db import InterfaceError, OperationalError
from django.http import Http404
from rest_framework.exceptions import APIException, MethodNotAllowed, NotFound
from rest_framework.response import Response

from pcl.api.allowance import UnknownKey, UsedUp
from pcl.queries.parameters import BadParameter

MEDIA_TYPE = "application/problem+json"
# Where /data/ says more about it.
UNKNOWN_PARAMETER = "/data/#unknown-parameter"
BAD_VALUE = "/data/#bad-value"
NOTHING_MORE_TO_SAY = "about:blank"
NOT_NOW = (
    "Not at the moment",
    "The register's database does not answer. Nothing is wrong with the question: ask again in a moment.",
)
SERVER_ERROR = (
    "Server error",
    "Something went wrong on our side, and has been recorded. Ask again later; if it fails again, tell the helpline.",
)
# Seconds.
RETRY_AFTER = 5


def problem_details(exc: Exception, context: dict[str, Any]) -> Response | None:
    """REST framework's EXCEPTION_HANDLER. None, which makes it a server error, for what nobody foresaw."""
    if isinstance(exc, BadParameter):
        title = "Unknown parameter" if exc.unknown else "Bad value of a parameter"
        kind = UNKNOWN_PARAMETER if exc.unknown else BAD_VALUE
        return problem(400, title, str(exc), kind=kind, parameter=exc.parameter)
    if isinstance(exc, Http404):
        exc = NotFound(str(exc) or None)
    if isinstance(exc, PermissionDenied):
        return problem(403, "Forbidden", "This address is not open to you.")
    if isinstance(exc, OperationalError | InterfaceError):
        response = problem(503, *NOT_NOW)
        response["Retry-After"] = str(RETRY_AFTER)
        return response
    if isinstance(exc, RequestDataTooBig):
        return problem(413, "Body too large", "The body has more bytes than are read here.")
    if not isinstance(exc, APIException):
        return None
    response = problem(exc.status_code, _title(exc), _detail(exc))
    if isinstance(exc, UnknownKey):
        response["WWW-Authenticate"] = 'Bearer error="invalid_token"'
    if isinstance(exc, UsedUp):
        response["Retry-After"] = str(exc.seconds)
    if isinstance(exc, MethodNotAllowed):
        response["Allow"] = ", ".join(context["view"].allowed_methods)
    return response


def problem(
    status: int, title: str, detail: str, *, kind: str = NOTHING_MORE_TO_SAY, parameter: str | None = None
) -> Response:
    said = problem_of(status, title, detail, kind=kind, parameter=parameter)
    return Response(said, status=status, content_type=MEDIA_TYPE)


def problem_of(
    status: int, title: str, detail: str, *, kind: str = NOTHING_MORE_TO_SAY, parameter: str | None = None
) -> dict[str, Any]:
    said: dict[str, Any] = {"type": kind, "title": title, "status": status, "detail": detail}
    if parameter is not None:
        said["parameter"] = parameter
    return said


def _title(exc: APIException) -> str:
    if isinstance(exc, NotFound):
        return "Not found"
    if isinstance(exc, MethodNotAllowed):
        return "Method not allowed"
    return str(exc.default_detail).rstrip(".")


def _detail(exc: APIException) -> str:
    return exc.detail if isinstance(exc.detail, str) else str(exc.default_detail)
