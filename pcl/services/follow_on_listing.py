"""A listing that follows another: the same product again after a gap, or under another code."""

from datetime import date, timedelta
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateRange

from hcpcs.models import Code
from pcl.dates import refuse_implausible_day
from pcl.errors import RegisterError
from pcl.models import Listing
from pcl.models.listing_change import ChangeKind
from pcl.services.changes import public_listings, record_change
from pcl.services.listing_dates import change_dates, listing_as_seen

if TYPE_CHECKING:
    from accounts.models import User


@transaction.atomic
def reinstate_listing(
    *, listing: Listing, begins: date, reason: str, by: "User | None", seen_version: int | None = None
) -> Listing:
    """List the model of an ended listing again for dates of service from `begins` (inclusive); the gap stays a gap.

    The new period is a listing of its own, whose first change carries the ended one as what was before. Raises
    RegisterError when the listing has no end, when `begins` lies in it, or when the code is not valid then.
    """
    listing = listing_as_seen(listing, seen_version=seen_version)
    if listing.effective_to is None:
        raise RegisterError("This listing has no end date, so there is nothing to reinstate.")
    if begins <= listing.effective_to:
        raise RegisterError(
            f"The listing holds until {listing.effective_to:%B %-d, %Y}. Choose a later day to begin again, "
            "or extend it."
        )
    return _follow(
        listing, code=listing.code, begins=begins, ends=None, kind=ChangeKind.REINSTATED, reason=reason, by=by
    )


@transaction.atomic
def recode_listing(
    *, listing: Listing, code: Code, begins: date, reason: str, by: "User | None", seen_version: int | None = None
) -> Listing:
    """List the model of `listing` under `code` for dates of service from `begins` (inclusive) on.

    The old listing is ended on the day before, where it would hold longer. One listing may be followed by several,
    under several codes. Raises RegisterError when `begins` is not after the old listing's begin, or `code` is not valid
    then, or is the old code.
    """
    listing = listing_as_seen(listing, seen_version=seen_version)
    refuse_implausible_day(begins)
    if code == listing.code:
        raise RegisterError(f"The listing stands under {code.code} already. Choose another code.")
    if begins <= listing.effective_from:
        raise RegisterError(
            f"The listing begins on {listing.effective_from:%B %-d, %Y}. Choose a later day for the new code."
        )
    # An end that is announced for later holds under the new code, too.
    ends = listing.effective.upper if listing.effective_to is not None and listing.effective_to >= begins else None
    if listing.effective.upper == begins:
        # It was moved on that day before, to another code: that listing kept the end that was announced.
        ends = _end_under_another_code(listing, begins=begins)
    new = _follow(listing, code=code, begins=begins, ends=ends, kind=ChangeKind.RECODED, reason=reason, by=by)
    last_day = begins - timedelta(days=1)
    if listing.effective_to is None or listing.effective_to > last_day:
        effective = {listing.pk: DateRange(listing.effective_from, begins)}
        change_dates(effective=effective, kind=ChangeKind.END_DATED, reason=reason, by=by)
    return new


def _end_under_another_code(listing: Listing, *, begins: date) -> date | None:
    """The first day without those that `listing` was moved to from `begins` on; None for no end, or none of them."""
    moved = Listing.objects.filter(
        effective__startswith=begins, changes__kind=ChangeKind.RECODED, changes__before__id=listing.pk
    )
    ends: set[date | None] = {each.upper for each in moved.values_list("effective", flat=True)}
    return ends.pop() if len(ends) == 1 else None


def _follow(
    listing: Listing,
    *,
    code: Code,
    begins: date,
    ends: date | None,
    kind: ChangeKind,
    reason: str,
    by: "User | None",
) -> Listing:
    """`ends` is the first day without the new listing; None for no end."""
    refuse_implausible_day(begins)
    if not code.valid_on(begins):
        raise RegisterError(
            f"{code.code} is not valid on {begins:%B %-d, %Y}. Choose a begin date on which it is, or another code."
        )
    new = Listing(
        model_id=listing.model_id,
        code=code,
        effective=DateRange(begins, ends),
        origin=listing.origin,
        comment=listing.comment,
    )
    try:
        new.validate_constraints()
    except ValidationError as error:
        raise RegisterError(" ".join(error.messages)) from error
    new.save(force_insert=True)
    record_change(listing=new, kind=kind, before=public_listings([listing.pk])[listing.pk], reason=reason, by=by)
    return new
