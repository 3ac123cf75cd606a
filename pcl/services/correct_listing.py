"""Put right what a listing says by mistake. What it said before stays in the history."""

from datetime import date
from typing import TYPE_CHECKING

from django.db import transaction

from pcl.errors import RegisterError
from pcl.models import Listing, ListingChange
from pcl.models.listing_change import ChangeKind
from pcl.services.listing_dates import change_dates, dates_of_service, listing_as_seen

if TYPE_CHECKING:
    from accounts.models import User


@transaction.atomic
def correct_listing(
    *,
    listing: Listing,
    begins: date,
    last_day: date | None,
    comment: str,
    reason: str,
    by: "User | None",
    seen_version: int | None = None,
) -> ListingChange:
    """State dates of service (both inclusive; None for no end) and comment of `listing` anew, all of them.

    Raises RegisterError when nothing differs, when the code is not valid on `begins`, or when the dates overlap another
    listing of the model under the code.
    """
    listing = listing_as_seen(listing, seen_version=seen_version)
    effective = dates_of_service(begins, last_day)
    comment = comment.strip()
    if (effective, comment) == (listing.effective, listing.comment):
        raise RegisterError("That is what the listing says already. Change a date or the comment.")
    if not listing.code.valid_on(begins):
        raise RegisterError(
            f"{listing.code.code} is not valid on {begins:%B %-d, %Y}. Choose a begin date on which it is."
        )
    return change_dates(
        effective={listing.pk: effective},
        comment=comment,
        kind=ChangeKind.CORRECTED,
        reason=reason,
        by=by,
    )[0]
