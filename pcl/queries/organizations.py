"""Manufacturers and distributors, under every name that they ever had."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from pcl.models import Organization, RegisterEntry
from pcl.models.listing import last_day
from pcl.queries.keyset import Order, Row
from pcl.queries.listing_filter import shown_as_of

BY_NAME = Order(columns=("name", "pk"), key=("name", "number"))
MOST_WORDS = 12
MOST_PRODUCTS = 20


def public_organizations() -> QuerySet[Organization]:
    """Organizations that the public list names or once named. One that only asked to be let in is nobody's business."""
    # Each asked by itself stops at the first of its listings; some have tens of thousands.
    makes = RegisterEntry.objects.filter(manufacturer_organization=OuterRef("pk"))
    distributes = RegisterEntry.objects.filter(distributor_organization=OuterRef("pk"))
    return Organization.objects.filter(Exists(makes) | Exists(distributes) | Q(merged_into__isnull=False))


def search_organizations(q: str = "") -> QuerySet[Organization]:
    """Those of whose names, today's and others, each word of `q` is a part."""
    found = public_organizations().select_related("merged_into").prefetch_related("names")
    for word in q.split()[:MOST_WORDS]:
        found = found.filter(
            Q(name__icontains=word) | Q(pk__in=Organization.objects.filter(names__name__icontains=word))
        )
    return found


def listings_of(
    organization: Organization, merged: Collection[Organization] = (), *, instant: datetime | None = None
) -> QuerySet[Any]:
    """Everything that the organization, or one of those `merged` into it, makes or distributes.

    By the list of `instant`; None for that of now.
    """
    its_own = [organization.pk, *(each.pk for each in merged)]
    return shown_as_of(instant, now=RegisterEntry.objects.all()).filter(
        Q(manufacturer_organization__in=its_own) | Q(distributor_organization__in=its_own)
    )


def products_of(listings: QuerySet[Any]) -> tuple[list[Row], bool]:
    """The products of `listings`, with how many each has; the first MOST_PRODUCTS, and whether there are more."""
    counted = listings.order_by().values("product").annotate(count=Count("listing_id")).order_by("product")
    rows = list(counted[: MOST_PRODUCTS + 1])
    return rows[:MOST_PRODUCTS], len(rows) > MOST_PRODUCTS


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
