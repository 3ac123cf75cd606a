"""Organizations: made once per name, found under every name that they ever had."""

from django.db import connection, transaction
from django.utils.text import slugify

from pcl.errors import RegisterError
from pcl.models import Organization, OrganizationName


def find_organization(name: str) -> Organization | None:
    """The organization of that name, today's or an earlier one, in any case; the one it was merged into, if any."""
    wanted = " ".join(name.split())
    found = Organization.objects.filter(name__iexact=wanted).order_by("merged_into", "id").first()
    if found is None:
        said = OrganizationName.objects.filter(name__iexact=wanted).select_related("organization").first()
        found = said.organization if said else None
    while found is not None and found.merged_into is not None:
        found = found.merged_into
    return found


def lock_organization_names() -> None:
    """Until the transaction ends, nobody else looks whether a name is free: of two founders one finds the other."""
    with connection.cursor() as cursor:
        cursor.execute("LOCK TABLE pcl_organization IN SHARE ROW EXCLUSIVE MODE")


def create_organization(*, name: str) -> Organization:
    """A new organization with an address of its own. Raises RegisterError when the name is empty."""
    name = " ".join(name.split())
    if not name:
        raise RegisterError("Give the organization's name.")
    stem = slugify(name)[:100] or "organization"
    with transaction.atomic():
        taken = set(Organization.objects.filter(slug__startswith=stem).values_list("slug", flat=True))
        slug, number = stem, 2
        while slug in taken:
            slug, number = f"{stem}-{number}", number + 1
        return Organization.objects.create(slug=slug, name=name)
