"""The product that an application describes, on the register."""

from pcl.models import Product
from pcl.queries.organization_names import find_organization
from pcl.services.organizations import create_organization, lock_organization_names
from pcl.services.products import ensure_product
from verification.models import Application


def described_product(application: Application) -> Product:
    """The product that `application` describes, found by its names or founded with them."""
    # Two determinations at once on products of the same new maker must not both found it.
    lock_organization_names()
    maker = find_organization(application.manufacturer_name) or create_organization(name=application.manufacturer_name)
    distributor = None
    if application.distributor_name:
        distributor = find_organization(application.distributor_name) or create_organization(
            name=application.distributor_name
        )
    return ensure_product(
        manufacturer=maker,
        distributor=distributor,
        name=application.product_name,
        classification=application.group.title,
    )
