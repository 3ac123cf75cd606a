"""Codes that a search finds, as CSV, straight from PostgreSQL."""

from collections.abc import Iterator
from datetime import date

from django.db import connection
from django.db.models import Case, CharField, DateField, Expression, F, Func, QuerySet, TextField, Value, When
from django.db.models.functions import Concat

from hcpcs.models import LAYOUT_FIELDS, Code, Kind
from pcl.queries.keyset import Order
from pcl.queries.listing_export import Harmless

_FIRST = ("code", "kind", "status", "added", "terminated", "short_description", "long_description")
_REST = tuple(name for name in LAYOUT_FIELDS if name not in _FIRST and name != "sequence_number")
CODE_COLUMNS = (*_FIRST, *_REST, "url")


def codes_as_csv(codes: QuerySet[Code], *, order: Order, on: date, site: str) -> Iterator[bytes]:
    """The rows that the page and the API show, sorted alike, in pieces as PostgreSQL sends them.

    One statement, so that all rows are of one instant. Values of a repeated field stand with blanks between them.
    """
    cells = [_cell(name, on=on, site=site) for name in CODE_COLUMNS]
    sql, parameters = order.sorted(codes, backward=False).values_list(*cells).query.sql_with_params()
    yield (",".join(CODE_COLUMNS) + "\n").encode()
    with connection.cursor() as cursor, cursor.copy(f"COPY ({sql}) TO STDOUT WITH (FORMAT csv)", parameters) as copy:
        for piece in copy:
            yield bytes(piece)


def _cell(name: str, *, on: date, site: str) -> Expression | F:
    if name == "url":
        folder = Case(When(kind=Kind.MODIFIER, then=Value("modifiers")), default=Value("codes"))
        return Concat(Value(f"{site}/"), folder, Value("/"), F("code"), Value("/"), output_field=TextField())
    if name == "status":
        return Case(
            When(terminated__lt=Value(on, DateField()), then=Value("ended")),
            When(added__gt=Value(on, DateField()), then=Value("future")),
            default=Value("current"),
            output_field=CharField(),
        )
    field = Code._meta.get_field(name)  # noqa: SLF001  # Django's public `_meta`
    if hasattr(field, "base_field"):
        return Harmless(Func(F(name), template="array_to_string(%(expressions)s, ' ')", output_field=TextField()))
    return Harmless(F(name)) if field.get_internal_type() in {"CharField", "TextField"} else F(name)
