"""A new application about a product that is listed, and naming the listing that its reason speaks of."""

from typing import TYPE_CHECKING

from django.db import transaction

from pcl.models import Listing, Organization
from verification.models import Application, ApplicationKind, ConcernedListing
from verification.product_groups import groups
from verification.queries.product_group_of import product_group_of
from verification.queries.representation import family_of, reach_of
from verification.services.begin_after import begins_through, part_of
from verification.services.copy_application import copy_application
from verification.services.drafts import count_change, open_draft, start_application, untouched_draft

if TYPE_CHECKING:
    from accounts.models import User

REASON_OF_CHANGE = {
    "name-changed": "information-changed",
    "maker-changed": "information-changed",
    "maker-renamed": "information-changed",
}
MODIFIED = "modified"


@transaction.atomic
def begin_for_listing(*, listing: Listing, organization: Organization, by: "User", change: str) -> Application:
    """A draft with what is known of the listed product: copied from its application where that is an own one.

    The listing is named in it, and the reason that goes with `change`. Raises NotAllowed where `by` may not.
    """
    made_by = begins_through(by, organization, kind=ApplicationKind.INITIAL)
    applies_as = part_of(organization, listing=listing)
    untouched = untouched_draft(
        kind=ApplicationKind.INITIAL, organization=organization, by=by, made_by=made_by, concerned__listing=listing
    )
    if untouched is not None:
        return untouched
    reason = REASON_OF_CHANGE.get(change, MODIFIED)
    own = reach_of(by)
    reviewed = next(
        (
            each
            for each in Application.objects.filter(
                determination__codes__listing=listing, organization__in=family_of(organization), kind="initial"
            )
            if own.holds(each)
        ),
        None,
    )
    if reviewed is not None:
        draft = copy_application(application=reviewed, by=by, reason=reason).application
    else:
        group = product_group_of(listing) or groups()[0]
        draft = start_application(
            organization=organization, product_group=group.slug, by=by, made_by=made_by, applies_as=applies_as
        )
        product = listing.model.product
        draft.reason, draft.product_name = reason, product.name
        draft.manufacturer_name = product.manufacturer.name
        draft.distributor_name = product.distributor.name if product.distributor else ""
        draft.save()
        if listing.model.model_number:
            draft.models.create(model_number=listing.model.model_number, normalized=listing.model.normalized)
    ConcernedListing.objects.get_or_create(
        application=draft, listing=listing, defaults={"seen_version": listing.version}
    )
    return draft


@transaction.atomic
def choose_listing(*, application: Application, listing: Listing | None) -> Application:
    """Name `listing` as the one that the reason speaks of, in place of another; None takes it away.

    Raises NotFromHere when the application is no draft any more.
    """
    application = open_draft(application=application, seen_version=None)
    ConcernedListing.objects.filter(application=application).delete()
    if listing is not None:
        ConcernedListing.objects.create(application=application, listing=listing, seen_version=listing.version)
    count_change(application, section="reason")
    return application
