"""Rows as an Excel workbook, written row by row into the file: nothing is kept, neither in memory nor beside it."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import chain, islice
from typing import IO, Any
from zipfile import ZIP_DEFLATED, ZipFile

from django.db.models import QuerySet

from pcl.queries.bulk_files.sheet_xml import (
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
from pcl.queries.column import Column
from pcl.queries.row_stream import cells_of

# What Excel can hold, the header among them.
MOST_ROWS = 1_048_576
# zlib's usual one: lower ones save a tenth of the time.
_LEVEL = 6
_TOGETHER = 500


def write_workbook(file: IO[bytes], rows: QuerySet[Any], columns: Sequence[Column], *, title: str) -> int:
    """Returns how many rows there are. Where one sheet cannot hold them, "title 2" goes on, with a header, too."""
    header = header_xml([column.name for column in columns])
    row_xml = row_writer([column.kind for column in columns])
    cells, count = cells_of(rows, columns), 0
    titles: list[str] = []
    with ZipFile(file, "w", ZIP_DEFLATED, compresslevel=_LEVEL) as book:
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
                count += number - 1
            first = next(cells, None)
        book.writestr("xl/workbook.xml", workbook_xml(titles))
        book.writestr("xl/_rels/workbook.xml.rels", workbook_relations(len(titles)))
        book.writestr("xl/styles.xml", STYLES)
        book.writestr("_rels/.rels", RELATIONS)
    return count


@contextmanager
def _sheet(book: ZipFile, number: int) -> Iterator[IO[bytes]]:
    # How long it will be is not known, so that room is made for more than 4 GB.
    with book.open(f"xl/worksheets/sheet{number}.xml", "w", force_zip64=True) as sheet:
        sheet.write(SHEET_BEGINS.encode())
        yield sheet
        sheet.write(SHEET_ENDS.encode())
