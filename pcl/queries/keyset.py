"""Pages of a long list: each begins after the last row of the one before, so that none is skipped or shown twice."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.core.signing import BadSignature, Signer
from django.db.models import BooleanField, F, Func, QuerySet, Value
from django.db.models.sql.compiler import SQLCompiler

from pcl.queries.parameters import BadParameter

# Exact up to here; counting a million rows would cost more than showing a page of them.
COUNTED_EXACTLY = 1000

Row = dict[str, Any]


@dataclass(frozen=True)
class Order:
    """How a list is sorted: columns that together tell any two rows apart, all rising or all falling.

    `key` names, for each column, what it is called in a finished row.
    """

    columns: tuple[str, ...]
    key: tuple[str, ...]
    falling: bool = False

    def sorted(self, queryset: QuerySet[Any], *, backward: bool) -> QuerySet[Any]:
        sign = "-" if self.falling is not backward else ""
        return queryset.order_by(*[f"{sign}{column}" for column in self.columns])

    def beyond(self, values: Sequence[Any], *, backward: bool) -> "Beyond":
        return Beyond(self.columns, "<" if self.falling is not backward else ">", values)

    def key_of(self, row: Row) -> list[Any]:
        # A row says None for a text that is not stated; the column holds an empty one.
        return [row[name] if row[name] is not None else "" for name in self.key]


@dataclass(frozen=True)
class Page:
    rows: list[Row]
    next: str | None
    """The cursor of the page after this one, or None on the last."""
    previous: str | None
    """The cursor of the page before this one, or None on the first."""


class Beyond(Func):
    """`(a, b, c) > (x, y, z)`, compared as an index has them."""

    def __init__(self, columns: Sequence[str], operator: str, values: Sequence[Any]) -> None:
        columns_and_values = [*[F(column) for column in columns], *[Value(value) for value in values]]
        super().__init__(*columns_and_values, output_field=BooleanField())
        self.operator = operator

    def as_sql(self, compiler: SQLCompiler, connection: Any, **_: Any) -> tuple[str, list[Any]]:  # type: ignore[override]
        compiled = [compiler.compile(expression) for expression in self.get_source_expressions()]
        half = len(compiled) // 2
        left, right = (", ".join(sql for sql, _ in part) for part in (compiled[:half], compiled[half:]))
        return f"({left}) {self.operator} ({right})", [value for _, values in compiled for value in values]


def page_of(
    queryset: QuerySet[Any],
    *,
    order: Order,
    limit: int,
    cursor: str,
    question: str,
    rows_of: Callable[[QuerySet[Any]], list[Row]],
    sorts_many: bool = False,
) -> Page:
    """The page of `limit` rows at which `cursor` points; the first where it is empty.

    `question` is what was asked (filters and sort): a cursor serves only the question that it was given for.
    Raises BadParameter for a cursor that this register did not give out, or gave for another question.
    `sorts_many`: there are many more rows to sort than the page has. Then the page is found first, since PostgreSQL
    would reckon what is told of a row for all that it sorts.
    """
    signer = _signer(question)
    backward, values = _read(signer, cursor, order) if cursor else (False, None)
    if values is not None:
        queryset = queryset.filter(order.beyond(values, backward=backward))
    rows = rows_of(first_rows(queryset, order=order, limit=limit, backward=backward, sorts_many=sorts_many))
    return _finished(rows, signer, order=order, limit=limit, backward=backward, is_first=not cursor)


def first_rows(
    queryset: QuerySet[Any], *, order: Order, limit: int, backward: bool = False, sorts_many: bool = False
) -> QuerySet[Any]:
    """What is fetched for a page: one row more than it shows, which tells whether there is another page."""
    found = order.sorted(queryset, backward=backward)[: limit + 1]
    return order.sorted(only(found), backward=backward) if sorts_many else found


def first_page(rows: list[Row], *, order: Order, limit: int, question: str) -> Page:
    """The first page of what `first_rows` found."""
    return _finished(rows, _signer(question), order=order, limit=limit, backward=False, is_first=True)


def _finished(rows: list[Row], signer: Signer, *, order: Order, limit: int, backward: bool, is_first: bool) -> Page:
    has_more = len(rows) > limit
    rows = rows[:limit]
    if backward:
        rows.reverse()

    def pointing(row: Row, *, backward: bool) -> str:
        return _pointing(signer, row, order, backward=backward)

    if not rows:
        return Page([], None, None)
    return Page(
        rows,
        next=pointing(rows[-1], backward=False) if has_more or backward else None,
        previous=pointing(rows[0], backward=True) if (has_more if backward else not is_first) else None,
    )


class IsAnyOf(Func):
    """`column = ANY (array)`: unlike a join, an array is made first, and what it finds is sorted after."""

    template = "(%(expressions)s))"
    arg_joiner = " = ANY ("
    output_field = BooleanField()


def only(found: QuerySet[Any]) -> QuerySet[Any]:
    """The same rows, which are found before anything else is done with them."""
    manager = found.model._default_manager  # noqa: SLF001
    narrowed: QuerySet[Any] = manager.filter(IsAnyOf(F("pk"), ArraySubquery(found.values("pk"))))
    return narrowed


def cursor_behind(row: Row, *, order: Order, question: str) -> str:
    """Of the page that begins after `row`, as `page_of` gives it out."""
    return _pointing(_signer(question), row, order, backward=False)


def _signer(question: str) -> Signer:
    return Signer(salt=f"pcl.keyset {question}")


def _pointing(signer: Signer, row: Row, order: Order, *, backward: bool) -> str:
    return signer.sign_object([backward, *order.key_of(row)], compress=True)


def _read(signer: Signer, cursor: str, order: Order) -> tuple[bool, list[Any]]:
    try:
        backward, *values = signer.unsign_object(cursor)
    except (BadSignature, ValueError) as error:
        raise BadParameter(
            "cursor", "This cursor was not given out for this question. Leave it out to begin at the first page."
        ) from error
    return backward, values


# Where a page begins, how long it is, and how much of each row is told in which form: the list is the same.
_NOT_OF_THE_QUESTION = {"cursor", "limit", "fields", "expand", "format"}


def question_of(path: str, given: Mapping[str, str]) -> str:
    """What was asked, in one form however it was written."""
    said = sorted((name, value) for name, value in given.items() if value and name not in _NOT_OF_THE_QUESTION)
    return f"{path} {said!r}"


def count_up_to(queryset: QuerySet[Any]) -> tuple[int, bool]:
    """How many rows, and whether that is exact; beyond COUNTED_EXACTLY the answer is (COUNTED_EXACTLY, False)."""
    counted = queryset.order_by()[: COUNTED_EXACTLY + 1].count()
    return min(counted, COUNTED_EXACTLY), counted <= COUNTED_EXACTLY
