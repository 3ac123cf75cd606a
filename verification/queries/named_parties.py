"""Whom an application names as manufacturer and distributor, where that is not the applicant."""

from dataclasses import dataclass

from django.db.models import Q

from pcl.models import Organization, OrganizationName
from pcl.names import name_key
from verification.models import Application


@dataclass(frozen=True)
class NamedParty:
    role: str
    """`manufacturer` or `distributor`."""
    name: str
    """As the application gives it."""
    organization: Organization | None
    """The organization that the register knows under that name or one that looks like it."""


def other_organizations(application: Application) -> list[NamedParty]:
    """Manufacturer and distributor of `application` that are not the organization for which the applicant acts.

    Asks the database two questions at most, and none where the applicant names only itself.
    """
    own = _written(application.organization.name)
    said = [("manufacturer", application.manufacturer_name), ("distributor", application.distributor_name)]
    others = [(role, name) for role, name in said if _written(name) not in ("", own)]
    if not others:
        return []
    known = _known([name for _, name in others])
    parties = [NamedParty(role, name, known.get(name)) for role, name in others]
    return [party for party in parties if party.organization != application.organization]


def _known(names: list[str]) -> dict[str, Organization]:
    """By name, as pcl/queries/organization_names.py finds one: of that name first, then one that looks like it."""
    same = Q(name_key__in=[name_key(name) for name in names])
    for name in names:
        same |= Q(name__iexact=" ".join(name.split()))
    today = [
        (each.name, each.name_key, each)
        for each in Organization.objects.filter(same).select_related("merged_into").order_by("merged_into", "id")
    ]
    former = [
        (said.name, said.name_key, said.organization)
        for said in OrganizationName.objects.filter(same).select_related("organization__merged_into")
    ]
    found: dict[str, Organization] = {}
    for name in names:
        written, key = _written(name), name_key(name)
        candidates = [
            *(each for said, _, each in today if _written(said) == written),
            *(each for said, _, each in former if _written(said) == written),
            *(each for _, said, each in today if said == key),
            *(each for _, said, each in former if said == key),
        ]
        if candidates:
            found[name] = _where_it_went(candidates[0])
    return found


def _where_it_went(organization: Organization) -> Organization:
    while organization.merged_into is not None:
        organization = organization.merged_into
    return organization


def _written(name: str) -> str:
    return " ".join(name.split()).casefold()
