"""Say until when a listing holds."""

from datetime import date
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.db.models import F

from pcl.dates import refuse_implausible_day
from pcl.errors import RegisterError
from pcl.models import Listing, ListingChange
from pcl.models.listing_change import ChangeKind
from pcl.services.changes import public_listing, record_change

if TYPE_CHECKING:
    from accounts.models import User


@transaction.atomic
def end_date_listing(*, listing: Listing, last_day: date, reason: str, by: "User | None") -> ListingChange:
    """Stop `listing` after `last_day` (the last date of service on which it may be billed, inclusive).

    Raises RegisterError when the listing begins after `last_day` or an end is already set.
    """
    refuse_implausible_day(last_day)
    listing = Listing.objects.select_for_update().get(pk=listing.pk)
    if listing.effective_to is not None:
        raise RegisterError(f"This listing already ends on {listing.effective_to:%B %-d, %Y}. Extend it instead.")
    if last_day < listing.effective_from:
        raise RegisterError(
            f"The last day is before the listing begins on {listing.effective_from:%B %-d, %Y}. Choose a later one."
        )
    before = public_listing(listing)
    listing.effective = DateRange(listing.effective_from, date.fromordinal(last_day.toordinal() + 1))
    listing.version = F("version") + 1
    listing.save(update_fields=["effective", "version"])
    listing.refresh_from_db(fields=["effective", "version"])
    return record_change(listing=listing, kind=ChangeKind.END_DATED, before=before, reason=reason, by=by)
