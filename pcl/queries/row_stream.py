"""Rows that a query finds, straight from PostgreSQL by COPY: nothing is kept, so that a million of them is no more."""

import re
from collections.abc import Iterator, Sequence
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connection
from django.db.models import Expression, F, QuerySet

from pcl.queries.column import Column

PIECE = 64 * 1024
# No limit; but as PostgreSQL cannot know that, it plans for a tenth of the rows, as for a cursor: where an index has
# them in order the first comes at once, and not after a million were sorted.
SOON = "LIMIT (SELECT 9223372036854775807)"
# JSON has no control characters, so that COPY finds nothing to quote or to escape in it.
AS_IT_IS = r"FORMAT csv, DELIMITER E'\x02', QUOTE E'\x01'"

# As COPY writes texts: https://www.postgresql.org/docs/current/sql-copy.html
_NULL = "\\N"
_ESCAPED = re.compile(r"\\(.)")
_ESCAPES = {"b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v"}


def rows_as_csv(rows: QuerySet[Any], columns: Sequence[Column]) -> Iterator[bytes]:
    """A header and the rows in their order, in pieces. Cells that a spreadsheet would take for formulas are harmless.

    One statement, so that all rows are of one instant. A fault on the way raises, which breaks the connection off:
    a file that arrived whole is complete.
    """
    sql, parameters = _sql(rows, [column.harmless_cell for column in columns])
    yield (",".join(column.name for column in columns) + "\n").encode()
    yield from in_pieces(copied(sql, parameters))


def rows_as_ndjson(rows: QuerySet[Any], columns: Sequence[Column]) -> Iterator[bytes]:
    """The same with one JSON object in each line, as the API tells it."""
    sql, parameters = _sql(rows, [column.expression for column in columns])
    names = ", ".join(f'"{column.name}"' for column in columns)
    whole = f"SELECT row_to_json(told) FROM ({sql}) AS told ({names})"  # noqa: S608  # SQL of Django's, names of ours
    yield from in_pieces(copied(whole, parameters, options=AS_IT_IS))


def plain_cells(rows: QuerySet[Any], columns: Sequence[Column]) -> Iterator[bytes]:
    """CSV without a header, each row a piece, for programs: nothing is made harmless; null is empty, "" is quoted."""
    return copied(*_sql(rows, [column.cell for column in columns]))


def cells_of(rows: QuerySet[Any], columns: Sequence[Column]) -> Iterator[list[str | None]]:
    """The same cells, taken apart."""
    return taken_apart(*_sql(rows, [column.cell for column in columns]))


def taken_apart(sql: str, parameters: Sequence[Any]) -> Iterator[list[str | None]]:
    """The cells of each row: texts as PostgreSQL writes them, or None for null."""
    for row in copied(sql, parameters, options="FORMAT text"):
        text = str(row, "utf-8")[:-1]
        cells: list[str | None] = [None if cell == _NULL else cell for cell in text.split("\t")]
        if "\\" in text:
            cells = [_ESCAPED.sub(_meant, cell) if cell and "\\" in cell else cell for cell in cells]
        yield cells


def _meant(escaped: re.Match[str]) -> str:
    return _ESCAPES.get(escaped[1], escaped[1])


def copied(sql: str, parameters: Sequence[Any], *, options: str = "FORMAT csv") -> Iterator[bytes]:
    """Each row as PostgreSQL sends it."""
    with connection.cursor() as cursor, cursor.copy(f"COPY ({sql}) TO STDOUT WITH ({options})", parameters) as copy:
        yield from copy


def in_pieces(rows: Iterator[bytes]) -> Iterator[bytes]:
    """Rows together, so that each need not travel alone."""
    waiting: list[bytes] = []
    size = 0
    for row in rows:
        waiting.append(row)
        size += len(row)
        if size >= PIECE:
            yield b"".join(waiting)
            waiting.clear()
            size = 0
    if waiting:
        yield b"".join(waiting)


def _sql(rows: QuerySet[Any], cells: Sequence[Expression | F]) -> tuple[str, Sequence[Any]]:
    # A query of which Django knows that it finds nothing is one all the same: its file has a header.
    compiler = rows.values_list(*cells).query.get_compiler(DEFAULT_DB_ALIAS, elide_empty=False)
    sql, parameters = compiler.as_sql()
    return f"{sql} {SOON}", parameters
