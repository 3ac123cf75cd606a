"""Put a product model on the public list."""

from datetime import date
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateRange

from hcpcs.models import Code
from pcl.dates import refuse_implausible_day
from pcl.errors import RegisterError
from pcl.models import Listing, Origin, ProductModel
from pcl.models.listing_change import ChangeKind
from pcl.services.changes import record_change, stand_at_the_chain

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
    if not code.valid_on(begins):
        raise RegisterError(
            f"{code.code} is not valid on {begins:%B %-d, %Y}. Choose a begin date on which it is, or another code."
        )
    listing = Listing(model=model, code=code, effective=DateRange(begins, None), origin=origin, comment=comment)
    try:
        listing.validate_constraints()
    except ValidationError as error:
        raise RegisterError(" ".join(error.messages)) from error
    listing.save(force_insert=True)
    record_change(listing=listing, kind=ChangeKind.LISTED, before=None, reason=reason, by=by)
    return listing
