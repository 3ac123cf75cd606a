"""Refuses a workbook that would fill the memory of whoever opens it.

An .xlsx is a zip of XML. It is unpacked here piece by piece, as an archive is, before anything makes a table of it; and
since a table has room for every cell up to the last one, a cell far out costs as much as a bomb does.
"""

import re
import zipfile
import zlib
from io import BytesIO

from hcpcs.parsing.file import LARGEST_FILE
from hcpcs.parsing.record import ReleaseFileError
from hcpcs.sources.archive import MOST_MEMBERS, read_with_care

# A release has 48 columns and some 9,000 rows.
MOST_COLUMNS = "ZZ (702)"
MOST_ROWS = 99_999
# `r="AAA7"` or `r="B100000"`: a cell, or a row, beyond these.
_FAR_OUT = re.compile(rb"""\br\s*=\s*["'](?:[A-Za-z]{3,}\d+|[A-Za-z]{0,2}\d{6,})["']""")


def refuse_bomb(content: bytes) -> None:
    """Raises ReleaseFileError; does nothing for what is no .xlsx."""
    if not content.startswith(b"PK"):
        return
    left = LARGEST_FILE
    try:
        with zipfile.ZipFile(BytesIO(content)) as book:
            if len(book.infolist()) > MOST_MEMBERS:
                raise ReleaseFileError(f"The workbook has more than {MOST_MEMBERS:,} parts, so it is no release.")
            for info in book.infolist():
                with book.open(info) as opened:
                    part = read_with_care(opened, packed=min(info.compress_size, len(content)), name=info.filename)
                left -= len(part)
                if left < 0:
                    raise ReleaseFileError(
                        f"The workbook unpacks to more than {LARGEST_FILE // 1024 // 1024} MB, so it is no release."
                    )
                if _is_sheet(info.filename) and _FAR_OUT.search(part):
                    raise ReleaseFileError(
                        f"The workbook has cells beyond column {MOST_COLUMNS} or row {MOST_ROWS:,}, so it is no release."
                    )
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError) as error:
        raise ReleaseFileError(f"It cannot be opened as a workbook: {error}.") from error


def _is_sheet(name: str) -> bool:
    return "sheet" in name.lower() and name.lower().endswith((".xml", ".bin"))
