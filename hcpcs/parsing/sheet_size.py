"""How large a table a workbook would make, told from the parts that it unpacks to, before a table is made of them.

A table has room for every cell of every row up to the widest, and each cell has a text of its own, also where a
thousand cells name one shared text: a workbook of two kilobytes can fill gigabytes. What stands far out by its address
(`r="ZZ9"`) is for the caller to find; here are counted the cells and rows that have none.
"""

import re
import zipfile
from collections.abc import Callable, Iterable, Iterator

from hcpcs.parsing.record import ReleaseFileError
from hcpcs.parsing.unpacking import read_with_care

_PREFIX = rb"<(?:[\w.-]+:)?"
_ROW = re.compile(_PREFIX + rb"row(?=[\s/>])")
_A_CELL = re.compile(_PREFIX + rb"c(?=[\s/>])")
_SHARED_TEXT = re.compile(_PREFIX + rb"si(?=[\s/>])[^>]*>")
_TAG = re.compile(rb"<[^>]*>")
# What stands in its tag, and the number that is its value.
_CELL = re.compile(
    _PREFIX + rb"""c(?=[\s/>])((?:[^>"']++|"[^"]*+"|'[^']*+')*+)>(?:\s*""" + _PREFIX + rb"v>\s*(\d{1,9})\s*<)?"
)
_TYPE = re.compile(rb"""\bt\s*=\s*["']([^"']*)""")
# Of cells that name no shared text.
_OTHER_TYPES = {b"b", b"d", b"e", b"inlineStr", b"n", b"str"}
# Besides XML's own first line.
_NO_TAG = re.compile(rb"<!|.<\?", re.DOTALL)


class TableSize:
    """Of one workbook, whose parts are shown to it one after another."""

    def __init__(self) -> None:
        self.widest = 0
        """The most cells that a row has."""
        self.rows = 0
        """Of the longest sheet."""
        self.cells = 0
        self._texts: list[int] = [0]

    def look_at(self, part: bytes) -> None:
        if b"sheetData" in part:
            rows = _ROW.split(part)
            self.rows = max(self.rows, len(rows) - 1)
            for row in rows:
                # Quickly, and with care only where that is too many.
                count = row.count(b"<c") + row.count(b":c")
                if count > self.widest:
                    count = sum(1 for _ in _A_CELL.finditer(row))
                    self.widest = max(self.widest, count)
                self.cells += count
        elif _SHARED_TEXT.search(part):
            self._texts = _lengths(part)

    def has_texts_beyond(self, most: int, sheets: Callable[[], Iterable[bytes]]) -> bool:
        """Whether the shared texts that cells name come to more than `most` bytes, each counted as often as named.

        `sheets` gives all parts again; it is asked where the longest text in every cell would be too much.
        """
        longest = max(self._texts)
        if longest * self.cells <= most:
            return False
        named = 0
        for part in sheets():
            if b"sheetData" in part:
                named += self._named_in(part, longest)
                if named > most:
                    return True
        return False

    def _named_in(self, part: bytes, longest: int) -> int:
        if _NO_TAG.search(part):
            # What looks like a cell may be none, and the other way round. No spreadsheet program writes such.
            return longest * sum(1 for _ in _A_CELL.finditer(part))
        named = 0
        for cell in _CELL.finditer(part):
            tag, value = cell.groups()
            if _OTHER_TYPES.issuperset(_TYPE.findall(tag)):
                continue
            place = int(value) if value else len(self._texts)
            named += self._texts[place] if place < len(self._texts) else longest
        return named


def parts_of(book: zipfile.ZipFile, *, packed: int, most: int, too_much: str) -> Iterator[bytes]:
    """What each part unpacks to; `packed` is the size of the whole book, in bytes.

    Raises ReleaseFileError: with `too_much` where all parts together unpack to more than `most` bytes.
    """
    left = most
    for info in book.infolist():
        with book.open(info) as opened:
            part = read_with_care(opened, packed=min(info.compress_size, packed), name=info.filename)
        left -= len(part)
        if left < 0:
            raise ReleaseFileError(too_much)
        yield part


def _lengths(part: bytes) -> list[int]:
    """Of each shared text, in bytes."""
    texts = _SHARED_TEXT.split(part)[1:]
    if b"<!" in part:
        return [len(text) for text in texts]
    return [len(_TAG.sub(b"", text)) for text in texts]
