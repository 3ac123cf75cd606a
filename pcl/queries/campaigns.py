"""Which listings an act of a campaign would change, and which it would leave as they are and why."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Count, F, Q, QuerySet

from pcl.models import Campaign, Listing, RegisterEntry
from pcl.models.campaign import ActKind
from pcl.queries.keyset import Row
from pcl.queries.seen_in_short import seen_in_short as seen_listings_in_short


@dataclass(frozen=True)
class Untouched:
    why: str
    count: int


def in_scope(campaign: Campaign) -> QuerySet[RegisterEntry]:
    """Everything on the list of the campaign's codes and product group, whenever in force."""
    scope = Q()
    codes = list(campaign.codes.values_list("pk", flat=True))
    if codes:
        scope &= Q(code_meaning__in=codes)
    if campaign.classification:
        scope &= Q(classification=campaign.classification)
    # Without either nobody has said what it is about.
    return RegisterEntry.objects.filter(scope) if scope else RegisterEntry.objects.none()


def concerned(
    campaign: Campaign, kind: str, *, last_day: date | None = None, listing_ids: list[int] | None = None
) -> QuerySet[RegisterEntry]:
    """The listings that the act would change. `listing_ids` narrows it to some."""
    if kind == ActKind.ANNOUNCE:
        found = _to_be_ended(campaign, last_day or campaign.last_day)
    else:
        ended = campaign.listings.filter(is_left_out=False).values("listing")
        found = RegisterEntry.objects.filter(listing__in=ended, effective__endswith=_day_after(campaign.last_day))
    return found if listing_ids is None else found.filter(listing__in=listing_ids)


def _to_be_ended(campaign: Campaign, last_day: date) -> QuerySet[RegisterEntry]:
    left_out = campaign.listings.filter(is_left_out=True).values("listing")
    begun = in_scope(campaign).filter(effective__startswith__lte=last_day, effective__endswith=None)
    return begun.exclude(listing__in=left_out)


def untouched(campaign: Campaign, kind: str) -> list[Untouched]:
    """What of the campaign the act would leave as it is."""
    if kind == ActKind.ANNOUNCE:
        told = in_scope(campaign).aggregate(
            ended=Count("listing", filter=Q(effective__endswith__isnull=False)),
            later=Count("listing", filter=Q(effective__endswith=None, effective__startswith__gt=campaign.last_day)),
        )
        counts = {
            "with an end date already": told["ended"],
            "beginning after that day": told["later"],
            "left out by your choice": campaign.listings.filter(is_left_out=True).count(),
        }
    else:
        its_own = campaign.listings.filter(is_left_out=False)
        same = its_own.filter(listing__effective__endswith=_day_after(campaign.last_day)).count()
        counts = {"changed since the announcement": its_own.count() - same}
    return [Untouched(why, count) for why, count in counts.items() if count]


def by_code(entries: QuerySet[RegisterEntry]) -> list[Row]:
    """How many listings, manufacturers included, under each code."""
    counts = (
        entries.order_by("code")
        .values("code", meaning=F("code_meaning__short_description"))
        .annotate(listings=Count("listing"), manufacturers=Count("manufacturer_organization", distinct=True))
    )
    return [dict(row) for row in counts]


def seen_in_short(entries: QuerySet[RegisterEntry]) -> str:
    """A digest of which listings they are and in which versions: what a preview showed, to be compared later."""
    return seen_listings_in_short(Listing.objects.filter(pk__in=entries.values("listing")))


def _day_after(day: date) -> date:
    return day + timedelta(days=1)
