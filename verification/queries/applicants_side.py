"""From which side of an application somebody begins another one: for an own organization, or through an authorization.

It decides who may read the new one (verification/queries/representation.py).
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pcl.models import Organization
from verification.models import Application
from verification.models.application import ApplicationKind
from verification.queries.organizations import Behalf, on_whose_behalf
from verification.queries.representation import family_of

if TYPE_CHECKING:
    from accounts.models import User


@dataclass(frozen=True)
class Begun:
    """Whether a person may begin it at all, and through which representative; None where it is their own."""

    may: bool
    made_by: Organization | None = None
    why_not: str = ""


def side_of(
    user: "User", organization: Organization, *, kind: ApplicationKind, after: Application | None = None
) -> Begun:
    """How `user` may begin an application of `kind` for `organization`.

    Of several ways, the one by which `after`, the earlier application, was made; then that of an own organization.
    """
    family = family_of(organization)
    ways = [each for each in on_whose_behalf(user, kind=kind) if each.organization.pk in family]
    if ways:
        made_by = min(ways, key=lambda way: _is_another_way(way, after)).made_by
        return Begun(may=True, made_by=made_by)
    if any(each.organization.pk in family for each in on_whose_behalf(user)):
        said = f"Your authorization does not extend to this kind of application: {kind.label.lower()}."
        return Begun(may=False, why_not=f"{said} Ask {organization.name} to extend it.")
    return Begun(may=False, why_not=f"You do not act for {organization.name}.")


def _is_another_way(way: Behalf, after: Application | None) -> bool:
    if after is None or after.made_by is None:
        return way.made_by is not None
    return way.made_by is None or after.made_by_id not in family_of(way.made_by)
