"""What a body of lines to check must be, whether it is answered at once or as a job."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from pcl.api.problems import problem
from pcl.queries.check.line import FIELDS
from pcl.queries.published_instant import instant_from
from pcl.services.check_allowance import TooManyLines

# Of lines that cannot be read, so many are told of.
MOST_FAULTS = 100
BAD_LINES = "/data/#bad-lines"


class Refused(Exception):
    def __init__(self, answer: Response) -> None:
        super().__init__()
        self.answer = answer


def refuse_large(request: Request, *, hint: str = "") -> None:
    """Before anything of it is read. Raises Refused."""
    length = request.META.get("CONTENT_LENGTH") or "0"
    if length.isdecimal() and int(length) > settings.CHECK_MAX_BYTES:
        most = settings.CHECK_MAX_BYTES // 1024 // 1024
        raise Refused(problem(413, "Body too large", f"At most {most} MB are read.{hint}"))


def media_type_of(request: Request) -> str:
    return (request.content_type or "").partition(";")[0].strip().lower()


def too_many_lines(error: TooManyLines) -> Response:
    """429: so many lines have been asked for in the hour."""
    answer = problem(429, "Too many lines", str(error))
    answer["Retry-After"] = str(error.seconds)
    return answer


def lines_refused(faults: Sequence[dict[str, Any]]) -> Refused:
    """`faults` have `line`, `field` and `detail`; at least one of them."""
    first = faults[0]
    where = f"line {first['line']}" + (f", {first['field']}" if first["field"] else "")
    count = len({fault["line"] for fault in faults})
    more = "" if count == 1 else f" {count - 1:,} more lines cannot be read, either: see errors."
    answer = problem(400, "Lines that cannot be read", f"{where}: {first['detail']}{more}", kind=BAD_LINES)
    answer.data |= {"line": first["line"], "field": first["field"], "errors": list(faults[:MOST_FAULTS])}
    return Refused(answer)


def instant_told(given: Any) -> datetime | None:
    """The instant of a body's field `as_published`; None where it is left out. Raises Refused."""
    if given is None or given == "":
        return None
    try:
        return instant_from(str(given)[:60])
    except ValidationError as error:
        detail = f"as_published: {error.messages[0]}"
        raise Refused(problem(400, "Bad value of a field", detail, parameter="as_published")) from error


def shown(name: str) -> str:
    """The name of a field as it can be told: JSON can carry halves of characters, which no answer can."""
    return "".join(character for character in name[:60] if character.isprintable())


def no_such_field() -> str:
    return f"There is no such field. Known here: {', '.join(FIELDS)}."
