"""The lines of a check job, from JSON, NDJSON, CSV or a workbook. What looks like data of patients is dropped."""

import json
from collections.abc import Callable
from datetime import datetime
from typing import Any

from rest_framework.request import Request

from pcl.api.check_body import Refused, instant_told, lines_refused, media_type_of, no_such_field, refuse_large, shown
from pcl.api.problems import problem
from pcl.errors import RegisterError
from pcl.queries.check.line import FIELDS
from pcl.queries.check_file.columns import Columns, lines_of
from pcl.queries.check_file.patients import header_is_of_a_patient
from pcl.queries.check_file.rows import Cells, rows_of
from pcl.services.check_batches import MOST_LINES

Rows = list[tuple[int, Cells]]
Lines = list[tuple[int, dict[str, str]]]
# The second: what JSON says in `as_published`.
Body = tuple[Rows, Any]
WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
NEEDED = ("code", "date_of_service")
EXAMPLE = '{"code": "K1007", "date_of_service": "2024-06-01"}'
# Above the lines of a file may stand a header and some notes.
_ABOVE = 20
# A line may have line breaks or brackets within its texts; a body of ten times as many is made to fill memory.
_MOST_MARKS = 10 * MOST_LINES
# Values of all lines together, and names of fields; what looks like data of patients comes on top of FIELDS.
_MOST_VALUES = 25 * MOST_LINES
_MOST_NAMES = 100
_HALF_A_CHARACTER = dict.fromkeys(range(0xD800, 0xE000), "\x00")


def content_of(request: Request) -> tuple[str, bytes]:
    """Media type and bytes. Raises Refused where it is too large or none of READERS."""
    kind = media_type_of(request) or "application/json"
    if kind.endswith("+json"):
        kind = "application/json"
    if kind not in READERS:
        detail = f"The body is sent as “{kind[:60]}”. Say what it is in the header Content-Type: {', '.join(READERS)}."
        raise Refused(problem(415, "Not a kind of body that is read", detail))
    refuse_large(request, hint=" Split the lines into several jobs.")
    return kind, request.read()


def lines_in(kind: str, content: bytes) -> tuple[Columns, Lines, datetime | None]:
    """How the columns were read, each line's row and texts by the names of FIELDS, and the instant that JSON names.

    Raises Refused.
    """
    rows, as_published = READERS[kind](content)
    instant = instant_told(as_published)
    try:
        columns, lines = lines_of(rows)
    except RegisterError as error:
        raise Refused(problem(400, "Lines that cannot be read", str(error))) from error
    if not lines:
        raise Refused(problem(400, "No lines", "There is no line below the names of the columns."))
    _refuse_too_many(len(lines))
    return columns, lines, instant


def _in_json(content: bytes) -> Body:
    _refuse_bulky(content, b"{", b"[")
    _refuse_values(content)
    as_published: Any = None
    body: Any = _parsed(content)
    if isinstance(body, dict):
        if unknown := set(body) - {"lines", "as_published"}:
            name = shown(min(unknown))
            raise Refused(problem(400, "Unknown field", f'There is no field “{name}”. Give {{"lines": […]}}.'))
        body, as_published = body.get("lines"), body.get("as_published")
    if not isinstance(body, list) or not body:
        raise Refused(problem(400, "No lines", f'Give {{"lines": [{EXAMPLE}]}}.'))
    return _table(body), as_published


def _in_ndjson(content: bytes) -> Body:
    _refuse_bulky(content, b"\n", b"{", b"[")
    _refuse_values(content)
    texts = [text for text in content.split(b"\n") if text.strip()]
    if not texts:
        raise Refused(problem(400, "No lines", f"Give one object in each line: {EXAMPLE}"))
    _refuse_too_many(len(texts))
    return _table([_parsed(text, line=number) for number, text in enumerate(texts, start=1)]), None


def _parsed(content: bytes, *, line: int = 0) -> Any:
    try:
        return json.loads(content.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        said = f"{'Line ' + str(line) if line else 'The body'} cannot be read as JSON: {error}"
        raise Refused(problem(400, "Not JSON", said[:300])) from error


def _table(given: list[Any]) -> Rows:
    """The objects as rows below a header, as a file would have them. Raises Refused with every line at fault."""
    _refuse_too_many(len(given))
    faults = [
        {"line": number, "field": shown(field), "detail": said}
        for number, each in enumerate(given, start=1)
        for field, said in _faults(each).items()
    ]
    if faults:
        raise lines_refused(faults)
    names = list(dict.fromkeys(name for each in given for name in each))
    if len(names) > _MOST_NAMES:
        detail = f"The lines have {len(names):,} different fields. Give those that are known here: {', '.join(FIELDS)}."
        raise Refused(problem(400, "Too many fields", detail))
    if missing := [name for name in NEEDED if name not in names]:
        raise lines_refused([{"line": 1, "field": name, "detail": f"Give it: {EXAMPLE}."} for name in missing])
    header: Cells = [shown(name) for name in names]
    return [
        (0, header),
        *((number, [_cell(each.get(name)) for name in names]) for number, each in enumerate(given, start=1)),
    ]


def _faults(each: Any) -> dict[str, str]:
    if not isinstance(each, dict):
        return {"": "Give an object with code and date_of_service."}
    if len(each) > _MOST_NAMES:
        return {"": f"This line has {len(each):,} fields. Give those that are known here: {', '.join(FIELDS)}."}
    faults = {}
    for name, value in each.items():
        if name not in FIELDS:
            if not header_is_of_a_patient(name):
                faults[name] = no_such_field()
        elif value is not None and not isinstance(value, str):
            faults[name] = "Give a text, in quotation marks."
    return faults


def _cell(value: Any) -> str:
    """Of JSON half a character may be left; NUL instead, which no line may hold and which the line's fault tells."""
    return value.strip().translate(_HALF_A_CHARACTER) if isinstance(value, str) else ""


def _in_a_file(content: bytes) -> Body:
    _refuse_bulky(content, b"\n", b"\r")
    rows = rows_of(content)
    _refuse_too_many(len(rows), most=MOST_LINES + _ABOVE)
    return rows, None


def _refuse_bulky(content: bytes, *marks: bytes) -> None:
    """Before anything is made of it."""
    _refuse_too_many(max(map(content.count, marks)), most=_MOST_MARKS)


def _refuse_values(content: bytes) -> None:
    """Before anything is made of JSON. A text may hold some of these signs, too."""
    count = max(content.count(b":"), content.count(b","))
    if count > _MOST_VALUES:
        detail = f"There are some {count:,} values in the body; at most {_MOST_VALUES:,} are read. Send several jobs."
        raise Refused(problem(400, "Too many values", detail))


def _refuse_too_many(count: int, *, most: int = MOST_LINES) -> None:
    if count > most:
        detail = f"{count:,} lines were given; at most {MOST_LINES:,} are checked in one job. Send several."
        raise Refused(problem(400, "Too many lines", detail))


READERS: dict[str, Callable[[bytes], Body]] = {
    "application/json": _in_json,
    "application/x-ndjson": _in_ndjson,
    "text/csv": _in_a_file,
    WORKBOOK: _in_a_file,
}
