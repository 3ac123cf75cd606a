"""What our own writer of workbooks puts into a cell is what openpyxl, and so Excel, reads there."""

import io
from datetime import date, datetime
from typing import Any

import pytest
from django.db.models import BooleanField, DateField, IntegerField, TextField, Value
from openpyxl import load_workbook

from hcpcs.models import Code
from pcl.queries.column import Column, ColumnKind
from pcl.queries.sheet_xml import MOST_CHARACTERS
from pcl.queries.workbook import write_workbook
from tests.factories.register import make_code

pytestmark = pytest.mark.django_db
FIELDS: dict[ColumnKind, Any] = {
    ColumnKind.DAY: DateField(),
    ColumnKind.INTEGER: IntegerField(),
    ColumnKind.FLAG: BooleanField(),
}
CELLS: list[tuple[ColumnKind, Any, Any]] = [
    (ColumnKind.TEXT, "plain", "plain"),
    (ColumnKind.TEXT, " blanks  within ", " blanks  within "),
    (ColumnKind.TEXT, "a & b < c > d", "a & b < c > d"),
    (ColumnKind.TEXT, "]]>", "]]>"),
    (ColumnKind.TEXT, "tab\tline\nback\\slash\r.", "tab\tline\nback\\slash\r."),
    (ColumnKind.TEXT, "\\N", "\\N"),
    (ColumnKind.TEXT, "=1+1", "=1+1"),
    (ColumnKind.TEXT, "a\x01\x0bb\ufffe", "ab"),
    (ColumnKind.TEXT, "Ösküř 電動 😀", "Ösküř 電動 😀"),
    # Excel takes _x0041_ for “A”; this is how one says that it is meant as it stands.
    (ColumnKind.TEXT, "_x0041_ _x004 _", "_x005F_x0041_ _x004 _"),
    (ColumnKind.TEXT, "y" * MOST_CHARACTERS, "y" * MOST_CHARACTERS),
    (ColumnKind.TEXT, "", None),
    (ColumnKind.TEXT, None, None),
    (ColumnKind.INTEGER, -7, -7),
    (ColumnKind.INTEGER, 0, 0),
    # Excel knows fifteen digits.
    (ColumnKind.INTEGER, 2**60, str(2**60)),
    (ColumnKind.DAY, date(2024, 2, 29), date(2024, 2, 29)),
    (ColumnKind.DAY, date(1900, 3, 1), date(1900, 3, 1)),
    # Before, Excel counts a day that never was.
    (ColumnKind.DAY, date(1900, 2, 28), "1900-02-28"),
    (ColumnKind.FLAG, True, True),
    (ColumnKind.FLAG, False, False),
]


def test_a_cell_says_what_it_was_given() -> None:
    make_code("K1007")
    columns = [
        Column(f"column {place}", "M.", Value(given, output_field=FIELDS.get(kind, TextField())), kind=kind)  # type: ignore[arg-type]
        for place, (kind, given, _) in enumerate(CELLS)
    ]
    file = io.BytesIO()

    assert write_workbook(file, Code.objects.order_by("pk"), columns, title="Cells & more") == 1

    book = load_workbook(file)
    (sheet,) = book.worksheets
    assert (sheet.title, sheet.freeze_panes) == ("Cells & more", "A2")
    header, row = sheet.iter_rows()
    assert [cell.value for cell in header] == [f"column {place}" for place in range(len(CELLS))]
    assert {cell.font.bold for cell in header} == {True}
    told = [cell.value.date() if isinstance(cell.value, datetime) else cell.value for cell in row]
    assert told == [meant for _, _, meant in CELLS]
    assert [cell.data_type for cell in row][6] == "s"
    assert {cell.number_format for cell in row if isinstance(cell.value, datetime)} == {"yyyy\\-mm\\-dd"}
