"""How large an answer is, without counting a million rows: exactly while it is small, and about how large beyond."""

from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db.models import F, QuerySet, TextField
from django.db.models.expressions import RawSQL

from pcl.queries.kept_sql import KeptSQL
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
    """One query, none where Django sees that there is nothing."""
    try:
        return size_by(counting(found))
    except EmptyResultSet:
        return Size(0, is_exact=True, about=0, keys=())


def counting(found: QuerySet[Any]) -> KeptSQL:
    """For `size_by`. Rows come in the order in which they lie in the table, whether it or an index of words is scanned:
    over how many of its pages the first thousand are spread tells how many there are about.
    """
    table = found.model._meta.db_table  # noqa: SLF001
    place = RawSQL(f'"{table}".ctid', [], output_field=TextField())  # noqa: S611
    first = found.order_by().annotate(place=place).values("place", key=F("pk"))[: COUNTED_EXACTLY + 1]
    return KeptSQL(
        first,
        around="SELECT count(*), (max(place)::text::point)[0] - (min(place)::text::point)[0] + 1,"  # noqa: S608
        f" pg_relation_size('{table}') / current_setting('block_size')::int,"
        f" CASE WHEN count(*) <= {COUNTED_EXACTLY} THEN array_agg(key) END FROM ({{}}) AS first",  # names of ours
    )


def size_by(statement: KeptSQL, **given: Any) -> Size:
    """Of what `counting` asks for, with the values that it leaves open."""
    ((counted, pages, of_pages, keys),) = statement.rows(**given)
    exact = counted <= COUNTED_EXACTLY
    about = counted if exact else int(counted * max(of_pages, 1) / pages)
    return Size(min(counted, COUNTED_EXACTLY), exact, about, tuple(keys or ()) if exact else None)
