"""How large an answer is, without counting a million rows: exactly while it is small, and about how large beyond."""

from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import F, QuerySet, TextField
from django.db.models.expressions import RawSQL

from pcl.queries.keyset import COUNTED_EXACTLY

# Fewer are fetched and sorted in less time than an index in order is walked until a page is full: the two meet where
# the square of the number found is a hundred times the rows walked; here, for a quarter of a million.
BROAD = 5_000
# Of more it is worth the while to find the rows of a page before anything is told of them.
MANY = 200


@dataclass(frozen=True)
class Size:
    count: int
    """At most COUNTED_EXACTLY."""
    is_exact: bool
    about: int
    """An estimate of the whole."""
    keys: tuple[int, ...] | None = field(default=None, compare=False)
    """The rows themselves, in no order, where they were counted exactly."""

    @property
    def is_many(self) -> bool:
        return self.about > MANY

    @property
    def is_broad(self) -> bool:
        return self.about >= BROAD


def size_of(found: QuerySet[Any]) -> Size:
    """Rows come in the order in which they lie in the table, whether it or an index of words is scanned: over how many
    of its pages the first thousand are spread tells how many there are about. One query.
    """
    table = found.model._meta.db_table  # noqa: SLF001
    place = RawSQL(f'"{table}".ctid', [], output_field=TextField())  # noqa: S611
    first = found.order_by().annotate(place=place).values("place", key=F("pk"))[: COUNTED_EXACTLY + 1]
    try:
        sql, parameters = first.query.sql_with_params()
    except EmptyResultSet:
        return Size(0, is_exact=True, about=0, keys=())
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*), (max(place)::text::point)[0] - (min(place)::text::point)[0] + 1,"  # noqa: S608
            f" pg_relation_size('{table}') / current_setting('block_size')::int,"
            f" CASE WHEN count(*) <= {COUNTED_EXACTLY} THEN array_agg(key) END FROM ({sql}) AS first",
            parameters,
        )
        counted, pages, of_pages, keys = cursor.fetchone()
    exact = counted <= COUNTED_EXACTLY
    about = counted if exact else int(counted * max(of_pages, 1) / pages)
    return Size(min(counted, COUNTED_EXACTLY), exact, about, tuple(keys or ()) if exact else None)
