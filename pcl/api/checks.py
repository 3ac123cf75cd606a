"""`/api/v1/checks/`: is this product listed under this code on this date of service?"""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.urls import reverse
from rest_framework.exceptions import ParseError
from rest_framework.request import Request
from rest_framework.response import Response

from pcl.api.allowance import address_of
from pcl.api.check_body import (
    Refused,
    instant_told,
    lines_refused,
    media_type_of,
    no_such_field,
    refuse_large,
    shown,
    too_many_lines,
)
from pcl.api.problems import problem
from pcl.api.read_view import ReadView, site_of
from pcl.api.schema import documented_check
from pcl.queries.check.citations import citations_of
from pcl.queries.check.engine import check_lines
from pcl.queries.check.line import FIELDS, Faults, Line, read_line
from pcl.services.check_allowance import TooManyLines, take_lines

MOST_LINES = 1000
LISTED_IS_NOT_COVERED = (
    "A listing says under which code a product is billed. It does not say that Medicare covers it or pays for it."
)


@documented_check
class Checks(ReadView):
    http_method_names = ["post", "options"]

    def post(self, request: Request) -> Response:
        try:
            given, instant = _given(request)
            lines = _lines(given)
            take_lines(address=address_of(request), count=len(lines))
        except Refused as refused:
            return refused.answer
        except TooManyLines as error:
            return too_many_lines(error)
        answered = check_lines(lines, as_published=instant)
        days = [line.day for line in lines]
        citations = citations_of(zip(answered, days, strict=True), site=site_of(request), as_published=instant)
        results = [
            {"ref": line.ref or None, "answer": said.answer, "reasons": said.reasons, "citations": cited}
            for line, said, cited in zip(lines, answered, citations, strict=True)
        ]
        return Response({"results": results, "notice": LISTED_IS_NOT_COVERED})


def _given(request: Request) -> tuple[list[Any], datetime | None]:
    """The lines of the body, as they are, and the instant whose list is asked; None for now. Raises Refused."""
    kind = media_type_of(request)
    if kind and kind != "application/json" and not kind.endswith("+json"):
        detail = f"The body is sent as “{kind[:60]}”. Send JSON, with the header Content-Type: application/json."
        raise Refused(problem(415, "Not JSON", detail))
    hint = f" For many lines POST to {_jobs_address(request)}."
    refuse_large(request, hint=hint)
    try:
        body = request.data
    except RequestDataTooBig as error:
        most = settings.DATA_UPLOAD_MAX_MEMORY_SIZE / 1024 / 1024
        raise Refused(problem(413, "Body too large", f"At most {most:g} MB are read at once.{hint}")) from error
    except (ParseError, UnicodeDecodeError, RecursionError) as error:
        raise Refused(problem(400, "Not JSON", f"The body cannot be read as JSON: {error}"[:300])) from error
    lines = body.get("lines") if isinstance(body, dict) else body
    if isinstance(body, dict) and (unknown := set(body) - {"lines", "as_published"}):
        name = shown(min(unknown))
        raise Refused(problem(400, "Unknown field", f'There is no field “{name}”. Give {{"lines": […]}}.'))
    instant = instant_told(body.get("as_published")) if isinstance(body, dict) else None
    if not isinstance(lines, list) or not lines:
        raise Refused(problem(400, "No lines", 'Give {"lines": [{"code": "K1007", "date_of_service": "2024-06-01"}]}.'))
    if len(lines) > MOST_LINES:
        detail = f"{len(lines):,} lines were given; {MOST_LINES:,} are answered at once. "
        raise Refused(
            problem(400, "Too many lines", detail + f"Send several requests, or POST to {_jobs_address(request)}.")
        )
    return lines, instant


def _jobs_address(request: Request) -> str:
    jobs = f"{site_of(request)}{reverse('api:check_jobs')}"
    return f"{jobs}, where up to 100,000 lines are checked as a job"


def _lines(given: list[Any]) -> list[Line]:
    """Raises Refused with every line that cannot be read, up to MOST_FAULTS."""
    lines: list[Line] = []
    faults: list[dict[str, Any]] = []
    for number, each in enumerate(given, start=1):
        try:
            lines.append(_line(each))
        except Faults as error:
            faults += [{"line": number, "field": field, "detail": said} for field, said in error.fields.items()]
    if faults:
        raise lines_refused(faults)
    return lines


def _line(given: Any) -> Line:
    if not isinstance(given, dict):
        raise Faults({"": "Give an object with code and date_of_service."})
    if unknown := [name for name in given if name not in FIELDS]:
        raise Faults({shown(unknown[0]): no_such_field()})
    return read_line(given)
