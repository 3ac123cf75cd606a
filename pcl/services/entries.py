"""Keeps the row that the register shows in step with the listing."""

from datetime import datetime

from django.contrib.postgres.search import SearchVector
from django.db.models import Value

from pcl.models import Listing, RegisterEntry
from pcl.text import normalize_model_number, search_text


def refresh_entry(listing: Listing, *, at: datetime) -> None:
    """Write what the public list shows of `listing` since the instant `at`."""
    product = listing.model.product
    maker, distributor = product.manufacturer, product.distributor
    names = [listing.code.code, product.name, maker.name]
    names += product.names.values_list("name", flat=True)
    names += maker.names.values_list("name", flat=True)
    if distributor:
        names += [distributor.name, *distributor.names.values_list("name", flat=True)]
    shown = {
        "code_meaning": listing.code,
        "manufacturer_organization": maker,
        "distributor_organization": distributor,
        "code": listing.code.code,
        "manufacturer": maker.name,
        "distributor": distributor.name if distributor else "",
        "product": product.name,
        "model_number": listing.model.model_number,
        "model_normalized": normalize_model_number(listing.model.model_number),
        "classification": product.classification,
        "effective": listing.effective,
        "origin": listing.origin,
        "comment": listing.comment,
        "changed_at": at,
        "search": SearchVector(Value(search_text(names, model_number=listing.model.model_number)), config="simple"),
    }
    RegisterEntry.objects.update_or_create(
        listing=listing, defaults=shown, create_defaults={**shown, "published_at": at}
    )
