"""Product models with everything that is listed of them: one question to the database for a page, one for all."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from pcl.models import Organization, Product, ProductModel, ProductName, RegisterEntry
from pcl.models.listing import last_day
from pcl.queries.keyset import Order
from pcl.queries.listing_status import with_status

BY_NUMBER = Order(columns=("pk",), key=("number",))
ROWS_AT_ONCE = 2000
_COLUMNS = (
    *("listing__model_id", "listing_id", "code", "code_meaning__short_description", "effective", "changed_at"),
    *("listing__version", "product", "model_number", "manufacturer", "manufacturer_organization_id"),
    *("distributor", "distributor_organization_id", "classification", "listing__model__udi_di"),
    *("listing__model__product__fda_submission_numbers", "listing__model__product__fda_listing_numbers"),
)


@dataclass(frozen=True)
class ListedUnder:
    """`begins` and `ends` are dates of service, both inclusive; no `ends` while none is set."""

    listing: int
    code: str
    code_name: str
    begins: date
    ends: date | None


@dataclass(frozen=True)
class Device:
    number: int
    product: str
    other_names: list[str]
    model_number: str
    udi_di: str
    manufacturer: tuple[int, str]
    distributor: tuple[int, str] | None
    classification: str
    submission_numbers: list[str]
    fda_listing_numbers: list[str]
    listings: list[ListedUnder]
    changed_at: datetime
    version: int
    """How many changes its listings have seen."""


@dataclass(frozen=True)
class DeviceSearch:
    """What a model must have; all of one listing where it is said of listings. Empty: any."""

    numbers: frozenset[int] | None = None
    manufacturers: frozenset[int] | None = None
    codes: frozenset[str] | None = None
    status: str = "all"
    on: date | None = None
    """The date of service on which the status is reckoned; needed with one."""
    name: str = ""
    model_number: str = ""
    changed_from: datetime | None = None
    """Inclusive."""
    changed_before: datetime | None = None
    """Exclusive."""

    @property
    def found(self) -> QuerySet[ProductModel]:
        listed = RegisterEntry.objects.filter(listing__model=OuterRef("pk"))
        if self.manufacturers is not None:
            its_own = Organization.objects.filter(Q(pk__in=self.manufacturers) | Q(merged_into__in=self.manufacturers))
            listed = listed.filter(manufacturer_organization__in=its_own)
        if self.codes is not None:
            listed = listed.filter(code__in=self.codes)
        if self.on is not None:
            listed = with_status(listed, self.status, on=self.on)
        found = ProductModel.objects.filter(Exists(listed))
        if self.numbers is not None:
            found = found.filter(pk__in=self.numbers)
        if self.name:
            # Both by an index: either condition by itself would be one that no index serves.
            today = Product.objects.filter(name__istartswith=self.name).order_by().values("pk")
            other = ProductName.objects.filter(name__istartswith=self.name).order_by().values("product")
            found = found.filter(product__in=today.union(other, all=True))
        if self.model_number:
            found = found.filter(normalized__startswith=self.model_number)
        changed = RegisterEntry.objects.filter(listing__model=OuterRef("pk"))
        if self.changed_from is not None:
            found = found.filter(Exists(changed.filter(changed_at__gte=self.changed_from)))
        if self.changed_before is not None:
            found = found.filter(~Exists(changed.filter(changed_at__gte=self.changed_before)))
        return found


def devices_of(models: QuerySet[ProductModel]) -> list[Device]:
    """In the order, and with the slice, that `models` has."""
    numbers = list(models.values_list("pk", flat=True))
    found = {
        device.number: device for device in _devices(_rows(RegisterEntry.objects.filter(listing__model__in=numbers)))
    }
    return [found[number] for number in numbers]


def all_devices(search: DeviceSearch) -> Iterator[Device]:
    """All that are found, as of one instant, with flat memory. Holds a transaction until the last is drawn."""
    with transaction.atomic():
        entries = RegisterEntry.objects.filter(listing__model__in=search.found)
        yield from _devices(_rows(entries).iterator(chunk_size=ROWS_AT_ONCE))


def _rows(entries: QuerySet[RegisterEntry]) -> QuerySet[Any, Any]:
    names = ProductName.objects.filter(product=OuterRef("listing__model__product")).order_by("used", "name")
    other_names = ArraySubquery(names.values("name"))
    return entries.order_by("listing__model", "listing_id").values_list(*_COLUMNS, other_names)


def _devices(rows: Iterable[Any]) -> Iterator[Device]:
    for number, of_one in groupby(rows, key=lambda row: row[0]):
        yield _device(number, list(of_one))


def _device(number: int, rows: list[Any]) -> Device:
    # What is said of the product is the same in every row.
    product, model_number, maker, maker_number, distributor, distributor_number, group, udi = rows[0][7:15]
    submissions, fda_listings, other_names = rows[0][15:]
    return Device(
        number=number,
        product=product,
        other_names=[name for name in dict.fromkeys(other_names) if name != product],
        model_number=model_number,
        udi_di=udi,
        manufacturer=(maker_number, maker),
        distributor=(distributor_number, distributor) if distributor_number else None,
        classification=group,
        submission_numbers=submissions,
        fda_listing_numbers=fda_listings,
        listings=[ListedUnder(row[1], row[2], row[3], row[4].lower, last_day(row[4])) for row in rows],
        changed_at=max(row[5] for row in rows),
        version=sum(row[6] for row in rows),
    )
