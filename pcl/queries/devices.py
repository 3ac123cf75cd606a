"""Product models with everything that is listed of them: one question to the database for a page, one for all."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet

from pcl.models import Listing, Organization, Product, ProductModel, ProductName, RegisterEntry
from pcl.models.listing import last_day
from pcl.queries.keyset import IsAnyOf, Order
from pcl.queries.listing_status import with_status

BY_NUMBER = Order(columns=("pk",), key=("number",))
ROWS_AT_ONCE = 2000
# More than these are so many that a page is soon full.
MOST_CHANGED = 100_000
MOST_NAMED = 3_000
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
        """Made with some short questions to the database, which tell how this one is best asked."""
        listed = RegisterEntry.objects.all()
        if self.manufacturers is not None:
            its_own = Organization.objects.filter(Q(pk__in=self.manufacturers) | Q(merged_into__in=self.manufacturers))
            # As numbers, of which PostgreSQL knows how many listings each has.
            listed = listed.filter(manufacturer_organization__in=list(its_own.values_list("pk", flat=True)))
        if self.codes is not None:
            listed = listed.filter(code__in=self.codes)
        if self.on is not None:
            listed = with_status(listed, self.status, on=self.on)
        # What is to come was published last, far behind in the order of numbers.
        found = _found_first(listed) if self.status == "future" else _with_one_of(listed)
        if self.numbers is not None:
            found = found.filter(pk__in=self.numbers)
        if self.name:
            found = found.filter(_has_name(self.name))
        if self.model_number:
            found = found.filter(normalized__startswith=self.model_number)
        return self._changed(found)

    def _changed(self, found: QuerySet[ProductModel]) -> QuerySet[ProductModel]:
        """Those whose last change falls into the time asked for."""
        if self.changed_from is None and self.changed_before is None:
            return found
        changed = RegisterEntry.objects.all()
        if self.changed_from is not None:
            changed = changed.filter(changed_at__gte=self.changed_from)
        if self.changed_before is not None:
            later = RegisterEntry.objects.filter(listing__model=OuterRef("pk"), changed_at__gte=self.changed_before)
            found = found.filter(~Exists(later))
            changed = changed.filter(changed_at__lt=self.changed_before)
        is_few = changed.order_by()[: MOST_CHANGED + 1].count() <= MOST_CHANGED
        # Changes of one time lie together, too.
        return found & (_found_first(changed) if is_few else _with_one_of(changed))


def _with_one_of(entries: QuerySet[RegisterEntry]) -> QuerySet[ProductModel]:
    """The models of which one of the `entries` is a listing.

    Of many, PostgreSQL goes from model to model until a page is full, as if they were spread evenly.
    """
    return ProductModel.objects.filter(Exists(entries.filter(listing__model=OuterRef("pk"))))


def _found_first(entries: QuerySet[RegisterEntry]) -> QuerySet[ProductModel]:
    """The same, for those that may lie together, so that going from model to model would be going past nearly all."""
    listings = ArraySubquery(entries.order_by().values("pk"))
    models = Listing.objects.filter(IsAnyOf(F("pk"), listings)).values("model")
    return ProductModel.objects.filter(IsAnyOf(F("pk"), ArraySubquery(models)))


def _has_name(begin: str) -> Q:
    """Of products, whose names today and others begin so."""
    today = Product.objects.filter(name__istartswith=begin).order_by().values("pk")
    others = ProductName.objects.filter(name__istartswith=begin).order_by()
    # Each by an index: either condition by itself would be one that no index serves.
    numbers = today.union(others.values("product"), all=True)
    if len(numbers[: MOST_NAMED + 1]) <= MOST_NAMED:
        return Q(IsAnyOf(F("product"), ArraySubquery(numbers)))
    either = Q(name__istartswith=begin) | Exists(others.filter(product=OuterRef("pk")))
    return Q(Exists(Product.objects.filter(either, pk=OuterRef("product"))))


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
