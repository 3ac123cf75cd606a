"""CMS's workbook (.xlsx, earlier .xls): one row per code under a header row, below disclaimers in some years."""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, timedelta
from functools import cache
from io import BytesIO
from typing import Any

import python_calamine

from hcpcs.models import LAYOUT_FIELDS, ReleaseRecord
from hcpcs.parsing.record import (
    CONTINUATIONS,
    FIRST_LINES,
    LayoutRecord,
    LineError,
    ParsedFile,
    RecordCollector,
    ReleaseFileError,
    squeezed,
    without_trailing_blanks,
)
from hcpcs.parsing.workbook_size import refuse_bomb

# Day 0 of a spreadsheet's serial dates, chosen by Lotus 1-2-3 with a leap day in 1900.
_SERIAL_EPOCH = date(1899, 12, 30)
_HIGHEST_SERIAL = 109_574  # 2199-12-31; a larger number is a date written as YYYYMMDD
_DAY_FORMATS = ("%Y%m%d", "%m/%d/%Y", "%Y-%m-%d")
_REQUIRED = (
    "HCPC",
    "RECID",
    "LONGDESCRIPTION",
    "SHORTDESCRIPTION",
    "PRICE1",
    "COV",
    "BETOS",
    "TOS1",
    "ADDDT",
    "ACTEFFDT",
    "TERMDT",
)
# Spellings of later files and of hand-made copies, and the spelling of 2019 that each stands for.
_ALIASES = {
    "HCPCS": "HCPC",
    "HCPCSCODE": "HCPC",
    "LONGDESC": "LONGDESCRIPTION",
    "SHORTDESC": "SHORTDESCRIPTION",
    "MULTIPI": "MULTPI",
    "COVERAGE": "COV",
    "ADDDATE": "ADDDT",
    "ACTEFFDATE": "ACTEFFDT",
    "TERMDATE": "TERMDT",
    "ACTIONCODE": "ACTIONCD",
    "RIC": "RECID",
}


def parse_workbook(content: bytes, *, progress: Callable[[int, int], None] | None = None) -> ParsedFile:
    """Read the bytes of a workbook; the first sheet that has a header row counts.

    Raises ReleaseFileError for a damaged workbook and for one of CMS's other workbooks (corrections, transactions).
    """
    refuse_bomb(content)
    try:
        book = python_calamine.CalamineWorkbook.from_filelike(BytesIO(content))
        sheets = [
            book.get_sheet_by_index(index).to_python(skip_empty_area=False) for index in range(len(book.sheet_names))
        ]
    except Exception as error:  # calamine has a class of its own for every part of the file that can be damaged
        raise ReleaseFileError(f"It cannot be opened as a workbook: {error}.") from error
    for rows in sheets:
        header = next((index for index, row in enumerate(rows) if _is_header(row)), None)
        if header is not None:
            return _parse_sheet(rows, header, progress)
    raise ReleaseFileError("No sheet of the workbook has a header row with a column HCPC.")


def _is_header(row: Sequence[Any]) -> bool:
    return "HCPC" in {_column(cell) for cell in row} and sum(bool(str(cell).strip()) for cell in row) > 1


def _column(cell: Any) -> str:
    name = re.sub(r"[^A-Z0-9]", "", str(cell).upper())
    return _ALIASES.get(name, name)


def _parse_sheet(rows: list[list[Any]], header: int, progress: Callable[[int, int], None] | None) -> ParsedFile:
    columns = {_column(cell): index for index, cell in reversed(list(enumerate(rows[header])))}
    missing = [name for name in _REQUIRED if name not in columns]
    if missing:
        raise ReleaseFileError(
            f"The workbook is not a release (a list of corrections or transactions?): no column {', '.join(missing)}."
        )
    collector = RecordCollector()
    collector.file.preamble_lines = header
    for number, cells in enumerate(rows[header + 1 :], start=header + 2):
        row = _Row(columns, cells)
        code, record_type = row.text("HCPC"), row.text("RECID")
        if not code and not row.text("LONGDESCRIPTION"):
            continue
        _take(collector, number, row, code, record_type)
        if progress and number % 1000 == 0:
            progress(number, len(rows))
    if progress:
        progress(len(rows), len(rows))
    return collector.finish()


class _Row:
    """A row's cells by the column's name, each as text or as a date. A column that the file lacks is blank."""

    def __init__(self, columns: Mapping[str, int], cells: Sequence[Any]) -> None:
        self._columns = columns
        self._cells = cells

    def cell(self, name: str) -> Any:
        index = self._columns.get(name)
        return "" if index is None or index >= len(self._cells) else self._cells[index]

    def text(self, name: str, *, digits: int = 0) -> str:
        """The text; of a number, padded to `digits` digits, since a spreadsheet drops leading zeros."""
        value = self.cell(name)
        if isinstance(value, float) and value.is_integer():
            return f"{int(value):0{digits}d}"
        return squeezed(str(value))

    def repeated(self, name: str, times: int, *, digits: int = 0) -> tuple[str, ...]:
        return without_trailing_blanks(self.text(f"{name}{index}", digits=digits) for index in range(1, times + 1))

    def day(self, name: str, called: str) -> date | None:
        value = self.cell(name)
        try:
            return _day(value)
        except ValueError as error:
            raise LineError(f"the {called} is {str(value)!r}, not a date") from error

    def units(self, name: str) -> int | None:
        text = self.text(name)
        if text and not text.isdecimal():
            raise LineError(f"the anesthesia base units are {text!r}, not a number")
        return int(text) if text else None


def _day(value: Any) -> date | None:
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    if isinstance(value, float):
        if value.is_integer() and 0 < value <= _HIGHEST_SERIAL:
            return _SERIAL_EPOCH + timedelta(days=int(value))
        value = f"{value:.0f}"
    text = str(value).strip()
    if text in {"", "0", "00000000"}:
        return None
    for form in _DAY_FORMATS:
        try:
            return datetime.strptime(text, form).date()  # noqa: DTZ007  # a calendar day, no instant
        except ValueError:
            continue
    raise ValueError(text)


def _take(collector: RecordCollector, number: int, row: _Row, code: str, record_type: str) -> None:
    if record_type in CONTINUATIONS:
        # The files of 2019 and 2023 have one such row, left over from the text file (G0503).
        collector.continuation(number, CONTINUATIONS[record_type], code, row.text("LONGDESCRIPTION"))
    elif record_type not in FIRST_LINES:
        collector.skip(number, f"the record type (RECID) is {record_type!r}, not 3, 4, 7 or 8")
    elif not re.fullmatch(r"[A-Z0-9]{5}|[A-Z0-9]{2}", code) or (len(code) == 2) != (record_type == "7"):
        collector.skip(number, f"{code!r} is not a {FIRST_LINES[record_type].label}")
    else:
        kind = FIRST_LINES[record_type]
        try:
            collector.first_line(number, _record(row, kind, code))
        except LineError as error:
            collector.unreadable(number, kind, code, str(error))


def _record(row: _Row, kind: str, code: str) -> LayoutRecord:
    record = LayoutRecord(
        kind=kind,
        code=code,
        # The workbook's column lacks the last digit: 0010 is 00100 in the text file.
        sequence_number=row.text("SEQNUM", digits=4).ljust(5, "0") if row.text("SEQNUM") else "",
        long_description=row.text("LONGDESCRIPTION"),
        short_description=row.text("SHORTDESCRIPTION"),
        pricing_indicators=row.repeated("PRICE", 4, digits=2),
        multiple_pricing_indicator=row.text("MULTPI"),
        cim_references=row.repeated("CIM", 3),
        mcm_references=row.repeated("MCM", 3),
        statute=row.text("STATUTE"),
        lab_certifications=row.repeated("LABCERT", 8, digits=3),
        cross_references=row.repeated("XREF", 5),
        coverage=row.text("COV"),
        asc_group=row.text("ASCGRP"),
        asc_effective=row.day("ASCDT", "ASC payment group effective date"),
        # What the layout calls MOG is called OPPS in the workbook.
        mog_group=row.text("OPPS"),
        mog_indicator=row.text("OPPSPI"),
        mog_effective=row.day("OPPSDT", "MOG payment group effective date"),
        processing_note=row.text("PROCNOTE"),
        betos=row.text("BETOS"),
        types_of_service=row.repeated("TOS", 5),
        anesthesia_base_units=row.units("ANESTBU"),
        added=row.day("ADDDT", "code added date"),
        action_effective=row.day("ACTEFFDT", "action effective date"),
        terminated=row.day("TERMDT", "termination date"),
        action_code=row.text("ACTIONCD"),
    )
    _check_lengths(record)
    return record


def _check_lengths(record: LayoutRecord) -> None:
    """A cell has no end, a field of the record layout has: what is longer stands in the wrong column."""
    for name, longest in _room().items():
        value = getattr(record, name)
        for each in value if isinstance(value, tuple) else (value,):
            if len(each) > longest:
                raise LineError(f"{name.replace('_', ' ')} {each!r} is longer than {longest} characters")


@cache
def _room() -> dict[str, int]:
    """Field name -> characters that the record layout has for it, or for each of its values."""
    room: dict[str, int] = {}
    for name in LAYOUT_FIELDS:
        field = ReleaseRecord._meta.get_field(name)  # noqa: SLF001  # Django's public `_meta`
        longest = getattr(getattr(field, "base_field", field), "max_length", None)
        if longest is not None:
            room[name] = longest
    return room
