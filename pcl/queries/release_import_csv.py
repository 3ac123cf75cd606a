"""The whole report of an import, as CSV, straight from PostgreSQL."""

from collections.abc import Iterator

from django.db import connection
from django.db.models import F

from hcpcs.models import ReleaseImport
from pcl.queries.column import Harmless

REPORT_COLUMNS = ("section", "number", "kind", "code", "field", "before", "after")


def report_as_csv(asked: ReleaseImport) -> Iterator[bytes]:
    """Every line, in the order of the report, in pieces as PostgreSQL sends them."""
    cells = [Harmless(F(name)) if name in {"before", "after"} else F(name) for name in REPORT_COLUMNS]
    lines = asked.lines.order_by("section", "number").values_list(*cells)
    sql, parameters = lines.query.sql_with_params()
    yield (",".join(REPORT_COLUMNS) + "\n").encode()
    with connection.cursor() as cursor, cursor.copy(f"COPY ({sql}) TO STDOUT WITH (FORMAT csv)", parameters) as copy:
        for piece in copy:
            yield bytes(piece)
