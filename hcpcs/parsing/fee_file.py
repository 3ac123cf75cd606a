"""The lines of a fee schedule's file, whether it came as CSV, as text, as a workbook or in CMS's archive."""

import csv
import hashlib
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO, StringIO
from pathlib import Path

import python_calamine

# CMS's file of April 2025 has 2.4 MB. Also the most that anything in an archive may unpack to.
LARGEST_FILE = 50 * 1024 * 1024
# In CMS's archive: DMEPOS25_APR.csv beside the same as .xlsx and .txt, DMEPEN25_APR.csv, rural ZIP codes, a read-me.
_MEMBER = re.compile(r"(?:^|/)DMEPOS[^/]*\.(?P<kind>csv|xlsx|txt)$", re.IGNORECASE)
_PREFERRED = ("csv", "xlsx", "txt")
_HEADER = re.compile(r'^\s*"?\s*HCPCS?\s*"?\s*(?P<delimiter>[,;\t|~])', re.IGNORECASE | re.MULTILINE)
_RELEASE_LINE = re.compile(r"^(?: {3}[A-Z0-9]{2}|[A-Z0-9]{5})\d{5}[3478].{281,}$", re.MULTILINE)

# The number of a line, counted from 1 as editors and spreadsheets do, and its cells.
Line = tuple[int, list[str]]


class FeeFileError(Exception):
    """The file as a whole cannot be taken as a fee schedule. The message says why, to whoever chose the file."""


@dataclass(frozen=True)
class FeeFile:
    name: str
    sha256: str
    content: bytes


def read_fee_file(path: Path) -> FeeFile:
    """The file, or the fee schedule in the archive. Raises FeeFileError when it cannot be read or is too large."""
    try:
        if path.stat().st_size > LARGEST_FILE:
            raise _too_large()
        content = path.read_bytes()
    except OSError as error:
        raise FeeFileError(f"It cannot be read: {error.strerror or error}.") from error
    if not content.strip():
        raise FeeFileError("It is empty.")
    name = path.name
    if content.startswith(b"PK"):
        name, content = _unpacked(name, content)
    return FeeFile(name, hashlib.sha256(content).hexdigest(), content)


def lines_of(file: FeeFile) -> list[Line]:
    """Every line with its cells. By content, not by the name's ending. Raises FeeFileError for other kinds of files."""
    if file.content.startswith(b"PK"):
        return _workbook_lines(file.content)
    if file.content.startswith(b"%PDF"):
        raise FeeFileError("It is a PDF. Choose CMS's CSV file or workbook.")
    if b"\x00" in file.content:
        raise FeeFileError("It holds binary data, so it is not CMS's CSV file.")
    text = _decoded(file.content)
    header = _HEADER.search(text)
    if header is None:
        if _RELEASE_LINE.search(text):
            raise FeeFileError("It is a HCPCS Level II release, not a fee schedule. Load it with import_hcpcs.")
        raise FeeFileError("It has no header row that begins with HCPCS, so it is not CMS's fee schedule.")
    return list(_text_lines(text, header["delimiter"]))


def _unpacked(name: str, content: bytes) -> tuple[str, bytes]:
    """The archive's fee schedule; a workbook, which is an archive, too, as it is."""
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            members = archive.infolist()
            if any(member.filename == "[Content_Types].xml" for member in members):
                if sum(member.file_size for member in members) > LARGEST_FILE:
                    raise _too_large()
                return name, content
            member = _fee_member(members)
            with archive.open(member) as opened:
                # One byte more than may be there, whatever size the archive says that it has.
                unpacked = opened.read(LARGEST_FILE + 1)
    except (zipfile.BadZipFile, RuntimeError, NotImplementedError, EOFError, OSError) as error:
        raise FeeFileError(f"It cannot be opened as an archive: {error}.") from error
    if len(unpacked) > LARGEST_FILE:
        raise _too_large()
    if not unpacked.strip():
        raise FeeFileError(f"{member.filename} in it is empty.")
    return Path(member.filename).name, unpacked


def _fee_member(members: list[zipfile.ZipInfo]) -> zipfile.ZipInfo:
    found = [(match, member) for member in members if (match := _MEMBER.search(member.filename))]
    if not found:
        raise FeeFileError("No file in the archive is named like DMEPOS25_APR.csv, so it holds no fee schedule.")
    kind = min((match["kind"].lower() for match, _ in found), key=_PREFERRED.index)
    fitting = [member for match, member in found if match["kind"].lower() == kind]
    if len(fitting) > 1:
        names = ", ".join(member.filename for member in fitting)
        raise FeeFileError(f"The archive holds several fee schedules ({names}). Unpack it and load them one by one.")
    return fitting[0]


def _too_large() -> FeeFileError:
    return FeeFileError(f"It has more than {LARGEST_FILE // 1024 // 1024} MB, so it is no fee schedule.")


def _decoded(content: bytes) -> str:
    for encoding in ("utf-8-sig", "cp1252"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    return content.decode("latin-1")


def _text_lines(text: str, delimiter: str) -> Iterator[Line]:
    reader = csv.reader(StringIO(text, newline=""), delimiter=delimiter)
    begins = 1
    try:
        for cells in reader:
            yield begins, [cell.strip() for cell in cells]
            begins = reader.line_num + 1
    except csv.Error as error:
        raise FeeFileError(f"Line {begins} cannot be parted into cells: {error}.") from error


def _workbook_lines(content: bytes) -> list[Line]:
    try:
        book = python_calamine.CalamineWorkbook.from_filelike(BytesIO(content))
        sheets = [
            book.get_sheet_by_index(index).to_python(skip_empty_area=False) for index in range(len(book.sheet_names))
        ]
    except Exception as error:  # calamine has a class of its own for every part of the file that can be damaged
        raise FeeFileError(f"It cannot be opened as a workbook: {error}.") from error
    for rows in sheets:
        lines = [(number, [_as_text(cell) for cell in row]) for number, row in enumerate(rows, start=1)]
        if any(cells and cells[0].upper() in {"HCPC", "HCPCS"} for _, cells in lines):
            return lines
    raise FeeFileError("No sheet of the workbook has a header row that begins with HCPCS.")


def _as_text(cell: object) -> str:
    # Seven digits after the point at most: a spreadsheet's 25.19 may be 25.190000000000001.
    return f"{cell:.7f}".rstrip("0").rstrip(".") if isinstance(cell, float) else str(cell).strip()
