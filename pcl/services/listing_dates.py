"""What the verbs that move a listing's dates have in common."""

from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING

from django.db import IntegrityError, connection, transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from psycopg.errors import ExclusionViolation

from pcl.dates import refuse_implausible_day
from pcl.errors import RegisterError
from pcl.models import Listing, ListingChange
from pcl.models.listing_change import ChangeKind
from pcl.services.changes import public_listings, record_changes, stand_at_the_chain

if TYPE_CHECKING:
    from accounts.models import User


def listing_as_seen(listing: Listing, *, seen_version: int | None) -> Listing:
    """The listing as it is now, with the right to change the register until the transaction ends.

    Raises RegisterError when it is no longer the version that the person saw; None says that nobody saw one.
    """
    # Everybody who changes the register stands here first, so that rows need no locks of their own.
    stand_at_the_chain()
    now = Listing.objects.select_related("code").defer("code__search").get(pk=listing.pk)
    if seen_version is not None and now.version != seen_version:
        raise RegisterError(
            "Somebody else has changed this listing since you opened it. Look at what it says now, then decide again."
        )
    return now


def dates_of_service(begins: date, last_day: date | None) -> DateRange:
    """The range from `begins` to `last_day`, both inclusive. Raises RegisterError for days that make none."""
    refuse_implausible_day(begins)
    if last_day is None:
        return DateRange(begins, None)
    refuse_implausible_day(last_day)
    if last_day < begins:
        raise RegisterError(
            f"The last day is before the listing begins on {begins:%B %-d, %Y}. Choose that day or a later one."
        )
    return DateRange(begins, date.fromordinal(last_day.toordinal() + 1))


def change_dates(
    *,
    effective: Mapping[int, DateRange],
    kind: ChangeKind,
    reason: str,
    by: "User | None",
    comment: str | None = None,
) -> list[ListingChange]:
    """Give listings (by id) these dates of service, in one act; and this comment, if any.

    Raises RegisterError when a listing would overlap another of the same model under the same code.
    """
    before = public_listings(effective.keys())
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(
                "UPDATE pcl_listing SET effective = new.effective, comment = coalesce(%s, comment),"
                " version = version + 1"
                " FROM unnest(%s::bigint[], %s::daterange[]) AS new (id, effective) WHERE pcl_listing.id = new.id",
                [comment, list(effective.keys()), list(effective.values())],
            )
    except IntegrityError as error:
        if not isinstance(error.__cause__, ExclusionViolation):
            raise
        raise RegisterError(
            "The model has another listing under this code on some of these dates of service. Choose dates outside it."
        ) from error
    return record_changes(kind=kind, before=before, reason=reason, by=by)
