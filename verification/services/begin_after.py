"""Beginning an application that follows a determination or is about listings: each begins with what is known."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone

from pcl.models import Listing, Organization
from verification.kinds import kind_form
from verification.models import (
    Application,
    ApplicationKind,
    ApplicationModel,
    ConcernedListing,
    Determination,
    Representation,
    RequestedCode,
)
from verification.queries.product_group_of import product_group_of
from verification.queries.reconsideration import the_one_reconsideration, why_not_reconsidered
from verification.services.drafts import known_beforehand
from verification.workflow.errors import NotAllowed
from verification.workflow.perform import start

if TYPE_CHECKING:
    from accounts.models import User

OF_THE_MAKER = (
    "manufacturer_name",
    "manufacturer_address",
    "fda_establishment_number",
    "contact_name",
    "contact_email",
    "contact_phone",
    "distributor_name",
)
OF_THE_PRODUCT = ("product_name", "description", "first_marketed", "fda_status", "fda_submission_number")


@transaction.atomic
def begin_reconsideration(*, application: Application, by: "User") -> Application:
    """The draft of a reconsideration of the determination on `application`; the one that is open, where one is.

    What the product is stays as it was reviewed. Its documents are read beside the new ones and not copied. Raises
    NotAllowed with the reason: too late, asked by the wrong person, decided before.
    """
    application = Application.objects.select_related("organization").get(pk=application.pk)
    # Of two tabs, the second waits here and finds the draft of the first.
    first = Determination.objects.select_for_update().filter(application=application).first()
    why_not = why_not_reconsidered(application, by=by, today=timezone.localdate())
    if why_not or first is None:
        raise NotAllowed(why_not or "There is no determination yet that could be reconsidered.")
    open_one = the_one_reconsideration(first)
    if open_one is not None:
        return open_one
    draft = _start(
        ApplicationKind.RECONSIDERATION,
        organization=application.organization,
        by=by,
        reconsiders=first,
        previous_dcn=application.dcn or "",
        product_group=application.product_group,
        product_group_version=application.product_group_version,
        **{name: getattr(application, name) for name in OF_THE_MAKER + OF_THE_PRODUCT},
    )
    ApplicationModel.objects.bulk_create(
        ApplicationModel(application=draft, model_number=model.model_number, normalized=model.normalized)
        for model in application.models.all()
    )
    today = timezone.localdate()
    RequestedCode.objects.bulk_create(
        RequestedCode(application=draft, code=row.code)
        for row in application.requested_codes.select_related("code")
        if row.code.valid_on(today)
    )
    return draft


@transaction.atomic
def begin_model_addition(*, listing: Listing, organization: Organization, by: "User") -> Application:
    """The draft that adds model numbers to the product of `listing`, under the codes of its model today."""
    siblings = _siblings(listing)
    draft = _about(ApplicationKind.MODEL_ADDITION, listings=siblings, organization=organization, by=by)
    RequestedCode.objects.bulk_create(
        RequestedCode(application=draft, code_id=code)
        for code in sorted({each.code_id for each in siblings})
        if not draft.requested_codes.filter(code=code).exists()
    )
    return draft


@transaction.atomic
def begin_listing_update(*, listing: Listing, organization: Organization, by: "User") -> Application:
    """The draft that asks for `listing` to be put right or end-dated."""
    draft = _about(ApplicationKind.LISTING_UPDATE, listings=[listing], organization=organization, by=by)
    draft.requested_codes.get_or_create(code_id=listing.code_id)
    return draft


@transaction.atomic
def begin_name_change(*, organization: Organization, by: "User") -> Application:
    """The draft of an attestation that the name of `organization` changed."""
    untouched = _untouched(ApplicationKind.NAME_CHANGE, organization=organization, by=by)
    return untouched or _start(
        ApplicationKind.NAME_CHANGE,
        organization=organization,
        by=by,
        product_name=f"Name of {organization.name}"[:300],
        product_group="",
        product_group_version=1,
        **known_beforehand(organization=organization, person=by),
    )


def _about(
    kind: ApplicationKind, *, listings: Iterable[Listing], organization: Organization, by: "User"
) -> Application:
    concerned = list(listings)
    product = concerned[0].model.product
    untouched = _untouched(kind, organization=organization, by=by, concerned__listing=concerned[0])
    if untouched is not None:
        return untouched
    group = product_group_of(concerned[0])
    draft = _start(
        kind,
        organization=organization,
        by=by,
        product_name=product.name,
        product_group=group.slug if group else "",
        product_group_version=group.version if group else 1,
        **{
            **known_beforehand(organization=organization, person=by),
            "manufacturer_name": product.manufacturer.name,
            "distributor_name": product.distributor.name if product.distributor else "",
        },
    )
    ConcernedListing.objects.bulk_create(
        ConcernedListing(application=draft, listing=listing, seen_version=listing.version) for listing in concerned
    )
    return draft


def _start(kind: ApplicationKind, *, organization: Organization, by: "User", **fields: Any) -> Application:
    form = kind_form(kind)
    return start(
        Application(
            kind=kind,
            kind_version=form.version if form else 1,
            organization=organization,
            created_by=by,
            **fields,
        ),
        by=by,
    )


def _untouched(kind: ApplicationKind, *, organization: Organization, by: "User", **about: Any) -> Application | None:
    """The draft of `by` in which nothing was said yet: a double click begins one."""
    # Of two clicks at once the second waits here.
    list(Representation.objects.select_for_update().filter(user=by, ended_at=None))
    return Application.objects.filter(
        kind=kind, organization=organization, created_by=by, status="draft", discarded_at=None, version=1, **about
    ).first()


def _siblings(listing: Listing) -> list[Listing]:
    """The chosen listing first, then the others of its model that can be billed today."""
    others = (
        Listing.objects.filter(model=listing.model_id, entry__in_force__contains=timezone.localdate())
        .exclude(pk=listing.pk)
        .select_related("model__product__manufacturer", "model__product__distributor")
        .order_by("code__code", "pk")
    )
    return [listing, *others]
