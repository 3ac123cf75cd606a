"""Listings for tests, published through the services that the register uses, and the codes that they stand under."""

import itertools
from datetime import date
from typing import Any

from django.db.backends.postgresql.psycopg_any import DateRange

from hcpcs.models import Code, Kind, Release
from pcl.models import Listing, Organization, Origin, Product, ProductName, Publication, Requirement
from pcl.queries.organization_names import find_organization
from pcl.services.organizations import create_organization
from pcl.services.products import ensure_model, ensure_product
from pcl.services.publish_listing import publish_listing

_numbers = itertools.count(1)


def make_code(code: str, *, added: date = date(2000, 1, 1), terminated: date | None = None, **fields: Any) -> Code:
    """One meaning of a code, as a release would leave it."""
    release, _ = Release.objects.get_or_create(
        year=2026,
        quarter=4,
        defaults={"file_name": "HCPC2026_OCT_ANWEB.txt", "sha256": "0" * 64},
    )
    said = {"long_description": f"Description of {code}", "short_description": f"Short {code}", **fields}
    return Code.objects.create(
        kind=Kind.CODE,
        code=code,
        added=added,
        terminated=terminated,
        first_release=release,
        last_release=release,
        **said,
    )


def some_code(code: str) -> Code:
    """The code as it is, or made now."""
    return Code.objects.filter(code=code).order_by("-added").first() or make_code(code)


def some_organization(name: str) -> Organization:
    return find_organization(name) or create_organization(name=name)


def make_product(
    name: str,
    *,
    manufacturer: str = "Argo Technologies",
    distributor: str = "",
    classification: str = "Powered Orthoses",
    other_names: tuple[str, ...] = (),
) -> Product:
    product = ensure_product(
        manufacturer=some_organization(manufacturer),
        distributor=some_organization(distributor) if distributor else None,
        name=name,
        classification=classification,
    )
    for other in other_names:
        ProductName.objects.get_or_create(product=product, name=other, used=DateRange(None, None))
    return product


def publish(
    product: str = "",
    *,
    code: str | Code = "K1007",
    model_number: str = "",
    begins: date = date(2024, 1, 1),
    origin: Origin = Origin.DETERMINATION,
    comment: str = "",
    reason: str = "Determination of a coding verification review.",
    **of_product: Any,
) -> Listing:
    """A listing on the public list; its product, model, organizations and code are made where they are not there."""
    made = make_product(product or f"Product {next(_numbers)}", **of_product)
    return publish_listing(
        model=ensure_model(product=made, model_number=model_number),
        code=some_code(code) if isinstance(code, str) else code,
        begins=begins,
        origin=origin,
        comment=comment,
        reason=reason,
    )


def make_publication(slug: str = "a-publication", **fields: Any) -> Publication:
    said = {
        "title": "Some Device - Correct Coding",
        "publishers": ["DME MACs", "PDAC"],
        "posted": date(2023, 12, 28),
        "last_updated": date(2023, 12, 28),
        "body": "*A summary.*",
        **fields,
    }
    return Publication.objects.create(slug=slug, **said)


def require(code: Code, *, begins: date | None, ends: date | None = None, **fields: Any) -> Requirement:
    """That products be listed for `code` on dates of service from `begins` to before `ends`."""
    said = {"product_group": "powered-orthoses", "source": "Some list", **fields}
    return Requirement.objects.create(code=code, in_force=DateRange(begins, ends), **said)
