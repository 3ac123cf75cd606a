"""What went wrong, as an OperationOutcome."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import InterfaceError, OperationalError
from django.http import Http404
from rest_framework.exceptions import APIException, NotFound

from pcl.queries.parameters import BadParameter

# FHIR's issue types that a status stands for.
_BY_STATUS = {
    400: "invalid",
    401: "login",
    403: "forbidden",
    404: "not-found",
    405: "not-supported",
    415: "not-supported",
    429: "throttled",
}


class FhirError(Exception):
    """A request that cannot be answered. `code` is one of FHIR's issue types."""

    def __init__(self, status: int, code: str, message: str, *, parameter: str | None = None) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.parameter = parameter


def operation_outcome(*issues: dict[str, Any]) -> dict[str, Any]:
    return {"resourceType": "OperationOutcome", "issue": list(issues)}


def issue(code: str, message: str, *, severity: str = "error", expression: str | None = None) -> dict[str, Any]:
    """`expression` is the FHIRPath of the element, or the name of the parameter, that is at fault."""
    told: dict[str, Any] = {"severity": severity, "code": code, "details": {"text": message}, "diagnostics": message}
    if expression is not None:
        told["expression"] = [expression]
    return told


def error_of(exc: Exception) -> FhirError | None:  # noqa: PLR0911  # one for each kind
    """None, which makes it a server error, for what nobody foresaw."""
    if isinstance(exc, FhirError):
        return exc
    if isinstance(exc, BadParameter):
        code = "not-supported" if exc.unknown else "value"
        return FhirError(400, code, str(exc), parameter=exc.parameter)
    if isinstance(exc, Http404 | NotFound):
        return FhirError(404, "not-found", str(exc) or "There is nothing at this address.")
    if isinstance(exc, OperationalError | InterfaceError):
        return FhirError(503, "transient", "The register's database does not answer. Ask again in a moment.")
    if isinstance(exc, PermissionDenied):
        return FhirError(403, "forbidden", "This address is not open to you.")
    if isinstance(exc, APIException):
        return FhirError(exc.status_code, _BY_STATUS.get(exc.status_code, "processing"), str(exc.detail))
    return None
