"""What an accepted attestation of a change of name does to the register: a new name, or a merger."""

from datetime import date
from typing import TYPE_CHECKING

from pcl.errors import RegisterError
from pcl.services.organizations import (
    create_organization,
    lock_organization_names,
    merge_organizations,
    rename_organization,
)
from verification.models import Determination, Outcome
from verification.queries.name_change import name_change

if TYPE_CHECKING:
    from accounts.models import User


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
