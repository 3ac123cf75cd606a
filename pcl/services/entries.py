"""Keeps the rows that the register shows in step with the listings."""

from collections.abc import Collection, Iterable
from datetime import date, datetime
from typing import Any

from django.contrib.postgres.search import SearchVectorField
from django.db.backends.postgresql.psycopg_any import DateRange
from django.db.models import Value
from django.db.models.functions import Cast

from hcpcs.models import Code
from pcl.models import Listing, OrganizationName, ProductName, RegisterEntry
from pcl.text import normalize_model_number, search_vector

AT_ONCE = 2000
_NEVER_AGAIN_WRITTEN = {"listing", "published_at"}
_WRITTEN = [
    field.name
    for field in RegisterEntry._meta.fields  # noqa: SLF001
    if field.name not in _NEVER_AGAIN_WRITTEN and not field.generated
]


def refresh_entries(listing_ids: Collection[int], *, at: datetime) -> None:
    """Write what the public list shows of these listings since the instant `at`."""
    listings = Listing.objects.filter(pk__in=listing_ids).select_related(
        "code", "model__product__manufacturer", "model__product__distributor"
    )
    listings = listings.defer("code__search").order_by("pk")
    shown = list(listings)
    product_names = _names(
        ProductName.objects.filter(product__in={listing.model.product_id for listing in shown}), "product_id"
    )
    makers = {listing.model.product.manufacturer_id for listing in shown}
    distributors = {listing.model.product.distributor_id for listing in shown} - {None}
    organization_names = _names(
        OrganizationName.objects.filter(organization__in=makers | distributors), "organization_id"
    )
    RegisterEntry.objects.bulk_create(
        (_entry(listing, product_names, organization_names, at) for listing in shown),
        batch_size=AT_ONCE,
        update_conflicts=True,
        unique_fields=["listing"],
        update_fields=_WRITTEN,
    )


def in_force_of(effective: DateRange, code: Code) -> DateRange:
    """Dates of service on which a listing with `effective` dates can be billed under `code`; may be empty."""
    begin = max(effective.lower, code.added or date.min)
    ends = [end for end in (effective.upper, _day_after(code.terminated)) if end is not None]
    end = min(ends, default=None)
    return DateRange(empty=True) if end is not None and end <= begin else DateRange(begin, end)


def _day_after(day: date | None) -> date | None:
    return None if day is None else date.fromordinal(day.toordinal() + 1)


def _names(rows: Any, owner: str) -> dict[int, list[str]]:
    names: dict[int, list[str]] = {}
    for owner_id, name in rows.values_list(owner, "name"):
        names.setdefault(owner_id, []).append(name)
    return names


def _entry(
    listing: Listing, product_names: dict[int, list[str]], organization_names: dict[int, list[str]], at: datetime
) -> RegisterEntry:
    product = listing.model.product
    parties = [product.manufacturer, *([product.distributor] if product.distributor else [])]
    known: Iterable[str] = (name for party in parties for name in (party.name, *organization_names.get(party.pk, ())))
    vector = search_vector(
        products=[product.name, *product_names.get(product.pk, ())],
        organizations=known,
        code=listing.code.code,
        model_number=listing.model.model_number,
    )
    return RegisterEntry(
        listing=listing,
        code_meaning=listing.code,
        manufacturer_organization=product.manufacturer,
        distributor_organization=product.distributor,
        code=listing.code.code,
        manufacturer=product.manufacturer.name,
        distributor=product.distributor.name if product.distributor else "",
        product=product.name,
        model_number=listing.model.model_number,
        model_normalized=normalize_model_number(listing.model.model_number),
        classification=product.classification,
        effective=listing.effective,
        in_force=in_force_of(listing.effective, listing.code),
        origin=listing.origin,
        comment=listing.comment,
        published_at=at,
        changed_at=at,
        search=Cast(Value(vector), SearchVectorField()),
    )
