"""What publishing a determination means, for each kind of application: one function per kind.

To be called in the transaction that makes the determination. All of it is done or nothing of it.
"""

from datetime import date
from typing import TYPE_CHECKING, Protocol

from pcl.errors import RegisterError
from pcl.models import Origin
from pcl.services.products import ensure_model
from pcl.services.publish_listing import publish_listing
from verification.models import ApplicationKind, Determination
from verification.services.described_product import described_product
from verification.services.publish_attestations import publish_added_models, publish_name_change
from verification.services.publish_reconsideration import publish_reconsideration
from verification.services.publish_update import publish_update

if TYPE_CHECKING:
    from accounts.models import User


class Publish(Protocol):
    """How one kind of application publishes its determination."""

    def __call__(
        self, determination: Determination, *, by: "User | None", begins: date | None, reason: str
    ) -> None: ...


def publish(determination: Determination, *, by: "User | None", begins: date | None, reason: str) -> None:
    """Change the register as `determination` says.

    `begins` is the first date of service of what is listed anew, inclusive; None where nothing is. `by` is the person
    who approved it and `reason` what the history of each listing says; neither names anybody in public.
    Raises RegisterError, with nothing changed, when the register does not allow it.
    """
    PUBLISHING[determination.application.kind](determination, by=by, begins=begins, reason=reason)


def list_assigned_codes(determination: Determination, *, by: "User | None", begins: date | None, reason: str) -> None:
    """A new listing for each model and code, on the product that the application describes."""
    if not determination.assigns_codes:
        return
    if begins is None:
        raise RegisterError("Give the first date of service to which the listing applies.")
    product = described_product(determination.application)
    for assigned in determination.codes.select_related("model", "code"):
        assigned.listing = publish_listing(
            model=ensure_model(product=product, model_number=assigned.model.model_number),
            code=assigned.code,
            begins=begins,
            origin=Origin.DETERMINATION,
            reason=reason,
            by=by,
        )
        assigned.save(update_fields=["listing"])


PUBLISHING: dict[str, Publish] = {
    ApplicationKind.INITIAL: list_assigned_codes,
    ApplicationKind.RECONSIDERATION: publish_reconsideration,
    ApplicationKind.MODEL_ADDITION: publish_added_models,
    ApplicationKind.NAME_CHANGE: publish_name_change,
    ApplicationKind.LISTING_UPDATE: publish_update,
}
