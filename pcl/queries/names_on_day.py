"""What a product and its parties were called on a date of service."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from pcl.models import EntryVersion, Organization, OrganizationName
from pcl.models.dated_name import DatedName
from pcl.queries.listing_answer import ListingAnswer


def name_on(names: Iterable[DatedName], day: date, *, otherwise: str) -> str:
    """The name on `day` among former ones; `otherwise` where none of them was in use then.

    A name without an end is another spelling, never the former one.
    """
    former = (each for each in names if each.used.upper is not None and day in each.used)
    return next((each.name for each in former), otherwise)


def organization_names(
    answer: ListingAnswer, entry: EntryVersion
) -> tuple[list[OrganizationName], list[OrganizationName]]:
    """The other names of the manufacturer and of the distributor of `entry`, as far as they were this listing's.

    An organization bears, besides its own, the names of those that were merged into it. These come first, and only
    where the listing itself came from one of them. Costs one query.
    """
    parties = [each for each in (entry.manufacturer_organization_id, entry.distributor_organization_id) if each]
    known = with_origin(OrganizationName.objects.filter(organization__in=parties))
    names = list(known.order_by("-is_of_merged", "used"))
    made_by = {version.manufacturer for version in answer.history}
    sold_by = {version.distributor for version in answer.history}

    def of(organization: int | None, shown: set[str]) -> list[OrganizationName]:
        its = (each for each in names if each.organization_id == organization)
        return [each for each in its if not each.is_of_merged or each.name in shown]

    return of(entry.manufacturer_organization_id, made_by), of(entry.distributor_organization_id, sold_by)


def with_origin(names: QuerySet[OrganizationName]) -> QuerySet[Any]:
    """`names` with `is_of_merged`: whether the name came from an organization that was merged into this one."""
    merged = Organization.objects.filter(
        Q(name=OuterRef("name")) | Q(names__name=OuterRef("name")), merged_into=OuterRef("organization")
    )
    return names.annotate(is_of_merged=Exists(merged))
