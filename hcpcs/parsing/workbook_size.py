"""Refuses a workbook that would fill the memory of whoever opens it.

An .xlsx is a zip of XML. It is unpacked here piece by piece, as an archive is, before anything makes a table of it; and
since a table has room for every cell up to the last one, a cell far out costs as much as a bomb does.
"""

import re
import zipfile
import zlib
from collections.abc import Iterator
from io import BytesIO

from hcpcs.parsing.record import ReleaseFileError
from hcpcs.parsing.sheet_size import TableSize, parts_of
from hcpcs.parsing.unpacking import LARGEST_FILE, MOST_MEMBERS

# A release has 48 columns and some 9,000 rows. Up to here, a table takes 130 MB.
LAST_COLUMN = "CZ"
LAST_ROW = 39_999
_COLUMNS = 104
# `r="DA7"` or `r="B40000"`: a cell, or a row, beyond these.
_FAR_OUT = re.compile(
    rb"""\br\s*=\s*["'](?:[A-Z]{3,}\d+|[D-Z][A-Z]\d+|[A-Z]{0,2}0*(?:\d{6,}|[4-9]\d{4}))["']""", re.IGNORECASE
)
_TOO_MUCH = f"The workbook unpacks to more than {LARGEST_FILE // 1024 // 1024} MB, so it is no release."


def refuse_bomb(content: bytes) -> None:
    """Raises ReleaseFileError; does nothing for what is no .xlsx."""
    if not content.startswith(b"PK"):
        return
    size = TableSize()

    def parts() -> Iterator[bytes]:
        return parts_of(book, packed=len(content), most=LARGEST_FILE, too_much=_TOO_MUCH)

    try:
        with zipfile.ZipFile(BytesIO(content)) as book:
            if len(book.infolist()) > MOST_MEMBERS:
                raise ReleaseFileError(f"The workbook has more than {MOST_MEMBERS:,} parts, so it is no release.")
            if "xl/workbook.bin" in book.namelist():
                raise ReleaseFileError("It is a binary workbook (.xlsb). Choose CMS's text file or .xlsx.")
            if "content.xml" in book.namelist():
                raise ReleaseFileError("It is a workbook of OpenDocument (.ods). Choose CMS's text file or .xlsx.")
            for part in parts():
                size.look_at(part)
                if size.widest > _COLUMNS or size.rows > LAST_ROW or (b"sheetData" in part and _FAR_OUT.search(part)):
                    raise ReleaseFileError(
                        f"The workbook has cells beyond column {LAST_COLUMN} or row {LAST_ROW:,}, so it is no release."
                    )
            if size.has_texts_beyond(LARGEST_FILE, parts):
                raise ReleaseFileError(_TOO_MUCH)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError) as error:
        raise ReleaseFileError(f"It cannot be opened as a workbook: {error}.") from error
