"""Keeps the rows that the register shows in step with the listings."""

from collections.abc import Collection, Iterable
from datetime import date, datetime
from typing import Any, NamedTuple

from django.db import connection
from django.db.backends.postgresql.psycopg_any import DateRange

from pcl.models import Listing, OrganizationName, ProductName
from pcl.text import normalize_model_number, search_vector

AT_ONCE = 2000
# Of each column written, where its values come from and as what they are written.
_COLUMNS = {
    "listing_id": "bigint",
    "code_meaning_id": "bigint",
    "manufacturer_organization_id": "bigint",
    "distributor_organization_id": "bigint",
    "code": "text",
    "manufacturer": "text",
    "distributor": "text",
    "product": "text",
    "model_number": "text",
    "model_normalized": "text",
    "classification": "text",
    "effective": "daterange",
    "in_force": "daterange",
    "origin": "text",
    "comment": "text",
    "search": "tsvector",
}
_SENT_AS = {"bigint": "bigint"}
# One array for each column: thousands of rows are as quickly sent as one.
_WRITE = f"""
    INSERT INTO pcl_registerentry ({", ".join(_COLUMNS)}, published_at, changed_at)
    SELECT {", ".join(f"{name}::{kind}" for name, kind in _COLUMNS.items())}, %s, %s
    FROM unnest({", ".join(f"%s::{_SENT_AS.get(kind, 'text')}[]" for kind in _COLUMNS.values())})
        AS shown ({", ".join(_COLUMNS)})
    ON CONFLICT (listing_id) DO UPDATE SET
        {", ".join(f"{name} = EXCLUDED.{name}" for name in _COLUMNS if name != "listing_id")},
        changed_at = EXCLUDED.changed_at
"""  # noqa: S608  # columns of the model


class _Said(NamedTuple):
    """What of a listing its row is made of, in the order of `_READ`."""

    listing: int
    product_id: int
    meaning: int
    maker_id: int
    seller_id: int | None
    code: str
    added: date | None
    terminated: date | None
    maker: str
    seller: str | None
    product: str
    model_number: str
    classification: str
    effective: DateRange
    origin: str
    comment: str


_READ = (
    "pk",
    "model__product_id",
    "code_id",
    "model__product__manufacturer_id",
    "model__product__distributor_id",
    "code__code",
    "code__added",
    "code__terminated",
    "model__product__manufacturer__name",
    "model__product__distributor__name",
    "model__product__name",
    "model__model_number",
    "model__product__classification",
    "effective",
    "origin",
    "comment",
)


def refresh_entries(listing_ids: Collection[int], *, at: datetime) -> None:
    """Write what the public list shows of these listings since the instant `at`."""
    # Plain rows: to make five objects of each of 30,000 listings would take as long as to write them.
    rows = Listing.objects.filter(pk__in=listing_ids).order_by("pk").values_list(*_READ)
    said = [_Said(*row) for row in rows]
    product_names = _names(ProductName.objects.filter(product__in={each.product_id for each in said}), "product_id")
    parties = {party for each in said for party in (each.maker_id, each.seller_id) if party is not None}
    organization_names = _names(OrganizationName.objects.filter(organization__in=parties), "organization_id")
    with connection.cursor() as cursor:
        for first in range(0, len(said), AT_ONCE):
            piece = [_values(each, product_names, organization_names) for each in said[first : first + AT_ONCE]]
            cursor.execute(_WRITE, [at, at, *(list(column) for column in zip(*piece, strict=True))])


def in_force_of(effective: DateRange, *, added: date | None, terminated: date | None) -> DateRange:
    """Dates of service on which a listing with `effective` dates can be billed under a code; may be empty.

    The code is valid from `added` to `terminated`, both inclusive; None: not limited.
    """
    begin = max(effective.lower, added or date.min)
    ends = [end for end in (effective.upper, _day_after(terminated)) if end is not None]
    end = min(ends, default=None)
    return DateRange(empty=True) if end is not None and end <= begin else DateRange(begin, end)


def _day_after(day: date | None) -> date | None:
    return None if day is None else date.fromordinal(day.toordinal() + 1)


def _names(rows: Any, owner: str) -> dict[int, list[str]]:
    names: dict[int, list[str]] = {}
    for owner_id, name in rows.values_list(owner, "name"):
        names.setdefault(owner_id, []).append(name)
    return names


def _values(
    said: _Said, product_names: dict[int, list[str]], organization_names: dict[int, list[str]]
) -> tuple[int | str | None, ...]:
    """In the order of `_COLUMNS`."""
    organizations: Iterable[str] = [said.maker, *organization_names.get(said.maker_id, ())]
    if said.seller_id is not None and said.seller is not None:
        organizations = [*organizations, said.seller, *organization_names.get(said.seller_id, ())]
    return (
        said.listing,
        said.meaning,
        said.maker_id,
        said.seller_id,
        said.code,
        said.maker,
        said.seller or "",
        said.product,
        said.model_number,
        normalize_model_number(said.model_number),
        said.classification,
        _as_text(said.effective),
        _as_text(in_force_of(said.effective, added=said.added, terminated=said.terminated)),
        said.origin,
        said.comment,
        search_vector(
            products=[said.product, *product_names.get(said.product_id, ())],
            organizations=organizations,
            code=said.code,
            model_number=said.model_number,
        ),
    )


def _as_text(days: DateRange) -> str:
    return "empty" if days.isempty else f"[{days.lower or ''},{days.upper or ''})"
