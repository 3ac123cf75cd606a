"""What is told of a listing, column by column: the same words in the API, in the export and on the pages.

The database writes them, so that the API hands on what it gets and the export streams the very same query.
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from typing import Any

from django.db.models import CharField, F, Func, QuerySet, TextField, Value
from django.db.models.functions import Cast, Concat, NullIf

from pcl.queries.column import Column, ColumnKind
from pcl.queries.keyset import Row
from pcl.queries.listing_status import status_in_words


def _day(template: str) -> Func:
    return Func(F("effective"), template=f"to_char({template}, 'YYYY-MM-DD')", output_field=CharField())


FIRST_DAY = _day("lower(%(expressions)s)")
LAST_DAY = _day("upper(%(expressions)s) - 1")
PUBLISHED_AT = Func(
    F("published_at"),
    template="""to_char(%(expressions)s AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')""",
    output_field=CharField(),
)


def or_null(field: str) -> NullIf:
    return NullIf(F(field), Value(""))


def listing_columns(*, on: date, site: str) -> list[Column]:
    """The columns of an answer in which the status is reckoned on `on` and addresses begin with `site`."""
    url = Concat(Value(f"{site}/listings/"), Cast("listing_id", TextField()), Value("/"), output_field=TextField())
    return [
        Column(
            "id",
            "The listing's number; it never changes and is never used again.",
            F("listing_id"),
            kind=ColumnKind.INTEGER,
            example="1",
            typed=False,
        ),
        Column("code", "The HCPCS code under which the product is listed.", F("code"), example="K1007"),
        Column(
            "code_description",
            "CMS's long description of the code.",
            F("code_meaning__long_description"),
            example="Bilateral hip, knee, ankle, foot device, powered",
        ),
        Column("manufacturer", "The manufacturer's name today.", F("manufacturer"), example="Argo Technologies"),
        Column(
            "distributor",
            "The distributor's name today; empty where there is none.",
            or_null("distributor"),
            example="Parker",
        ),
        Column("product", "The product's name today.", F("product"), example="ReWalk"),
        Column(
            "model_number",
            "The model number as the source gives it; empty where it states none.",
            or_null("model_number"),
            example="RW-6",
        ),
        Column("classification", "The product group in words.", F("classification"), example="Powered Orthoses"),
        Column(
            "effective_from",
            "First date of service to which the listing applies.",
            FIRST_DAY,
            kind=ColumnKind.DAY,
            example="2023-12-28",
            typed=False,
        ),
        Column(
            "effective_to",
            "Last date of service to which the listing applies, inclusive; empty while no end is set. "
            "The code may end earlier: see status.",
            LAST_DAY,
            kind=ColumnKind.DAY,
            example="2026-08-31",
            typed=False,
        ),
        Column(
            "status",
            "Whether it can be billed under the code on the date asked for (on; today in Eastern time): current, "
            "ended or future. Both the listing and the code must be in force.",
            status_in_words(on),
            example="current",
            typed=False,
        ),
        Column(
            "origin",
            "determination: of a coding verification review; cms: assigned by CMS; imported: from an earlier list.",
            F("origin"),
            example="determination",
            typed=False,
        ),
        Column("comment", "A remark that belongs to the listing.", F("comment"), example="Code Reverified"),
        Column(
            "published_at",
            "When it first stood on this register, in UTC.",
            PUBLISHED_AT,
            kind=ColumnKind.INSTANT,
            example="2024-01-02T15:04:05.678900Z",
            typed=False,
        ),
        Column("url", "Its permanent page.", url, example="https://register.example/listings/1/", typed=False),
    ]


COLUMN_NAMES = tuple(column.name for column in listing_columns(on=date(2000, 1, 1), site=""))


def listing_rows(*, on: date, site: str, further: Sequence[str] = ()) -> Callable[[QuerySet[Any]], list[Row]]:
    """Makes answers of entries, one dictionary each. `further` names fields of the entry that a page needs besides."""

    def rows(entries: QuerySet[Any]) -> list[Row]:
        return named(listing_values(entries, on=on, site=site, further=further), further=further)

    return rows


def listing_values(entries: QuerySet[Any], *, on: date, site: str, further: Sequence[str] = ()) -> QuerySet[Any]:
    """What `named` makes answers of."""
    return entries.values_list(*[column.expression for column in listing_columns(on=on, site=site)], *further)


def named(values: Iterable[Sequence[Any]], *, further: Sequence[str] = ()) -> list[Row]:
    names = [*COLUMN_NAMES, *(field.replace("__", "_") for field in further)]
    return [dict(zip(names, row, strict=True)) for row in values]
