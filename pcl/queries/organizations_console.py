"""Organizations as the registrar sees them: also those that only asked to be let in, and what each has on the list."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, F, Q, QuerySet

from pcl.models import Organization, OrganizationName, RegisterEntry
from pcl.queries.keyset import Row
from pcl.queries.names_on_day import with_origin
from pcl.queries.organizations import MOST_WORDS


def find_organizations(q: str = "") -> QuerySet[Organization]:
    """All of whose names, today's and former, each word of `q` is a part."""
    found = Organization.objects.select_related("merged_into").prefetch_related("names")
    for word in q.split()[:MOST_WORDS]:
        found = found.filter(
            Q(name__icontains=word) | Q(pk__in=Organization.objects.filter(names__name__icontains=word))
        )
    return found


def console_rows(organizations: QuerySet[Organization]) -> list[Row]:
    """`name` and `number` are the key of `pcl.queries.organizations.BY_NAME`."""
    found = list(organizations)
    counts = listing_counts([organization.pk for organization in found])
    return [
        {
            "number": organization.pk,
            "name": organization.name,
            "organization": organization,
            "former": [name.name for name in organization.names.all()],
            "listings": counts.get(organization.pk, 0),
        }
        for organization in found
    ]


def listing_counts(organizations: list[int]) -> dict[int, int]:
    """How many listings name each of them, as manufacturer or distributor; twice in one listing counts once."""
    made = _counted("manufacturer_organization", RegisterEntry.objects.all(), organizations)
    others = RegisterEntry.objects.exclude(manufacturer_organization=F("distributor_organization"))
    sold = _counted("distributor_organization", others, organizations)
    return {pk: made.get(pk, 0) + sold.get(pk, 0) for pk in organizations}


def _counted(field: str, entries: QuerySet[RegisterEntry], organizations: list[int]) -> dict[int, int]:
    of_them: Any = entries.filter(**{f"{field}__in": organizations}).values_list(field)
    return dict(of_them.annotate(count=Count("pk")).order_by())


@dataclass(frozen=True)
class ConsoleOrganization:
    organization: Organization
    names: list[OrganizationName]
    """Oldest first; `is_of_merged` where it came from an organization that was merged into it."""
    merged: list[Organization]
    """Those that were merged into it."""
    listings: int

    @property
    def name_is_since(self) -> date | None:
        """Since when today's name is the name: the first day after the last of its own former ones; None: not known."""
        own = [name.used.upper for name in self.names if name.used.upper and not getattr(name, "is_of_merged", False)]
        return max(own, default=None)


def console_organization(slug: str) -> ConsoleOrganization | None:
    organization = Organization.objects.select_related("merged_into").filter(slug=slug).first()
    if organization is None:
        return None
    return ConsoleOrganization(
        organization,
        list(with_origin(organization.names.order_by("used"))),
        list(organization.merged_organizations.all()),
        listing_counts([organization.pk])[organization.pk],
    )
