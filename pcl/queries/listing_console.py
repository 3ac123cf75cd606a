"""A listing as its registrar sees it: with who changed it, which the public never learns."""

from dataclasses import dataclass
from datetime import date

from pcl.models import Listing, ListingChange, ProductName, RegisterEntry
from pcl.queries.change_feed import changes_of
from pcl.queries.keyset import Row
from pcl.queries.listing_filter import ORDERS
from pcl.queries.listing_shown import shown_listings
from pcl.queries.possible_acts import ListingAct, possible_acts

MOST_RELATED = 50


@dataclass(frozen=True)
class ConsoleListing:
    listing: Listing
    entry: RegisterEntry
    shown: Row
    other_names: list[ProductName]
    changes: list[ListingChange]
    """Newest first, with who made each."""
    acts: list[ListingAct]
    same_product: list[Row]
    """The other listings of the product: they change with it when it is renamed."""


def console_listing(listing_id: int, *, on: date) -> ConsoleListing | None:
    """None where there never was such a listing."""
    listing = listing_to_act_on(listing_id)
    if listing is None:
        return None
    related = ("code_meaning", "manufacturer_organization", "distributor_organization")
    of_it = RegisterEntry.objects.filter(pk=listing_id)
    shown_on_day = shown_listings(on=on)
    of_product = list(
        Listing.objects.filter(model__product=listing.model.product_id)
        .exclude(pk=listing_id)
        .values_list("pk", flat=True)
    )
    others = RegisterEntry.objects.filter(pk__in=of_product).order_by(*ORDERS["code"].columns)
    return ConsoleListing(
        listing=listing,
        entry=of_it.select_related(*related).defer("search", "code_meaning__search").get(),
        shown=shown_on_day(of_it)[0],
        other_names=list(listing.model.product.names.all()),
        changes=list(changes_of(listing_id).select_related("by").order_by("-seq")),
        acts=possible_acts(last_day=listing.effective_to, today=on),
        same_product=shown_on_day(others[:MOST_RELATED]) if of_product else [],
    )


def listing_to_act_on(listing_id: int) -> Listing | None:
    related = ("code", "model__product__manufacturer", "model__product__distributor")
    return Listing.objects.select_related(*related).defer("code__search").filter(pk=listing_id).first()


def changes_since(listing_id: int, *, version: int) -> list[ListingChange]:
    """What was done to the listing after somebody saw that version of it, oldest first, with who did it."""
    return list(changes_of(listing_id).filter(version__gt=version).select_related("by"))


def known_classifications() -> list[str]:
    """Every classification that a listed product has."""
    found = RegisterEntry.objects.exclude(classification="").order_by("classification")
    return list(found.values_list("classification", flat=True).distinct())
