"""Which organization is meant by a name: under every name that it ever had."""

from pcl.models import Organization, OrganizationName
from pcl.names import name_key


def find_organization(name: str) -> Organization | None:
    """The organization of that name, today's or an earlier one, in any case; the one it was merged into, if any."""
    wanted = " ".join(name.split())
    found = Organization.objects.filter(name__iexact=wanted).order_by("merged_into", "id").first()
    if found is None:
        said = OrganizationName.objects.filter(name__iexact=wanted).select_related("organization").first()
        found = said.organization if said else None
    return _where_it_went(found)


def find_look_alike(name: str) -> Organization | None:
    """An organization whose name, today's or an earlier one, a person might take for `name`. It may be another one."""
    key = name_key(name)
    found = Organization.objects.filter(name_key=key).order_by("merged_into", "id").first()
    if found is None:
        said = OrganizationName.objects.filter(name_key=key).select_related("organization").first()
        found = said.organization if said else None
    return _where_it_went(found)


def _where_it_went(organization: Organization | None) -> Organization | None:
    while organization is not None and organization.merged_into is not None:
        organization = organization.merged_into
    return organization
