"""How large an answer is, without counting a million rows: exactly while it is small, and about how large beyond."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import EmptyResultSet
from django.db.models import BigIntegerField, F, QuerySet, TextField
from django.db.models.expressions import RawSQL

from pcl.queries.kept_sql import KeptSQL
from pcl.queries.keyset import COUNTED_EXACTLY, Order

# Fewer are fetched and sorted in less time than an index in order is walked until a page is full: the two meet where
# the square of the number found is a hundred times the rows walked; here, for a quarter of a million.
BROAD = 5_000
# Of more it is worth the while to find the rows of a page before anything is told of them.
MANY = 200
# Of a row: what says the size.
_COLUMNS = 5


@dataclass(frozen=True)
class Size:
    count: int
    """At most COUNTED_EXACTLY."""
    is_exact: bool
    about: int
    """An estimate of the whole."""
    keys: tuple[int, ...] | None = field(default=None, compare=False)
    """The rows themselves, in no order, where they were counted exactly."""

    first: tuple[int, ...] | None = field(default=None, compare=False)
    """The first of them in the order asked for, where there are fewer than BROAD (see `counting_in_order`)."""

    @property
    def is_many(self) -> bool:
        return self.about > MANY

    @property
    def is_broad(self) -> bool:
        return self.about >= BROAD


def size_of(found: QuerySet[Any]) -> Size:
    """One query, none where Django sees that there is nothing."""
    try:
        return size_in(counting(found).rows()[0])
    except EmptyResultSet:
        return Size(0, is_exact=True, about=0, keys=())


def counting(found: QuerySet[Any]) -> KeptSQL:
    """For `size_in`. Rows come in the order in which they lie in the table, whether it or an index of words is scanned:
    over how many of its pages the first thousand are spread tells how many there are about.
    """
    some = _placed(found)[: COUNTED_EXACTLY + 1]
    keys = f"CASE WHEN count(*) <= {COUNTED_EXACTLY} THEN array_agg(key) END"
    return KeptSQL(some, around=f"{_counts(found)}, {keys}, NULL FROM ({{}}) AS found")


def counting_in_order(
    found: QuerySet[Any],
    *,
    order: Order,
    first: int,
    told: Callable[[RawSQL], QuerySet[Any]] | None = None,
    in_order: bool = False,
) -> KeptSQL:
    """For `size_in`, which then knows the first in order as well: of fewer than BROAD, they need not be found again.

    With `in_order`, `found` is walked in order until more are met than are counted.
    `told`, given an array of keys, is what to tell of them, the key first: for `size_and_told`.
    """
    some = _placed(found, *order.columns)
    # In its order no more are met than are counted; in any other, the first of all that there are must be known.
    some = order.sorted(some, backward=False)[: max(COUNTED_EXACTLY + 1, first)] if in_order else some[:BROAD]
    sign = " DESC" if order.falling else ""
    by = ", ".join(f"{column}{sign}" for column in order.columns)
    keys = f"ARRAY(SELECT key FROM found ORDER BY {by} LIMIT {first})"  # noqa: S608  # names of ours
    first_keys = f"CASE WHEN count(*) < {BROAD} THEN {keys} END"
    sized = f"{_counts(found)}, NULL, {first_keys} AS first FROM found"
    if told is None:
        return KeptSQL(some, around=f"WITH found AS MATERIALIZED ({{}}) {sized}")
    keys_of_first = RawSQL("size.first", [], output_field=ArrayField(BigIntegerField()))
    # Beside the one row of the size, what is told stands in its own order; the keys are not said again in each row.
    beside = (
        "SELECT counted, pages, of_pages, keys, size.first IS NOT NULL, told.*"
        " FROM size LEFT JOIN LATERAL ({}) AS told ON true"
    )
    return KeptSQL(
        some,
        told(keys_of_first),
        around=f"WITH found AS MATERIALIZED ({{}}), size (counted, pages, of_pages, keys, first) AS ({sized}) {beside}",
    )


def _placed(found: QuerySet[Any], *columns: str) -> QuerySet[Any]:
    place = RawSQL(f'"{_table(found)}".ctid', [], output_field=TextField())  # noqa: S611
    placed: QuerySet[Any] = found.order_by().annotate(place=place).values("place", *columns, key=F("pk"))
    return placed


def _counts(found: QuerySet[Any]) -> str:
    return (
        "SELECT count(*), (max(place)::text::point)[0] - (min(place)::text::point)[0] + 1,"
        f" pg_relation_size('{_table(found)}') / current_setting('block_size')::int"
    )


def _table(found: QuerySet[Any]) -> str:
    return found.model._meta.db_table  # noqa: SLF001


def size_in(row: Sequence[Any]) -> Size:
    """Of a row that `counting` or `counting_in_order` asks for."""
    counted, pages, of_pages, keys, first = row
    exact = counted <= COUNTED_EXACTLY
    about = counted if exact or first is not None else int(counted * max(of_pages, 1) / pages)
    keys = tuple(keys or ()) if exact and first is None else None
    return Size(min(counted, COUNTED_EXACTLY), exact, about, keys, None if first is None else tuple(first))


def size_and_told(rows: Sequence[Sequence[Any]]) -> tuple[Size, list[Sequence[Any]]]:
    """Of what `counting_in_order` asks for with `told`: the values told of the first, none where they are not known."""
    *size, is_told = rows[0][:_COLUMNS]
    told = [row[_COLUMNS:] for row in rows if row[_COLUMNS] is not None]
    return size_in([*size, [values[0] for values in told] if is_told else None]), told
