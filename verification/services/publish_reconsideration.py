"""What the determination of a reconsideration does to the register: adds, recodes, ends. History is not rewritten."""

from datetime import date, timedelta
from typing import TYPE_CHECKING

from pcl.errors import RegisterError
from pcl.models import Listing, Origin, ProductModel
from pcl.models.listing_change import ChangeKind
from pcl.services.follow_on_listing import recode_listing
from pcl.services.listing_dates import change_dates, dates_of_service, listing_as_seen
from pcl.services.products import ensure_model
from pcl.services.publish_listing import publish_listing
from verification.models import Application, ApplicationModel, Determination
from verification.queries.planned_changes import PlannedChange, planned_changes
from verification.services.described_product import described_product

if TYPE_CHECKING:
    from accounts.models import User


def publish_reconsideration(
    determination: Determination, *, by: "User | None", begins: date | None, reason: str
) -> None:
    """Bring the register from what the first determination said to what this one says, from `begins` on.

    A listing that is not assigned any more ends on the day before `begins`. What both say stays as it is.
    """
    planned = planned_changes(determination)
    if not planned:
        return
    if begins is None:
        raise RegisterError("Give the first date of service from which the revised determination holds.")
    for change in planned:
        _carry_out(change, application=determination.application, by=by, begins=begins, reason=reason)


def _carry_out(
    change: PlannedChange, *, application: Application, by: "User | None", begins: date, reason: str
) -> None:
    old = listing_as_seen(change.ends, seen_version=None) if change.ends else None
    # It may have ended since the first determination, by another's hand: then there is nothing to end.
    if old is not None and old.effective_to is not None and old.effective_to < begins:
        old = None
    if change.adds is None:
        if old is not None:
            effective = dates_of_service(old.effective_from, begins - timedelta(days=1))
            change_dates(effective={old.pk: effective}, kind=ChangeKind.END_DATED, reason=reason, by=by)
        return
    if old is not None:
        listing = recode_listing(listing=old, code=change.adds.code, begins=begins, reason=reason, by=by)
    else:
        listing = publish_listing(
            model=_model(change.model, application),
            code=change.adds.code,
            begins=begins,
            origin=Origin.DETERMINATION,
            reason=reason,
            by=by,
        )
    change.adds.listing = listing
    change.adds.save(update_fields=["listing"])


def _model(model: ApplicationModel, application: Application) -> ProductModel:
    """The model that the first determination listed, under whatever name it goes by now; or else as described."""
    listed = (
        Listing.objects.filter(
            determined_code__determination=application.reconsiders,
            determined_code__model__normalized=model.normalized,
        )
        .select_related("model")
        .first()
    )
    if listed is not None:
        return listed.model
    sibling = Listing.objects.filter(determined_code__determination=application.reconsiders).first()
    product = sibling.model.product if sibling else described_product(application)
    return ensure_model(product=product, model_number=model.model_number)
