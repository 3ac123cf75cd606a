"""The forms in which a list is told: JSON in its envelope, a result a line, or a table."""

import csv
import io
import json
from collections.abc import Callable, Collection, Sequence
from typing import Any

from django.http import HttpResponse
from rest_framework.exceptions import NotAcceptable
from rest_framework.request import Request
from rest_framework.response import Response

from pcl.api.quick_json import QuickJSON
from pcl.csv_files import harmless
from pcl.queries.keyset import Row
from pcl.queries.parameters import choice_in

FORMS = {"json": "application/json", "ndjson": "application/x-ndjson", "csv": "text/csv"}


def form_of(request: Request) -> str:
    """`format` where it is given, else the best of what `Accept` names. Raises NotAcceptable where that is nothing."""
    if request.GET.get("format", "").strip():
        return choice_in(request.GET, "format", FORMS, default="json")
    ranges = [_range(part) for part in request.headers.get("Accept", "").split(",") if part.strip()]
    if not ranges:
        return "json"
    weights = {form: _weight_of(kind, ranges) for form, kind in FORMS.items()}
    best = max(FORMS, key=lambda form: weights[form])
    if not weights[best]:
        raise NotAcceptable(f"This list is told as {', '.join(FORMS.values())}. Ask for one of them, or for */*.")
    return best


def _range(part: str) -> tuple[str, float]:
    kind, *parameters = (each.strip().lower() for each in part.split(";"))
    weight = next((each[2:] for each in parameters if each.startswith("q=")), "1")
    try:
        return kind, float(weight)
    except ValueError:
        return kind, 0.0


def _weight_of(kind: str, ranges: Sequence[tuple[str, float]]) -> float:
    """By the most exact range that fits."""
    for fitting in (kind, f"{kind.partition('/')[0]}/*", "*/*"):
        if weights := [weight for each, weight in ranges if each == fitting]:
            return max(weights)
    return 0.0


def told_as(form: str, answer: Response, *, columns: Sequence[str], typed: Collection[str]) -> Response | HttpResponse:
    """The answer in that form, with its Link header. `typed` columns are those that people typed."""
    if form == "json":
        return answer
    write: Callable[[list[Row]], bytes] = _as_lines
    if form == "csv":

        def write(rows: list[Row]) -> bytes:
            return _as_table(rows, columns, typed)

    rows = answer.data["results"]
    told = HttpResponse(write(rows), content_type=f"{FORMS[form]}; charset=utf-8")
    told.rows_told = len(rows)  # type: ignore[attr-defined]  # for pcl.api.allowance
    if "Link" in answer:
        told["Link"] = answer["Link"]
    return told


def _as_lines(rows: list[Row]) -> bytes:
    render = QuickJSON().render
    return b"".join(render(row) + b"\n" for row in rows)


def _as_table(rows: list[Row], columns: Sequence[str], typed: Collection[str]) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(columns)
    for row in rows:
        writer.writerow([_cell(row[name], is_typed=name in typed) for name in columns])
    return text.getvalue().encode()


def _cell(value: Any, *, is_typed: bool) -> Any:
    if value is None:
        return ""
    if isinstance(value, dict | list):
        return json.dumps(value)
    return harmless(value) if is_typed else value
