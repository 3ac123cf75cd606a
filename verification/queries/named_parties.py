"""Whom an application names as manufacturer and distributor, where that is not the applicant."""

from dataclasses import dataclass

from pcl.models import Organization
from pcl.queries.organization_names import find_look_alike, find_organization
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
    """Manufacturer and distributor of `application` that are not the organization for which the applicant acts."""
    said = [("manufacturer", application.manufacturer_name), ("distributor", application.distributor_name)]
    parties = [
        NamedParty(role, name, find_organization(name) or find_look_alike(name)) for role, name in said if name.strip()
    ]
    return [party for party in parties if party.organization != application.organization]
