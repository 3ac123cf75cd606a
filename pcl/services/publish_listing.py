"""Put a product model on the public list, or many in one act, also such as have ended."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.backends.postgresql.psycopg_any import DateRange

from hcpcs.models import Code
from pcl.dates import refuse_implausible_day
from pcl.errors import RegisterError
from pcl.models import Listing, ListingChange, Origin, ProductModel
from pcl.models.listing_change import ChangeKind
from pcl.services.changes import record_change, record_changes, stand_at_the_chain
from pcl.services.entries import AT_ONCE

if TYPE_CHECKING:
    from accounts.models import User


@transaction.atomic
def publish_listing(
    *,
    model: ProductModel,
    code: Code,
    begins: date,
    origin: Origin,
    reason: str,
    comment: str = "",
    by: "User | None" = None,
) -> Listing:
    """List `model` under `code` for dates of service from `begins` (inclusive) on, with no end set.

    Raises RegisterError when the code is not valid on `begins` or the model is already listed under it then.
    """
    # Taken first, so that of two people publishing the same the second reads what the first wrote.
    stand_at_the_chain()
    refuse_implausible_day(begins)
    _refuse_code_not_valid(code, begins)
    listing = Listing(model=model, code=code, effective=DateRange(begins, None), origin=origin, comment=comment)
    try:
        listing.validate_constraints()
    except ValidationError as error:
        raise RegisterError(" ".join(error.messages)) from error
    listing.save(force_insert=True)
    record_change(listing=listing, kind=ChangeKind.LISTED, before=None, reason=reason, by=by)
    return listing


@dataclass(frozen=True)
class NewListing:
    """First and last day are dates of service, both inclusive; no last day while no end is set."""

    model_id: int
    code_id: int
    first_day: date
    last_day: date | None = None
    comment: str = ""


@transaction.atomic
def publish_listings(
    *, new: Sequence[NewListing], origin: Origin, reason: str, by: "User | None" = None, at: datetime | None = None
) -> list[ListingChange]:
    """List them all, in their order, one change for each: a listing with a last day is published with it.

    `at` is for an act in several pieces: see `record_changes`. Raises RegisterError when a code is not valid on the
    first day, a last day lies before it, or a model is listed already under the code on some of the days: then none is.
    """
    stand_at_the_chain()
    codes = Code.objects.defer("search").in_bulk({each.code_id for each in new})
    for each in new:
        _refuse_impossible(each, codes[each.code_id])
    listings = [
        Listing(
            model_id=each.model_id,
            code_id=each.code_id,
            effective=DateRange(each.first_day, _day_after(each.last_day)),
            origin=origin,
            comment=each.comment,
        )
        for each in new
    ]
    try:
        with transaction.atomic():
            Listing.objects.bulk_create(listings, batch_size=AT_ONCE)
    except IntegrityError as error:
        if "one_listing_of_a_model_under_a_code_per_day" not in str(error):
            raise
        raise RegisterError("One of them is already listed under its code for some of these dates.") from error
    return record_changes(
        kind=ChangeKind.LISTED, before=dict.fromkeys(listing.pk for listing in listings), reason=reason, by=by, at=at
    )


def _refuse_impossible(new: NewListing, code: Code) -> None:
    refuse_implausible_day(new.first_day)
    _refuse_code_not_valid(code, new.first_day)
    if new.last_day is not None:
        refuse_implausible_day(new.last_day)
        if new.last_day < new.first_day:
            raise RegisterError(f"The last day, {new.last_day:%B %-d, %Y}, lies before the first.")


def _refuse_code_not_valid(code: Code, begins: date) -> None:
    if not code.valid_on(begins):
        raise RegisterError(
            f"{code.code} is not valid on {begins:%B %-d, %Y}. Choose a begin date on which it is, or another code."
        )


def _day_after(day: date | None) -> date | None:
    return None if day is None else date.fromordinal(day.toordinal() + 1)
