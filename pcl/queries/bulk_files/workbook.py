"""Rows as an Excel workbook, written row by row."""

from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import date
from typing import IO, Any

from django.db.models import QuerySet
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

from pcl.queries.column import Column, ColumnKind

# What Excel can hold: https://support.microsoft.com/office/excel-specifications-and-limits
MOST_ROWS = 1_048_576
MOST_CHARACTERS = 32_767
CUT = " … (longer than a cell of Excel can hold; the other files have it whole)"
_AT_ONCE = 5000


def write_workbook(file: IO[bytes], rows: QuerySet[Any], columns: Sequence[Column], *, title: str) -> int:
    """Returns how many rows there are. Where one sheet cannot hold them, "title 2" goes on, with a header, too."""
    book = Workbook(write_only=True)
    try:
        count = _write_rows(book, rows, columns, title=title)
        book.save(file)
    except BaseException:
        _throw_away(book)
        raise
    return count


def _write_rows(book: Any, rows: QuerySet[Any], columns: Sequence[Column], *, title: str) -> int:
    header = [column.name for column in columns]
    readings = [_READINGS.get(column.kind) for column in columns]
    count, sheet = 0, _sheet(book, title, header)
    for row in rows.values_list(*[column.cell for column in columns]).iterator(chunk_size=_AT_ONCE):
        if count and count % (MOST_ROWS - 1) == 0:
            sheet = _sheet(book, f"{title} {count // (MOST_ROWS - 1) + 1}", header)
        sheet.append([_cell(sheet, read, value) for read, value in zip(readings, row, strict=True)])
        count += 1
    return count


def _throw_away(book: Any) -> None:
    """openpyxl keeps what was written so far in the temporary folder until the process ends; a worker does not end."""
    for sheet in book.worksheets:
        with suppress(Exception):
            sheet.close()
        with suppress(Exception):
            sheet._writer.cleanup()  # noqa: SLF001  # it has no other way


def _sheet(book: Workbook, title: str, header: list[str]) -> Any:
    sheet = book.create_sheet(title)
    sheet.freeze_panes = "A2"
    sheet.append(header)
    return sheet


_READINGS: dict[ColumnKind, Callable[[str], Any]] = {
    ColumnKind.DAY: lambda said: date.fromisoformat(said) if isinstance(said, str) else said,
    ColumnKind.FLAG: lambda said: said == "true",
}


def _cell(sheet: Any, read: Callable[[str], Any] | None, value: Any) -> Any:
    if value is None or value == "":
        return None
    if read is not None:
        return read(value)
    if not isinstance(value, str):
        return value
    text = ILLEGAL_CHARACTERS_RE.sub("", value)
    if len(text) > MOST_CHARACTERS:
        text = text[: MOST_CHARACTERS - len(CUT)] + CUT
    if not text.startswith("="):
        return text
    # openpyxl would take it for a formula.
    cell = WriteOnlyCell(sheet, value=text)
    cell.data_type = "s"
    return cell
