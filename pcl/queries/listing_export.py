"""All listings that a query means, as CSV, straight from PostgreSQL."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection
from django.db.models import CharField, Expression, F, Func, QuerySet

from pcl.queries.keyset import Order
from pcl.queries.listing_columns import COLUMN_NAMES, Column, listing_columns

# Raised when a column is added, renamed or means something else.
SCHEMA_VERSION = "1"


@dataclass(frozen=True)
class Extent:
    rows: int
    change_seq: int
    """The newest change that is in it; 0 while there is none."""


def extent_of_everything() -> Extent:
    """How large a file of all listings would be now, as of one instant."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT (SELECT count(*) FROM pcl_registerentry), (SELECT coalesce(max(seq), 0) FROM pcl_listingchange)"
        )
        return Extent(*cursor.fetchone())


class Harmless(Func):
    """Text that a spreadsheet would take for a formula gets a leading apostrophe."""

    template = r"regexp_replace(%(expressions)s, E'^(?=[-=+@\t\r\n])', '''')"
    output_field = CharField()


def listings_as_csv(entries: QuerySet[Any], *, order: Order, on: date, site: str) -> Iterator[bytes]:
    """The same rows and columns as the API, sorted alike, in pieces as PostgreSQL sends them.

    One statement, so that all rows are of one instant. A fault on the way raises, which breaks the connection off:
    a file that arrived whole is complete.
    """
    columns = listing_columns(on=on, site=site)
    asked = order.sorted(entries, backward=False).values_list(*[_cell(column) for column in columns])
    sql, parameters = asked.query.sql_with_params()
    yield (",".join(COLUMN_NAMES) + "\n").encode()
    with connection.cursor() as cursor, cursor.copy(f"COPY ({sql}) TO STDOUT WITH (FORMAT csv)", parameters) as copy:
        for piece in copy:
            yield bytes(piece)


def _cell(column: Column) -> Expression | F:
    return Harmless(column.expression) if column.typed else column.expression
