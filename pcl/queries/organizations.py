"""Manufacturers and distributors, under every name that they ever had."""

from django.db.models import Exists, OuterRef, Q, QuerySet

from pcl.models import Organization, RegisterEntry
from pcl.models.listing import last_day
from pcl.queries.keyset import Order, Row

BY_NAME = Order(columns=("name", "pk"), key=("name", "number"))
MOST_WORDS = 12


def public_organizations() -> QuerySet[Organization]:
    """Organizations that the public list names or once named. One that only asked to be let in is nobody's business."""
    listed = RegisterEntry.objects.filter(
        Q(manufacturer_organization=OuterRef("pk")) | Q(distributor_organization=OuterRef("pk"))
    )
    return Organization.objects.filter(Exists(listed) | Q(merged_into__isnull=False))


def search_organizations(q: str = "") -> QuerySet[Organization]:
    """Those of whose names, today's and others, each word of `q` is a part."""
    found = public_organizations().select_related("merged_into").prefetch_related("names")
    for word in q.split()[:MOST_WORDS]:
        found = found.filter(
            Q(name__icontains=word) | Q(pk__in=Organization.objects.filter(names__name__icontains=word))
        )
    return found


def listings_of(organization: Organization) -> QuerySet[RegisterEntry]:
    """Everything that the organization, or one that was merged into it, makes or distributes."""
    its_own = [organization.pk, *organization.merged_organizations.values_list("pk", flat=True)]
    return RegisterEntry.objects.filter(
        Q(manufacturer_organization__in=its_own) | Q(distributor_organization__in=its_own)
    )


def organization_rows(organizations: QuerySet[Organization], *, site: str) -> list[Row]:
    return [
        {
            "slug": organization.slug,
            "name": organization.name,
            "other_names": [
                {
                    "name": name.name,
                    "used_from": name.used.lower,
                    "used_to": last_day(name.used),
                    "source": name.source,
                }
                for name in organization.names.all()
            ],
            "merged_into": organization.merged_into.slug if organization.merged_into else None,
            "url": f"{site}{organization.get_absolute_url()}",
            "number": organization.pk,
        }
        for organization in organizations
    ]
