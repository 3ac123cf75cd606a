"""A list of codes as a file says it: CSV with the columns HCPCS and LCD, in any encoding that spreadsheets write."""

import codecs
import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from pcl.errors import RegisterError
from pcl.text import clean_text

MOST_LINES = 20_000
LONGEST_LCD = 200
_CODE = re.compile(r"[A-Z][0-9]{4}")
_CODE_COLUMNS = ("hcpcs", "hcpcs code", "code")
_LCD_COLUMNS = ("lcd", "policy", "group")
_BOMS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
# What other files begin with: zip (and so .xlsx), old .xls, PDF.
_NO_TEXT = {b"PK\x03\x04": "a workbook or an archive", b"\xd0\xcf\x11\xe0": "an old workbook", b"%PDF": "a PDF"}


@dataclass(frozen=True)
class ListedCode:
    line: int
    """Where it stands in the file; the heading is line 1."""
    code: str
    lcd: str


@dataclass(frozen=True)
class BadLine:
    line: int
    said: str
    why: str


@dataclass(frozen=True)
class ReadList:
    codes: list[ListedCode]
    bad: list[BadLine]


def decode_list(content: bytes) -> str:
    """The file's text: UTF-8, UTF-16 with or without its mark, or else Windows's cp1252.

    Raises RegisterError for what is no text.
    """
    for start, what in _NO_TEXT.items():
        if content.startswith(start):
            raise RegisterError(f"This is {what}, not a CSV file. Open it, save it as CSV, and choose that file.")
    encoding = next((name for mark, name in _BOMS if content.startswith(mark)), None) or _unmarked(content)
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError as error:
        raise RegisterError(
            "The file's text cannot be read in any encoding that spreadsheets write. Save it as “CSV UTF-8”."
        ) from error
    if "\x00" in text:
        raise RegisterError("The file holds binary data, so it is no CSV file. Save the list as “CSV UTF-8”.")
    return text


def _unmarked(content: bytes) -> str:
    """Of a file that does not say its encoding: every other byte of English in UTF-16 is NUL."""
    start = content[:200]
    if start[1::2].count(0) > len(start) // 4:
        return "utf-16-le"
    if start[0::2].count(0) > len(start) // 4:
        return "utf-16-be"
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        return "cp1252"
    return "utf-8"


def read_list(text: str) -> ReadList:
    """Each code once, with its line; what cannot be used is told by line, and the rest is read all the same.

    Raises RegisterError where there is no heading that names a column of codes, no line at all, or too many.
    """
    heading = text.partition("\n")[0]
    delimiter = max(",;\t", key=heading.count)
    rows = _numbered(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
    first = next(rows, None)
    names = [clean_text(cell).strip().casefold() for cell in (first[1] if first else [])]
    code_at = next((names.index(name) for name in _CODE_COLUMNS if name in names), None)
    if code_at is None:
        there = ", ".join(f"“{name[:40]}”" for name in names[:10] if name) or "nothing"
        raise RegisterError(
            f"The first line must name the columns, one of them HCPCS. It names {there}. Add a first line HCPCS,LCD."
        )
    lcd_at = next((names.index(name) for name in _LCD_COLUMNS if name in names), None)
    return _read(rows, code_at=code_at, lcd_at=lcd_at)


def _numbered(reader: Any) -> Iterator[tuple[int, list[str]]]:
    """Rows with the line on which each begins. Raises RegisterError where a quotation mark is never closed."""
    begins = 1
    while True:
        try:
            row = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise RegisterError(
                f"Line {begins} cannot be read as CSV: {error}. A quotation mark may be missing there."
            ) from error
        yield begins, row
        begins = reader.line_num + 1


def _read(rows: Iterator[tuple[int, list[str]]], *, code_at: int, lcd_at: int | None) -> ReadList:
    codes: list[ListedCode] = []
    bad: list[BadLine] = []
    seen: dict[str, int] = {}
    for line, row in rows:
        cells = [clean_text(cell).strip() for cell in row]
        if not any(cells):
            continue
        if len(codes) + len(bad) >= MOST_LINES:
            raise RegisterError(f"The file has more than {MOST_LINES:,} lines, so it is no list of codes.")
        code = (cells[code_at] if code_at < len(cells) else "").upper()
        lcd = " ".join(cells[lcd_at].split()) if lcd_at is not None and lcd_at < len(cells) else ""
        why = _fault(code, lcd, seen)
        if why:
            bad.append(BadLine(line, code[:40], why))
        else:
            seen[code] = line
            codes.append(ListedCode(line, code, lcd))
    if not codes and not bad:
        raise RegisterError("The file has a heading and nothing below it.")
    return ReadList(codes, bad)


def _fault(code: str, lcd: str, seen: dict[str, int]) -> str:
    if not code:
        return "There is no code on this line."
    if not _CODE.fullmatch(code):
        return "This is no HCPCS code: one letter and four digits, such as K1007."
    if code in seen:
        return f"The code stands on line {seen[code]} already."
    if len(lcd) > LONGEST_LCD:
        return f"The LCD has {len(lcd):,} characters; at most {LONGEST_LCD} can be kept."
    return ""
