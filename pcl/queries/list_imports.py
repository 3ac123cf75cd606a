"""Existing lists that were brought: which wait, and the report of one."""

from collections.abc import Iterator
from typing import Any

from django.db import connection
from django.db.models import F, Func, QuerySet, TextField, Value
from django.db.models.functions import Coalesce, NullIf

from pcl.models import ListImport, ListImportLine, ListImportName, ListImportState
from pcl.models.list_import import LIST_AT_WORK
from pcl.queries.column import Harmless
from pcl.queries.keyset import Order, Row

NEWEST_FIRST = Order(("id",), ("id",), falling=True)
BY_NUMBER = Order(("number",), ("number",))
LINES_PER_PAGE = 100
NAMES_PER_PAGE = 50
_LINE_COLUMNS = (
    *("number", "row", "outcome", "column", "message", "hint", "changed_since_preview", "code", "manufacturer"),
    *("distributor", "product", "model_number", "other_names", "new_names", "first_day", "last_day", "listing_id"),
)
_TYPED = ("column", "code", "manufacturer", "distributor", "product", "model_number")
REPORT_COLUMNS = (
    *("row", "outcome", "column", "what_to_do", "hcpcs_code", "manufacturer", "distributor", "product"),
    *("model_number", "effective_begin", "effective_end", "listing", "former_names_added"),
)


def lists_under_way() -> int:
    """How many are being read or imported, or wait for a registrar's word."""
    return ListImport.objects.filter(state__in=[*LIST_AT_WORK, ListImportState.READY]).count()


def list_imports() -> QuerySet[ListImport]:
    """Newest first, with the people."""
    return ListImport.objects.select_related("asked_by", "confirmed_by")


def import_rows(found: QuerySet[ListImport]) -> list[Row]:
    return [{"id": each.pk, "list_import": each} for each in found]


def line_rows(found: QuerySet[ListImportLine]) -> list[Row]:
    return list(found.values(*_LINE_COLUMNS))


def names_to_decide(list_import: ListImport) -> list[ListImportName]:
    """The first names of which somebody must say whether they are the organization that they look like."""
    undecided = list_import.names.filter(is_undecided=True).select_related("look_alike").order_by("name")
    return list(undecided[:NAMES_PER_PAGE])


def names_decided(list_import: ListImport) -> list[ListImportName]:
    """The first names that somebody has decided on."""
    decided = list_import.names.exclude(choice="").select_related("look_alike").order_by("name")
    return list(decided[:NAMES_PER_PAGE])


def lines_that_name(list_import: ListImport) -> list[ListImportLine]:
    """The first lines by which products of the register get former names."""
    return list(list_import.lines.filter(new_names__len__gt=0).order_by("number")[:NAMES_PER_PAGE])


def _joined(names: str) -> Func:
    return Func(F(names), Value("; "), function="array_to_string", output_field=TextField())


def list_report_as_csv(list_import: ListImport) -> Iterator[bytes]:
    """Every line, in the order of the file, in pieces as PostgreSQL sends them."""
    what = Coalesce(NullIf("message", Value("")), "hint")
    cells: list[Any] = [
        F("row"),
        F("outcome"),
        Harmless(F("column")),
        Harmless(what),
        *[Harmless(F(name)) for name in _TYPED[1:]],
        F("first_day"),
        F("last_day"),
        F("listing_id"),
        Harmless(_joined("new_names")),
    ]
    lines = list_import.lines.order_by("number").values_list(*cells)
    sql, parameters = lines.query.sql_with_params()
    yield (",".join(REPORT_COLUMNS) + "\n").encode()
    with connection.cursor() as cursor, cursor.copy(f"COPY ({sql}) TO STDOUT WITH (FORMAT csv)", parameters) as copy:
        for piece in copy:
            yield bytes(piece)
