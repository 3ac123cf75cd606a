"""The rows of a CSV or a workbook, whatever its encoding, delimiter or make."""

import csv
import io
import re
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from typing import Any

import python_calamine

from hcpcs.parsing.record import ReleaseFileError
from hcpcs.parsing.sheet_size import TableSize, parts_of
from pcl.errors import RegisterError

DELIMITERS = (",", "\t", ";", "|")
_SNIFFED_LINES = 20
_SNIFFED_CHARACTERS = 1024 * 1024
# A table has room for every cell up to the last one, so that a cell far out costs as much as a full sheet: no column
# beyond AZ, no row beyond 110,000.
_FAR_OUT = re.compile(
    rb"""\br\s*=\s*["'](?:[A-Z]{3,}\d+|[B-Z][A-Z]\d+|[A-Z]{0,2}0*(?:\d{7,}|1[1-9]\d{4}|[2-9]\d{5}))["']""",
    re.IGNORECASE,
)
_COLUMNS, _ROWS = 52, 110_000
_MOST_CELLS = _COLUMNS * _ROWS
_MOST_UNPACKED = 400 * 1024 * 1024
_MOST_TEXT = 200 * 1024 * 1024
_TOO_LARGE = (
    f"The file has more than {_ROWS:,} rows or {_MOST_CELLS:,} cells; at most 100,000 rows are read at once. Keep only "
    "the columns and rows that are needed, or split the file."
)
_UNPACKS_TO_TOO_MUCH = "The workbook unpacks to too much. Split it, or save it as CSV."
_OLD_WORKBOOK = b"\xd0\xcf\x11\xe0"

Cells = list[Any]


def rows_of(content: bytes) -> list[tuple[int, Cells]]:
    """The rows that are not empty, each with its number as a spreadsheet counts. Raises RegisterError."""
    if content.startswith(b"PK"):
        rows: Iterable[Cells] = _workbook(content)
    elif content.startswith((_OLD_WORKBOOK, b"%PDF")):
        raise RegisterError("This kind of file cannot be read. Save it as CSV or as an Excel workbook (.xlsx).")
    else:
        rows = _csv(text_of(content))
    filled: list[tuple[int, Cells]] = []
    for number, cells in enumerate(rows, start=1):
        if any(cell not in {"", None} for cell in cells):
            filled.append((number, cells))
            if len(filled) > _ROWS:
                raise RegisterError(_TOO_LARGE)
    return filled


def text_of(content: bytes) -> str:
    """UTF-8 with or without a byte order mark, UTF-16, or else what Windows writes (cp1252)."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return _decoded(content, "utf-16")
    if content[1:200:2].count(0) > content[:200:2].count(0) + 20:
        return _decoded(content, "utf-16-le")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return _decoded(content, "cp1252")


def _decoded(content: bytes, encoding: str) -> str:
    try:
        return content.decode(encoding)
    except UnicodeDecodeError as error:
        raise RegisterError("The file is not text that can be read. Save it as CSV (UTF-8) or as .xlsx.") from error


def _csv(text: str) -> Iterator[Cells]:
    # Excel's own hint in the first line.
    hint = re.match(r"sep=(.)\r?\n", text)
    delimiter = hint[1] if hint else _delimiter(text)
    if "\x00" in text:
        raise RegisterError("The file is not text that can be read. Save it as CSV (UTF-8) or as .xlsx.")
    # Line breaks may stand within texts.
    if text.count(delimiter) > _MOST_CELLS or max(text.count("\n"), text.count("\r")) > 10 * _ROWS:
        raise RegisterError(_TOO_LARGE)
    try:
        for number, cells in enumerate(csv.reader(_lines(text), delimiter=delimiter)):
            yield [] if hint and not number else [cell.strip() for cell in cells]
    except csv.Error as error:
        raise RegisterError(f"The file cannot be read as CSV: {error}. Is a quotation mark left open?") from error


def _lines(text: str) -> io.TextIOWrapper:
    """With their ends. (io.StringIO would take four bytes for each character.)"""
    return io.TextIOWrapper(io.BytesIO(text.encode()), encoding="utf-8", newline="")


def _delimiter(text: str) -> str:
    """The one that parts the first lines into most cells."""
    lines = text[:_SNIFFED_CHARACTERS].splitlines()[:_SNIFFED_LINES]

    def cells(delimiter: str) -> int:
        try:
            return sum(len(row) for row in csv.reader(lines, delimiter=delimiter))
        except csv.Error:
            return 0

    return max(DELIMITERS, key=cells)


def _workbook(content: bytes) -> list[Cells]:
    """The first sheet that holds anything; a hidden one only where those in sight hold nothing."""
    try:
        _refuse_bomb(content)
        book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(content))
        for place in _sheets(book):
            rows = book.get_sheet_by_index(place).to_python(skip_empty_area=False)
            if any(any(cell != "" for cell in row) for row in rows):
                return [[_cell(value) for value in row] for row in rows]
    except (RegisterError, KeyboardInterrupt, SystemExit):
        raise
    # calamine has a class of its own for every part of the file that can be damaged; its panics are no Exception.
    except BaseException as error:
        raise RegisterError("It cannot be opened as a workbook. Save it again as .xlsx, or as CSV.") from error
    return []


def _sheets(book: python_calamine.CalamineWorkbook) -> list[int]:
    """Places of the sheets with cells, those in sight first."""
    sheets = [
        (sheet.visible != python_calamine.SheetVisibleEnum.Visible, place)
        for place, sheet in enumerate(book.sheets_metadata)
        if sheet.typ == python_calamine.SheetTypeEnum.WorkSheet
    ]
    return [place for _, place in sorted(sheets)]


def _cell(value: Any) -> Any:
    if isinstance(value, str):
        return value.strip()
    # A number that somebody typed as a model number: 12345, not 12345.0. Days stay what they are, or may yet be days.
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _refuse_bomb(content: bytes) -> None:
    size = TableSize()

    def parts() -> Iterator[bytes]:
        return parts_of(book, packed=len(content), most=_MOST_UNPACKED, too_much=_UNPACKS_TO_TOO_MUCH)

    try:
        with zipfile.ZipFile(io.BytesIO(content)) as book:
            names = set(book.namelist())
            # A binary workbook, or one of OpenDocument, which says how often a cell is repeated.
            if len(book.infolist()) > 1000 or names & {"xl/workbook.bin", "content.xml"}:
                raise RegisterError("This kind of workbook cannot be read. Save it as .xlsx, or as CSV.")
            for part in parts():
                size.look_at(part)
                if size.widest > _COLUMNS or size.rows > _ROWS or (b"sheetData" in part and _FAR_OUT.search(part)):
                    raise RegisterError(
                        "The workbook has cells beyond column AZ or row 110,000. Keep only the columns and rows that "
                        "are to be checked, at most 100,000."
                    )
            if size.has_texts_beyond(_MOST_TEXT, parts):
                raise RegisterError(_UNPACKS_TO_TOO_MUCH)
    except ReleaseFileError as error:
        raise RegisterError(_UNPACKS_TO_TOO_MUCH) from error
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError) as error:
        if isinstance(error, RegisterError):
            raise
        raise RegisterError("It cannot be opened as a workbook. Save it again as .xlsx, or as CSV.") from error
