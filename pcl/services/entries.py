"""Keeps the row that the register shows in step with the listing."""

from datetime import datetime

from django.contrib.postgres.search import SearchVector
from django.db.models import Value

from pcl.models import Listing, RegisterEntry
from pcl.text import SearchedPart, model_number_text, normalize_model_number, search_text


def refresh_entry(listing: Listing, *, at: datetime) -> None:
    """Write what the public list shows of `listing` since the instant `at`."""
    product = listing.model.product
    maker, distributor = product.manufacturer, product.distributor
    product_names = [product.name, *product.names.values_list("name", flat=True)]
    organization_names = [maker.name, *maker.names.values_list("name", flat=True)]
    if distributor:
        organization_names += [distributor.name, *distributor.names.values_list("name", flat=True)]
    search = (
        _searched(search_text(product_names), SearchedPart.PRODUCT)
        + _searched(search_text(organization_names), SearchedPart.ORGANIZATION)
        + _searched(search_text([listing.code.code]), SearchedPart.CODE)
        + _searched(model_number_text(listing.model.model_number), SearchedPart.MODEL_NUMBER)
    )
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
        "search": search,
    }
    RegisterEntry.objects.update_or_create(
        listing=listing, defaults=shown, create_defaults={**shown, "published_at": at}
    )


def _searched(text: str, part: str) -> SearchVector:
    return SearchVector(Value(text), config="simple", weight=part)
