"""What a program is told when Django itself refuses a request, or something failed that nobody foresaw."""

import errno
import json
from collections.abc import Mapping
from typing import Any

from django.db import InterfaceError, OperationalError
from django.http import HttpResponse

from pcl.api.fhir.outcome import issue, operation_outcome
from pcl.api.fhir.view import MEDIA_TYPE as FHIR_JSON
from pcl.api.problems import MEDIA_TYPE, NOT_NOW, RETRY_AFTER, SERVER_ERROR, problem_of

API, FHIR = "/api/", "/fhir/"
_PASSING = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO, errno.EROFS}
# Its errors, of a workbook that is written, are no OSError.
_SAID_BY_LIBXML = {"IO_ENOSPC", "IO_EFBIG", "IO_EIO", "IO_WRITE"}
# FHIR's issue types.
_FHIR_CODES = {400: "invalid", 403: "forbidden", 404: "not-found", 414: "too-long", 500: "exception", 503: "transient"}


def is_for_programs(path: str) -> bool:
    return path.startswith((API, FHIR))


def passes(error: BaseException | None) -> bool:
    """Whether it is the machinery that fails and not the program: no database, a full disk, a store that is away."""
    return (
        isinstance(error, OperationalError | InterfaceError)
        or (isinstance(error, OSError) and error.errno in _PASSING)
        or str(error) in _SAID_BY_LIBXML
    )


def failure(path: str, error: BaseException | None) -> HttpResponse:
    """503 for what passes by itself; 500 for everything else. Says nothing of what failed."""
    if passes(error):
        return refusal(path, 503, *NOT_NOW, headers={"Retry-After": str(RETRY_AFTER)})
    return refusal(path, 500, *SERVER_ERROR)


def refusal(
    path: str, status: int, title: str, detail: str, *, headers: Mapping[str, str] | None = None
) -> HttpResponse:
    """In the form of the address: problem details, or an OperationOutcome below /fhir/."""
    said: dict[str, Any] = problem_of(status, title, detail)
    kind = MEDIA_TYPE
    if path.startswith(FHIR):
        said = operation_outcome(issue(_FHIR_CODES.get(status, "processing"), f"{title}. {detail}"))
        kind = f"{FHIR_JSON}; charset=utf-8"
    # Public data without a session: any page may read it.
    return HttpResponse(
        json.dumps(said, ensure_ascii=False).encode(),
        status=status,
        content_type=kind,
        headers={"Access-Control-Allow-Origin": "*", **(headers or {})},
    )
