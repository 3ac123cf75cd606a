"""A workbook that is sent while it is written opens, and says what was put in."""

import io

import openpyxl
import python_calamine

from pcl.queries.column import ColumnKind
from pcl.queries.sheet_xml import CUT, MOST_CHARACTERS
from pcl.queries.workbook import workbook_pieces

KINDS = {"row": ColumnKind.INTEGER, "text": ColumnKind.TEXT, "other": ColumnKind.TEXT}
HEADER = tuple(KINDS)
ROWS = [
    ("1", "=1+1", "<b>&amp; “quoted”</b>"),
    ("2", None, "two\nlines,  blanks "),
    ("-3", "", "bell\x07 \ufffe and 𝄞"),
    ("4", "x" * 40_000, "عربي"),
]


def whole(rows: list[tuple[str | None, ...]]) -> bytes:
    return b"".join(workbook_pieces(KINDS, iter(rows), title="A & B"))


def test_what_is_put_in_is_read_by_others() -> None:
    book = openpyxl.load_workbook(io.BytesIO(whole(ROWS)))
    sheet = book.active
    assert (book.sheetnames, sheet.freeze_panes) == (["A & B"], "A2")
    long = "x" * (MOST_CHARACTERS - len(CUT)) + CUT
    assert list(sheet.values) == [
        HEADER,
        (1, "=1+1", "<b>&amp; “quoted”</b>"),
        (2, None, "two\nlines,  blanks "),
        (-3, None, "bell  and 𝄞"),
        (4, long, "عربي"),
    ]
    # A text, which is no formula.
    assert sheet["B2"].data_type == "s"
    read = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(whole(ROWS))).get_sheet_by_index(0).to_python()
    assert read[1] == [1.0, "=1+1", "<b>&amp; “quoted”</b>"]


def test_many_rows_come_in_pieces() -> None:
    rows = [(str(number), f"text {number}", None) for number in range(1, 1201)]
    pieces = list(workbook_pieces(KINDS, iter(rows), title="Many"))
    assert len(pieces) == 4
    sheet = openpyxl.load_workbook(io.BytesIO(b"".join(pieces)), read_only=True).active
    assert [row[:2] for row in sheet.values] == [HEADER[:2], *((int(number), text) for number, text, _ in rows)]


def test_no_rows_are_a_header() -> None:
    assert list(openpyxl.load_workbook(io.BytesIO(whole([]))).active.values) == [HEADER]
