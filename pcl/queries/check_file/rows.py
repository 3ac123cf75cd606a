"""The rows of a CSV or a workbook, whatever its encoding, delimiter or make."""

import csv
import io
import re
import zipfile
import zlib
from typing import Any

import python_calamine

from hcpcs.parsing.record import ReleaseFileError
from hcpcs.parsing.unpacking import read_with_care
from pcl.errors import RegisterError

DELIMITERS = (",", "\t", ";", "|")
_SNIFFED_LINES = 20
# A table has room for every cell up to the last one, so that a cell far out costs as much as a full sheet: no column
# beyond AZ, no row beyond 110,000.
_FAR_OUT = re.compile(
    rb"""\br\s*=\s*["'](?:[A-Z]{3,}\d+|[B-Z][A-Z]\d+|[A-Z]{0,2}0*(?:\d{7,}|1[1-9]\d{4}|[2-9]\d{5}))["']""",
    re.IGNORECASE,
)
_MOST_UNPACKED = 400 * 1024 * 1024
_OLD_WORKBOOK = b"\xd0\xcf\x11\xe0"

Cells = list[Any]


def rows_of(content: bytes) -> list[tuple[int, Cells]]:
    """The rows that are not empty, each with its number as a spreadsheet counts. Raises RegisterError."""
    if content.startswith(b"PK"):
        rows = _workbook(content)
    elif content.startswith((_OLD_WORKBOOK, b"%PDF")):
        raise RegisterError("This kind of file cannot be read. Save it as CSV or as an Excel workbook (.xlsx).")
    else:
        rows = _csv(text_of(content))
    numbered = enumerate(rows, start=1)
    return [(number, cells) for number, cells in numbered if any(cell not in {"", None} for cell in cells)]


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


def _csv(text: str) -> list[Cells]:
    # Excel's own hint in the first line.
    hint = re.match(r"sep=(.)\r?\n", text)
    delimiter = hint[1] if hint else _delimiter(text)
    if "\x00" in text:
        raise RegisterError("The file is not text that can be read. Save it as CSV (UTF-8) or as .xlsx.")
    try:
        rows: list[Cells] = [
            [cell.strip() for cell in cells] for cells in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
        ]
    except csv.Error as error:
        raise RegisterError(f"The file cannot be read as CSV: {error}. Is a quotation mark left open?") from error
    if hint:
        rows[0] = []
    return rows


def _delimiter(text: str) -> str:
    """The one that parts the first lines into most cells."""
    lines = text.splitlines()[:_SNIFFED_LINES]

    def cells(delimiter: str) -> int:
        try:
            return sum(len(row) for row in csv.reader(lines, delimiter=delimiter))
        except csv.Error:
            return 0

    return max(DELIMITERS, key=cells)


def _workbook(content: bytes) -> list[Cells]:
    """The first sheet that holds anything."""
    try:
        _refuse_bomb(content)
        book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(content))
        for index in range(len(book.sheet_names)):
            rows = book.get_sheet_by_index(index).to_python(skip_empty_area=False)
            if any(any(cell != "" for cell in row) for row in rows):
                return [[_cell(value) for value in row] for row in rows]
    except RegisterError:
        raise
    except Exception as error:  # calamine has a class of its own for every part of the file that can be damaged
        raise RegisterError("It cannot be opened as a workbook. Save it again as .xlsx, or as CSV.") from error
    return []


def _cell(value: Any) -> Any:
    if isinstance(value, str):
        return value.strip()
    # A number that somebody typed as a model number: 12345, not 12345.0. Days stay what they are, or may yet be days.
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _refuse_bomb(content: bytes) -> None:
    left = _MOST_UNPACKED
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as book:
            if len(book.infolist()) > 1000 or "xl/workbook.bin" in book.namelist():
                raise RegisterError("This kind of workbook cannot be read. Save it as .xlsx, or as CSV.")
            for info in book.infolist():
                with book.open(info) as opened:
                    part = read_with_care(opened, packed=min(info.compress_size, len(content)), name="A part")
                left -= len(part)
                if left < 0:
                    raise RegisterError("The workbook unpacks to too much. Split it, or save it as CSV.")
                if b"sheetData" in part and _FAR_OUT.search(part):
                    raise RegisterError(
                        "The workbook has cells beyond column AZ or row 110,000. Keep only the columns and rows that "
                        "are to be checked, at most 100,000."
                    )
    except ReleaseFileError as error:
        raise RegisterError("The workbook unpacks to too much. Split it, or save it as CSV.") from error
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError) as error:
        if isinstance(error, RegisterError):
            raise
        raise RegisterError("It cannot be opened as a workbook. Save it again as .xlsx, or as CSV.") from error
