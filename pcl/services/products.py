"""Products and their models: made once and found again, renamed and corrected with all their listings."""

from datetime import date
from typing import TYPE_CHECKING

from django.db import transaction

from pcl.dates import refuse_implausible_day
from pcl.errors import RegisterError
from pcl.models import Listing, Organization, Product, ProductModel
from pcl.models.listing_change import ChangeKind
from pcl.names import has_unseen_characters
from pcl.queries.organization_names import find_organization
from pcl.services.names import close_name, listings_follow, name_since
from pcl.services.organizations import create_organization, lock_organization_names
from pcl.text import normalize_model_number

if TYPE_CHECKING:
    from accounts.models import User


def ensure_product(
    *, manufacturer: Organization, name: str, classification: str = "", distributor: Organization | None = None
) -> Product:
    """The product of that manufacturer, distributor and name; made when there is none."""
    name = " ".join(name.split())
    found = Product.objects.filter(manufacturer=manufacturer, distributor=distributor, name__iexact=name).first()
    return found or Product.objects.create(
        manufacturer=manufacturer, distributor=distributor, name=name, classification=classification
    )


def ensure_model(*, product: Product, model_number: str) -> ProductModel:
    """The product's model of that number, however it is punctuated. An empty number means that none is stated."""
    model_number = " ".join(model_number.split())
    normalized = normalize_model_number(model_number)
    found = ProductModel.objects.filter(product=product, normalized=normalized).first()
    return found or ProductModel.objects.create(product=product, model_number=model_number, normalized=normalized)


@transaction.atomic
def rename_product(*, product: Product, name: str, since: date, source: str, reason: str, by: "User | None") -> Product:
    """Call `product` `name` from day `since` on; the name before stays findable, with its days.

    Raises RegisterError for what cannot be a name, is the name already, or begins before the name it follows.
    """
    refuse_implausible_day(since)
    name = possible_product_name(name)
    with listings_follow(Listing.objects.filter(model__product=product), kind=ChangeKind.RENAMED, reason=reason, by=by):
        product = Product.objects.select_for_update().get(pk=product.pk)
        if product.name == name:
            raise RegisterError(f"The product is called “{name}” already.")
        began = name_since(product.names)
        close_name(product.names, name=product.name, began=began, since=since, source=source)
        product.name = name
        product.save(update_fields=["name"])
    return product


@transaction.atomic
def correct_product(*, product: Product, name: str, classification: str, reason: str, by: "User | None") -> Product:
    """Put right a product's name or classification that was written by mistake; a mistaken name is not kept as a name.

    Raises RegisterError for what cannot be a name, and when nothing differs.
    """
    name, classification = possible_product_name(name), " ".join(classification.split())
    listings = Listing.objects.filter(model__product=product)
    with listings_follow(listings, kind=ChangeKind.CORRECTED, reason=reason, by=by):
        product = Product.objects.select_for_update().get(pk=product.pk)
        if (product.name, product.classification) == (name, classification):
            raise RegisterError("That is what the register says already. Change the name or the classification.")
        product.name, product.classification = name, classification
        product.save(update_fields=["name", "classification"])
    return product


@transaction.atomic
def correct_distributor(*, product: Product, name: str, reason: str, by: "User | None") -> Product:
    """Put right which distributor is named, where that was a mistake; one that the register does not know is made.

    Raises RegisterError for what cannot be a name, when it is named already, and when the manufacturer has the same
    product under that distributor.
    """
    with listings_follow(
        Listing.objects.filter(model__product=product), kind=ChangeKind.CORRECTED, reason=reason, by=by
    ):
        lock_organization_names()
        product = Product.objects.select_for_update().get(pk=product.pk)
        distributor = find_organization(name) or create_organization(name=name)
        if product.distributor_id == distributor.pk:
            raise RegisterError(f"“{distributor.name}” is the distributor already.")
        same = Product.objects.filter(manufacturer=product.manufacturer_id, name__iexact=product.name)
        if same.filter(distributor=distributor).exclude(pk=product.pk).exists():
            raise RegisterError(f"The register has this product under “{distributor.name}”. Correct that one instead.")
        product.distributor = distributor
        product.save(update_fields=["distributor"])
    return product


@transaction.atomic
def correct_model_number(*, model: ProductModel, model_number: str, reason: str, by: "User | None") -> ProductModel:
    """Put right a model number that was written by mistake. An empty one says that none is stated.

    Raises RegisterError when the product has another model of that number, and when nothing differs.
    """
    model_number = " ".join(model_number.split())
    normalized = normalize_model_number(model_number)
    with listings_follow(Listing.objects.filter(model=model), kind=ChangeKind.CORRECTED, reason=reason, by=by):
        model = ProductModel.objects.select_for_update().get(pk=model.pk)
        if model.model_number == model_number:
            raise RegisterError("That is the model number already.")
        if ProductModel.objects.filter(product=model.product_id, normalized=normalized).exclude(pk=model.pk).exists():
            raise RegisterError(f"The product has another model {model_number}. Correct that one's listings instead.")
        model.model_number, model.normalized = model_number, normalized
        model.save(update_fields=["model_number", "normalized"])
    return model


def possible_product_name(name: str) -> str:
    """`name` with single blanks. Raises RegisterError for one without a letter or digit, or with unseen characters."""
    name = " ".join(name.split())
    if has_unseen_characters(name):
        raise RegisterError("The name holds characters that cannot be seen. Type it instead of pasting it.")
    if not any(character.isalnum() for character in name):
        raise RegisterError("Give the product's name, in letters or digits.")
    return name
