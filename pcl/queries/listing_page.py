"""Everything that the permanent page of a listing tells."""

from dataclasses import dataclass
from datetime import date

from pcl.models import Listing, ListingChange, ProductName, RegisterEntry
from pcl.queries.change_feed import changes_of
from pcl.queries.codes import code_status
from pcl.queries.keyset import Row
from pcl.queries.listing_filter import ORDERS
from pcl.queries.listing_shown import shown_listings
from pcl.queries.listing_status import with_status
from pcl.queries.requirements import RequirementOnDay, requirement_for

MOST_RELATED = 10


@dataclass(frozen=True)
class ListingPage:
    entry: RegisterEntry
    shown: Row
    other_names: list[ProductName]
    code_status: str
    requirement: RequirementOnDay | None
    changes: list[ListingChange]
    same_product: list[Row]
    """Its other models and codes, whenever they are in force."""
    same_code: list[Row]
    """Other products that can be billed under the code on the day."""


def listing_page(listing_id: int, *, on: date) -> ListingPage | None:
    """None where there never was such a listing."""
    of_it = RegisterEntry.objects.filter(pk=listing_id)
    related = ("code_meaning", "manufacturer_organization", "distributor_organization", "listing__model__product")
    entry = of_it.select_related(*related).defer("search", "code_meaning__search").first()
    if entry is None:
        return None
    shown_on_day = shown_listings(on=on)
    in_order = [*ORDERS["code"].columns]
    others = RegisterEntry.objects.exclude(pk=entry.pk).order_by(*in_order)
    product = entry.listing.model.product
    # Fetched first: the register's rows are then found by their keys, however many there are.
    of_product = list(Listing.objects.filter(model__product=product).values_list("pk", flat=True))
    under_code = others.filter(code=entry.code, code_meaning=entry.code_meaning).exclude(pk__in=of_product)
    same_code = with_status(under_code, "current", on=on)
    return ListingPage(
        entry=entry,
        shown=shown_on_day(of_it)[0],
        other_names=list(product.names.all()),
        code_status=code_status(entry.code_meaning, on=on),
        requirement=requirement_for(entry.code_meaning, on=on),
        changes=list(changes_of(entry.pk)),
        same_product=shown_on_day(others.filter(pk__in=of_product)[:MOST_RELATED]),
        same_code=shown_on_day(same_code[:MOST_RELATED]),
    )
