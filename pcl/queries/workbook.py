"""Rows as an Excel workbook, written row by row, into a file or into an answer: nothing is kept beside it."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from io import RawIOBase
from itertools import chain, islice
from typing import IO, Any
from zipfile import ZIP_DEFLATED, ZipFile

from django.db.models import QuerySet

from pcl.queries.column import Column, ColumnKind
from pcl.queries.row_stream import cells_of
from pcl.queries.sheet_xml import (
    CONTENT_TYPES,
    RELATIONS,
    SHEET_BEGINS,
    SHEET_ENDS,
    STYLES,
    Cells,
    header_xml,
    row_writer,
    workbook_relations,
    workbook_xml,
)

# What Excel can hold, the header among them.
MOST_ROWS = 1_048_576
# A file that is kept: zlib's usual level, as lower ones save a tenth of the time.
_KEPT = 6
# One that somebody waits for: half a megabyte more for 100,000 rows, and a third of the time.
_AT_ONCE = 1
_TOGETHER = 500


def write_workbook(file: IO[bytes], rows: QuerySet[Any], columns: Sequence[Column], *, title: str) -> int:
    """Returns how many rows there are. Where one sheet cannot hold them, "title 2" goes on, with a header, too."""
    count = 0
    with ZipFile(file, "w", ZIP_DEFLATED, compresslevel=_KEPT) as book:
        kinds = {column.name: column.kind for column in columns}
        for written in _written(book, kinds, cells_of(rows, columns), title=title):
            count += written
    return count


def workbook_pieces(kinds: dict[str, ColumnKind], rows: Iterable[Cells], *, title: str) -> Iterator[bytes]:
    """The file, piece by piece. `kinds`: of each column, by the name that heads it."""
    sink = _Sink()
    with ZipFile(sink, "w", ZIP_DEFLATED, compresslevel=_AT_ONCE) as book:
        for _ in _written(book, kinds, iter(rows), title=title):
            yield sink.taken()
    yield sink.taken()


def _written(book: ZipFile, kinds: dict[str, ColumnKind], cells: Iterator[Cells], *, title: str) -> Iterator[int]:
    """Gives, again and again, how many rows have been written since."""
    header = header_xml(list(kinds))
    row_xml = row_writer(list(kinds.values()))
    titles: list[str] = []
    book.writestr("[Content_Types].xml", CONTENT_TYPES)
    first: Cells | None = next(cells, None)
    while first is not None or not titles:
        titles.append(f"{title} {len(titles) + 1}" if titles else title)
        with _sheet(book, len(titles)) as sheet:
            sheet.write(header.encode())
            number = 1
            some = chain([first] if first is not None else [], islice(cells, MOST_ROWS - 2))
            while together := list(islice(some, _TOGETHER)):
                sheet.write("".join(map(row_xml, range(number + 1, number + 1 + len(together)), together)).encode())
                number += len(together)
                yield len(together)
        first = next(cells, None)
    book.writestr("xl/workbook.xml", workbook_xml(titles))
    book.writestr("xl/_rels/workbook.xml.rels", workbook_relations(len(titles)))
    book.writestr("xl/styles.xml", STYLES)
    book.writestr("_rels/.rels", RELATIONS)


@contextmanager
def _sheet(book: ZipFile, number: int) -> Iterator[IO[bytes]]:
    # How long it will be is not known, so that room is made for more than 4 GB.
    with book.open(f"xl/worksheets/sheet{number}.xml", "w", force_zip64=True) as sheet:
        sheet.write(SHEET_BEGINS.encode())
        yield sheet
        sheet.write(SHEET_ENDS.encode())


class _Sink(RawIOBase):
    """Takes what the archive writes until somebody fetches it. Not seekable, so nothing is corrected afterwards."""

    def __init__(self) -> None:
        self._held: list[bytes] = []

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        self._held.append(bytes(data))
        return len(data)

    def taken(self) -> bytes:
        whole = b"".join(self._held)
        self._held.clear()
        return whole
