"""What an accepted attestation does to the register: new models beside their siblings, a new name, a merger."""

from datetime import date
from typing import TYPE_CHECKING

from pcl.errors import RegisterError
from pcl.models import Origin
from pcl.services.organizations import (
    create_organization,
    lock_organization_names,
    merge_organizations,
    rename_organization,
)
from pcl.services.products import ensure_model
from pcl.services.publish_listing import publish_listing
from verification.models import Determination, Outcome
from verification.queries.name_change import name_change

if TYPE_CHECKING:
    from accounts.models import User


def publish_added_models(determination: Determination, *, by: "User | None", begins: date | None, reason: str) -> None:
    """The new models of the listed product, under the codes that were assigned to them: those of their siblings."""
    if not determination.assigns_codes:
        return
    if begins is None:
        raise RegisterError("Give the first date of service to which the listing applies.")
    sibling = determination.application.concerned.select_related("listing__model__product").first()
    assert sibling is not None, "models are added to a listing"  # noqa: S101
    product = sibling.listing.model.product
    for assigned in determination.codes.select_related("model", "code"):
        assigned.listing = publish_listing(
            model=ensure_model(product=product, model_number=assigned.model.model_number),
            code=assigned.code,
            begins=begins,
            origin=Origin.DETERMINATION,
            reason=reason,
            by=by,
        )
        assigned.save(update_fields=["listing"])


def publish_name_change(determination: Determination, *, by: "User | None", begins: date | None, reason: str) -> None:
    """Rename the organization, or merge it into the other one, which is made where the register does not know it.

    Raises RegisterError where the register has changed so that it cannot be done: renamed or merged meanwhile.
    """
    if determination.outcome != Outcome.ACCEPTED:
        return
    lock_organization_names()
    change = name_change(determination.application)
    if change.since is None:
        raise RegisterError("The day of the change is not stated.")
    source = f"Attestation on application {determination.application.dcn}"
    if not change.is_merger:
        rename_organization(
            organization=change.organization, name=change.name, since=change.since, source=source, reason=reason, by=by
        )
        return
    merge_organizations(
        merged=change.organization,
        into=change.into or create_organization(name=change.name),
        since=change.since,
        source=source,
        reason=reason,
        by=by,
    )
