"""Which release a file is, and which parser reads it."""

import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from hcpcs.models import FileFormat
from hcpcs.parsing.record import ParsedFile, ReleaseFileError
from hcpcs.parsing.text import parse_text
from hcpcs.parsing.unpacking import LARGEST_FILE
from hcpcs.parsing.workbook import parse_workbook

# CMS's names: HCPC2019_CONTR_ANWEB.txt, HCPC2025_OCT_ANWEB_v3.xlsx, HCPC2026_JUL_ANWEB_06172026.txt.
_NAME = re.compile(
    r"HCPC(?P<year>\d{4})_(?P<period>CONTR|JAN|APR|JUL|OCT)_ANWEB(?P<rest>[^/]*)\.(?:txt|xlsx?)$", re.IGNORECASE
)
_QUARTERS = {"JAN": 1, "APR": 2, "JUL": 3, "OCT": 4, "CONTR": None}
_REVISION = re.compile(r"_v(\d{1,4})", re.IGNORECASE)
_OTHER_MEMBERS = re.compile(
    r"correction|trans(?:action|report|_)|record_?layout|proc_?notes|noc.?codes|changes_?by", re.IGNORECASE
)
# Where a workbook of before 2007 (.xls) begins.
_OLD_WORKBOOK = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


@dataclass(frozen=True)
class ReleaseName:
    """What CMS's file name says. `quarter` is None for an annual file, all is None for a name of somebody's own."""

    year: int | None
    quarter: int | None
    revision: int


@dataclass(frozen=True)
class ReleaseFile:
    name: str
    sha256: str
    content: bytes


def release_name(file_name: str) -> ReleaseName:
    """Year, quarter and revision by the file's name. Raises ReleaseFileError for CMS's other files beside a release."""
    if _OTHER_MEMBERS.search(file_name):
        raise ReleaseFileError(
            "By its name it is one of the lists that CMS publishes beside a release. "
            "Choose the file whose name ends in _ANWEB, a revision and .txt or .xlsx."
        )
    found = _NAME.search(file_name)
    if found is None:
        return ReleaseName(None, None, 1)
    revision = _REVISION.search(found["rest"])
    return ReleaseName(int(found["year"]), _QUARTERS[found["period"].upper()], int(revision[1]) if revision else 1)


def read_release_file(path: Path) -> ReleaseFile:
    """The bytes of the file. Raises ReleaseFileError when it cannot be read, is empty or is too large."""
    try:
        if path.stat().st_size > LARGEST_FILE:
            raise ReleaseFileError(f"It is larger than {LARGEST_FILE // 1024 // 1024} MB, so it is no release.")
        content = path.read_bytes()
    except OSError as error:
        raise ReleaseFileError(f"It cannot be read: {error.strerror or error}.") from error
    if not content.strip():
        raise ReleaseFileError("It is empty.")
    return ReleaseFile(path.name, hashlib.sha256(content).hexdigest(), content)


def parse_release_file(
    file: ReleaseFile, *, progress: Callable[[int, int], None] | None = None
) -> tuple[FileFormat, ParsedFile]:
    """Read every record. By content, not by the name's ending: a renamed workbook is a workbook.

    Raises ReleaseFileError when the file as a whole is no release.
    """
    head = file.content[:8]
    if head.startswith(b"PK"):
        if b"xl/" not in file.content:
            raise ReleaseFileError("It is a zip archive. Unpack it and choose the file whose name contains _ANWEB.")
        return FileFormat.WORKBOOK, parse_workbook(file.content, progress=progress)
    if head == _OLD_WORKBOOK:
        return FileFormat.WORKBOOK, parse_workbook(file.content, progress=progress)
    if head.startswith(b"%PDF"):
        raise ReleaseFileError("It is a PDF. Choose CMS's text file or workbook.")
    return FileFormat.TEXT, parse_text(file.content, progress=progress)
