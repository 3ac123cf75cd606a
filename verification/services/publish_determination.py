"""What publishing a determination means, for each kind of application: one function per kind.

To be called in the transaction that makes the determination. All of it is done or nothing of it.
"""

from datetime import date
from typing import TYPE_CHECKING, Protocol

from django.db.backends.postgresql.psycopg_any import DateRange

from pcl.errors import RegisterError
from pcl.models import Listing, Origin, Product, ProductModel
from pcl.services.changes import stand_at_the_chain
from pcl.services.products import ensure_model
from pcl.services.publish_listing import NewListing, publish_listings
from pcl.text import normalize_model_number
from verification.models import ApplicationKind, Determination, DeterminedCode
from verification.services.described_product import described_product
from verification.services.publish_name_change import publish_name_change
from verification.services.publish_reconsideration import publish_reconsideration
from verification.services.publish_update import publish_update

if TYPE_CHECKING:
    from accounts.models import User

MODELS_NAMED = 3


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
    if determination.assigns_codes:
        _list(determination, described_product(determination.application), by=by, begins=begins, reason=reason)


def list_added_models(determination: Determination, *, by: "User | None", begins: date | None, reason: str) -> None:
    """New models of a listed product, whatever it is called by now, under the codes assigned to their siblings."""
    if not determination.assigns_codes:
        return
    sibling = determination.application.concerned.select_related("listing__model__product").first()
    assert sibling is not None, "models are added to a listing"  # noqa: S101
    _list(determination, sibling.listing.model.product, by=by, begins=begins, reason=reason)


def _list(
    determination: Determination, product: Product, *, by: "User | None", begins: date | None, reason: str
) -> None:
    if begins is None:
        raise RegisterError("Give the first date of service to which the listing applies.")
    assigned = list(determination.codes.select_related("model", "code").order_by("pk"))
    models = _models_of(product, assigned)
    _refuse_listed_already(assigned, models, begins=begins)
    changes = publish_listings(
        new=[NewListing(model_id=models[row.model_id].pk, code_id=row.code_id, first_day=begins) for row in assigned],
        origin=Origin.DETERMINATION,
        reason=reason,
        by=by,
    )
    for row, change in zip(assigned, changes, strict=True):
        row.listing_id = change.listing_id
    DeterminedCode.objects.bulk_update(assigned, ["listing"])


def _models_of(product: Product, assigned: list[DeterminedCode]) -> dict[int, ProductModel]:
    """The register's model of each model of the application, by the latter's primary key."""
    numbers = {row.model_id: row.model.model_number for row in assigned}
    known = {
        model.normalized: model
        for model in product.models.filter(normalized__in=[normalize_model_number(each) for each in numbers.values()])
    }
    return {
        pk: known.get(normalize_model_number(number)) or ensure_model(product=product, model_number=number)
        for pk, number in numbers.items()
    }


def _refuse_listed_already(assigned: list[DeterminedCode], models: dict[int, ProductModel], *, begins: date) -> None:
    # From here on nobody else publishes, so that what is read stays true.
    stand_at_the_chain()
    listed = set(
        Listing.objects.filter(
            model__in=list(models.values()),
            code__in={row.code_id for row in assigned},
            effective__overlap=DateRange(begins, None),
        ).values_list("model", "code")
    )
    named = [
        f"{row.model.model_number} ({row.code.code})"
        for row in assigned
        if (models[row.model_id].pk, row.code_id) in listed
    ]
    if named:
        more = f" and {len(named) - MODELS_NAMED} more" if len(named) > MODELS_NAMED else ""
        raise RegisterError(
            f"Already listed under this code on {begins:%B %-d, %Y} or later: {', '.join(named[:MODELS_NAMED])}{more}. "
            "End the listing first, or leave the model out."
        )


PUBLISHING: dict[str, Publish] = {
    ApplicationKind.INITIAL: list_assigned_codes,
    ApplicationKind.RECONSIDERATION: publish_reconsideration,
    ApplicationKind.MODEL_ADDITION: list_added_models,
    ApplicationKind.NAME_CHANGE: publish_name_change,
    ApplicationKind.LISTING_UPDATE: publish_update,
}
