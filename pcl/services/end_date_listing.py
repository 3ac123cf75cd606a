"""Say until when a listing holds, say it again, or take it back."""

from datetime import date
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils import timezone

from pcl.errors import RegisterError
from pcl.models import Listing, ListingChange
from pcl.models.listing_change import ChangeKind
from pcl.services.listing_dates import change_dates, dates_of_service, listing_as_seen

if TYPE_CHECKING:
    from accounts.models import User


@transaction.atomic
def end_date_listing(
    *, listing: Listing, last_day: date, reason: str, by: "User | None", seen_version: int | None = None
) -> ListingChange:
    """Stop `listing` after `last_day` (the last date of service on which it may be billed, inclusive).

    Raises RegisterError when the listing begins after `last_day` or an end is already set.
    """
    listing = listing_as_seen(listing, seen_version=seen_version)
    if listing.effective_to is not None:
        raise RegisterError(f"This listing already ends on {listing.effective_to:%B %-d, %Y}. Extend it instead.")
    effective = dates_of_service(listing.effective_from, last_day)
    return change_dates(effective={listing.pk: effective}, kind=ChangeKind.END_DATED, reason=reason, by=by)[0]


@transaction.atomic
def extend_listing(
    *, listing: Listing, last_day: date, reason: str, by: "User | None", seen_version: int | None = None
) -> ListingChange:
    """Move the announced last day of `listing` to a later one, inclusive.

    Raises RegisterError when no end is set, when that day has passed (the days since were not billable: reinstate), or
    when `last_day` is not later.
    """
    listing = listing_as_seen(listing, seen_version=seen_version)
    ends = announced_end(listing, otherwise="There is nothing to extend.")
    if last_day <= ends:
        raise RegisterError(f"The listing holds until {ends:%B %-d, %Y} already. Choose a later day.")
    effective = dates_of_service(listing.effective_from, last_day)
    return change_dates(effective={listing.pk: effective}, kind=ChangeKind.EXTENDED, reason=reason, by=by)[0]


@transaction.atomic
def rescind_end_date(
    *, listing: Listing, reason: str, by: "User | None", seen_version: int | None = None
) -> ListingChange:
    """Take back an announced last day that has not passed: `listing` holds on with no end set.

    Raises RegisterError when no end is announced, or when that day has passed.
    """
    listing = listing_as_seen(listing, seen_version=seen_version)
    announced_end(listing, otherwise="There is nothing to take back.")
    effective = DateRange(listing.effective_from, None)
    return change_dates(effective={listing.pk: effective}, kind=ChangeKind.RESCINDED, reason=reason, by=by)[0]


def announced_end(listing: Listing, *, otherwise: str) -> date:
    """The last day that is announced and not over. Raises RegisterError where there is none."""
    ends = listing.effective_to
    if ends is None:
        raise RegisterError(f"No end date was announced for this listing. {otherwise}")
    if ends < timezone.localdate():
        raise RegisterError(
            f"This listing ended on {ends:%B %-d, %Y}. Reinstate it, which keeps the gap; "
            "or correct it, if the end date was a mistake."
        )
    return ends
