"""How large an answer is, without counting a million rows: exactly while it is small, and about how large beyond."""

from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import QuerySet, TextField
from django.db.models.expressions import RawSQL

from pcl.queries.keyset import COUNTED_EXACTLY

# Fewer are fetched and sorted in less time than an index in order is walked until a page is full: the two meet where
# the square of the number found is a hundred times the rows walked; here, for a quarter of a million.
BROAD = 5_000


@dataclass(frozen=True)
class Size:
    count: int
    """At most COUNTED_EXACTLY."""
    is_exact: bool
    about: int
    """An estimate of the whole."""

    @property
    def is_broad(self) -> bool:
        return self.about >= BROAD


def size_of(found: QuerySet[Any]) -> Size:
    """Rows come in the order in which they lie in the table, whether it or an index of words is scanned: over how many
    of its pages the first thousand are spread tells how many there are about. One query.
    """
    table = found.model._meta.db_table  # noqa: SLF001
    place = RawSQL(f'"{table}".ctid', [], output_field=TextField())  # noqa: S611
    first = found.order_by().annotate(place=place).values("place")[: COUNTED_EXACTLY + 1]
    sql, parameters = first.query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*), (max(place)::text::point)[0] - (min(place)::text::point)[0] + 1,"  # noqa: S608
            f" pg_relation_size('{table}') / current_setting('block_size')::int FROM ({sql}) AS first",
            parameters,
        )
        counted, pages, of_pages = cursor.fetchone()
    exact = counted <= COUNTED_EXACTLY
    about = counted if exact else int(counted * max(of_pages, 1) / pages)
    return Size(min(counted, COUNTED_EXACTLY), exact, about)
