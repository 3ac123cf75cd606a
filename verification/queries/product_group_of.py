"""Which product group a listing is of."""

from pcl.models import Listing
from verification.models import Application
from verification.product_groups import ProductGroup, groups


def product_group_of(listing: Listing) -> ProductGroup | None:
    """The group under which it was reviewed, or else one that has its code, or its classification; None for none."""
    reviewed = Application.objects.filter(determination__codes__listing=listing).values_list("product_group").first()
    known = groups()
    for group in known:
        if reviewed and group.slug == reviewed[0]:
            return group
    for group in known:
        if listing.code.code in group.codes or group.title == listing.model.product.classification:
            return group
    return None
