"""Tables that people take away as a file."""

import csv
import io
from collections.abc import Iterable, Iterator
from typing import Any

from django.forms import BaseForm
from django.http import HttpResponse

FORMULA_BEGINS = ("=", "+", "-", "@", "\t", "\r", "\n")


def csv_headers(name: str) -> dict[str, str]:
    """Of an answer that is the file `name`; its first line names the columns."""
    return {
        "Content-Type": "text/csv; charset=utf-8; header=present",
        "Content-Disposition": f'attachment; filename="{name}"',
    }


def csv_lines(rows: Iterable[Iterable[Any]]) -> Iterator[str]:
    """Cells that a spreadsheet would take for formulas get a leading apostrophe."""
    for row in rows:
        line = io.StringIO()
        csv.writer(line, lineterminator="\n").writerow(harmless(cell) for cell in row)
        yield line.getvalue()


def harmless(cell: Any) -> Any:
    """As pcl.queries.column has it in SQL."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(FORMULA_BEGINS) else cell


def faults_as_text(form: BaseForm) -> HttpResponse:
    """400, for who asked for a file and gets none: what is wrong with what was asked, a line each."""
    faults = [str(fault) for faults in form.errors.values() for fault in faults]
    return HttpResponse("\n".join(faults), status=400, content_type="text/plain; charset=utf-8")
