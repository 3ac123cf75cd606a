"""What an accepted update request does to the register, by the kind of update."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from pcl.errors import RegisterError
from pcl.models import Listing
from pcl.services.correct_listing import correct_listing
from pcl.services.end_date_listing import end_date_listing
from pcl.services.products import correct_distributor, correct_model_number
from verification.models import Determination, Outcome

if TYPE_CHECKING:
    from accounts.models import User


def publish_update(determination: Determination, *, by: "User | None", begins: date | None, reason: str) -> None:
    """Raises RegisterError where the listing has changed so that it cannot be done, or already says so."""
    if determination.outcome != Outcome.ACCEPTED:
        return
    application = determination.application
    concerned = application.concerned.select_related("listing__model__product").first()
    assert concerned is not None, "an update is about a listing"  # noqa: S101
    update = _Update(concerned.listing, application.answers, reason, by)
    UPDATES[application.answers["update"]](update)


@dataclass(frozen=True)
class _Update:
    listing: Listing
    said: dict[str, Any]
    reason: str
    by: "User | None"


def _discontinued(update: _Update) -> None:
    last_day = date.fromisoformat(update.said["last-day"])
    end_date_listing(listing=update.listing, last_day=last_day, reason=update.reason, by=update.by)


def _comment(update: _Update) -> None:
    listing = update.listing
    correct_listing(
        listing=listing,
        begins=listing.effective_from,
        last_day=listing.effective_to,
        comment=update.said["comment"],
        reason=update.reason,
        by=update.by,
    )


def _model_number(update: _Update) -> None:
    correct_model_number(
        model=update.listing.model, model_number=update.said["model-number"], reason=update.reason, by=update.by
    )


def _distributor(update: _Update) -> None:
    product = update.listing.model.product
    if product.distributor is None:
        raise RegisterError("The listing names no distributor, so there is none to correct.")
    correct_distributor(product=product, name=update.said["distributor"], reason=update.reason, by=update.by)


UPDATES: dict[str, Callable[[_Update], None]] = {
    "discontinued": _discontinued,
    "comment": _comment,
    "model-number": _model_number,
    "distributor": _distributor,
}
