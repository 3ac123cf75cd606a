"""Publish listings without an application: those that CMS assigned, and those of an earlier list."""

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

from django.db import transaction

from pcl.errors import RegisterError
from pcl.models import Listing, Organization, Origin
from pcl.queries.code_to_list import code_to_list
from pcl.queries.organization_names import find_look_alike, find_organization
from pcl.services.changes import stand_at_the_chain
from pcl.services.organizations import create_organization, lock_organization_names
from pcl.services.products import ensure_model, ensure_product, possible_product_name
from pcl.services.publish_listing import publish_listing

if TYPE_CHECKING:
    from accounts.models import User


class LooksAlikeError(RegisterError):
    """There is an organization of nearly that name. Only a person knows whether it is the same."""

    def __init__(self, name: str, known: Organization) -> None:
        super().__init__(
            f"The register knows “{known.name}”, which looks like “{name}”. Write that name if it is the same "
            "organization; or say that it is another one."
        )
        self.known = known


@transaction.atomic
def publish_product(
    *,
    manufacturer: str,
    distributor: str,
    product: str,
    classification: str,
    model_numbers: Sequence[str],
    code: str,
    begins: date,
    origin: Origin,
    comment: str,
    reason: str,
    by: "User | None",
    may_look_alike: bool = False,
) -> list[Listing]:
    """List each model of a product under `code` for dates of service from `begins` (inclusive) on.

    Organizations and product are the known ones of those names (today's or former), or made now. No model number means
    that none is stated. All or nothing. Raises LooksAlikeError unless `may_look_alike`; RegisterError for a product
    known in another classification, for a code not valid on `begins`, and for a model listed already.
    """
    stand_at_the_chain()
    meaning = code_to_list(code, begins=begins)
    maker = organization_of_name(manufacturer, may_look_alike=may_look_alike)
    seller = organization_of_name(distributor, may_look_alike=may_look_alike) if distributor.strip() else None
    classification = " ".join(classification.split())
    made = ensure_product(
        manufacturer=maker, distributor=seller, name=possible_product_name(product), classification=classification
    )
    if classification and made.classification != classification:
        raise RegisterError(
            f"The register has “{made.name}” by {maker.name} in the classification “{made.classification}”. "
            "Write that one, or leave it empty; or correct the product first."
        )
    listings = []
    for number in model_numbers or [""]:
        try:
            listings.append(
                publish_listing(
                    model=ensure_model(product=made, model_number=number),
                    code=meaning,
                    begins=begins,
                    origin=origin,
                    comment=comment.strip(),
                    reason=reason,
                    by=by,
                )
            )
        except RegisterError as error:
            raise RegisterError(f"Model {number}: {error}" if number else str(error)) from error
    return listings


def organization_of_name(name: str, *, may_look_alike: bool) -> Organization:
    """The organization of that name, today's or a former one; made where there is none.

    In a transaction only. Raises LooksAlikeError for a name that a person might take for a known one's, unless
    `may_look_alike`; RegisterError for what cannot be a name.
    """
    lock_organization_names()
    found = find_organization(name)
    if found is not None:
        return found
    alike = find_look_alike(name)
    if alike is not None and not may_look_alike:
        raise LooksAlikeError(" ".join(name.split()), alike)
    return create_organization(name=name)
