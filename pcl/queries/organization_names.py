"""Which organization is meant by a name: under every name that it ever had."""

from pcl.models import Organization, OrganizationName
from pcl.names import name_key
from pcl.queries.vocabulary import nearest


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


def spelled_nearly(name: str) -> Organization | None:
    """An organization that may be meant, where `name` has a slip of the keyboard. One query; of many, a moment."""
    key = name_key(name)
    keys = Organization.objects.exclude(name_key=key).values_list("name_key", flat=True)
    likely = nearest(key, list(keys.distinct()), most=1)
    return _where_it_went(Organization.objects.filter(name_key=likely[0]).order_by("id").first()) if likely else None


def _where_it_went(organization: Organization | None) -> Organization | None:
    while organization is not None and organization.merged_into is not None:
        organization = organization.merged_into
    return organization
