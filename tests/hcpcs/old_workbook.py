"""A workbook of before 2007 (.xls), as small as one can be: one sheet of BIFF8 in a compound file of one stream.

No package that is maintained writes them any more, and the tests need a few cells only.
"""

import struct
from collections.abc import Sequence

_SECTOR = 512
_END, _FAT, _FREE = 0xFFFFFFFE, 0xFFFFFFFD, 0xFFFFFFFF


def old_workbook(rows: Sequence[Sequence[object]]) -> bytes:
    """Text and float cells, row by row; empty ones are left out."""
    return _compound_file(_book(rows))


def _record(kind: int, content: bytes) -> bytes:
    return struct.pack("<HH", kind, len(content)) + content


def _beginning(kind: int) -> bytes:
    return _record(0x0809, struct.pack("<HHHHII", 0x0600, kind, 0x0DBB, 0x07CC, 0, 6))


def _book(rows: Sequence[Sequence[object]]) -> bytes:
    name = b"Sheet1"
    sheet_entry_length = 4 + 8 + len(name)
    globals_length = len(_beginning(5)) + sheet_entry_length + 4
    entry = _record(0x0085, struct.pack("<IBBBB", globals_length, 0, 0, len(name), 0) + name)
    cells = b"".join(
        _cell(row, column, value) for row, cells in enumerate(rows) for column, value in enumerate(cells) if value != ""
    )
    end = _record(0x000A, b"")
    return _beginning(5) + entry + end + _beginning(0x0010) + cells + end


def _cell(row: int, column: int, value: object) -> bytes:
    place = struct.pack("<HHH", row, column, 0)
    if isinstance(value, float):
        return _record(0x0203, place + struct.pack("<d", value))
    text = str(value).encode("latin-1")
    return _record(0x0204, place + struct.pack("<HB", len(text), 0) + text)


def _compound_file(stream: bytes) -> bytes:
    """Header, one sector of the allocation table, one of the directory, then the stream (too long for a small one)."""
    stream = stream.ljust(max(4096, -(-len(stream) // _SECTOR) * _SECTOR), b"\0")
    sectors = len(stream) // _SECTOR
    assert sectors + 2 <= _SECTOR // 4
    table = [_FAT, _END, *range(3, 2 + sectors), _END]
    table += [_FREE] * (_SECTOR // 4 - len(table))
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16)
    header += struct.pack("<HHHHH6xIIIIIIIIII", 0x3E, 3, 0xFFFE, 9, 6, 0, 1, 1, 0, 4096, _END, 0, _END, 0, 0)
    header += struct.pack("<108I", *([_FREE] * 108))
    directory = _entry("Root Entry", kind=5, start=_END, size=0, child=1) + _entry(
        "Workbook", kind=2, start=2, size=len(stream)
    )
    return header + struct.pack("<128I", *table) + directory.ljust(_SECTOR, b"\0") + stream


def _entry(name: str, *, kind: int, start: int, size: int, child: int = _FREE) -> bytes:
    text = (name + "\0").encode("utf-16-le")
    return text.ljust(64, b"\0") + struct.pack(
        "<HBBIII16xI16xIII", len(text), kind, 1, _FREE, _FREE, child, 0, start, size, 0
    )
