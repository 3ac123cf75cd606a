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
    AppliesAs,
    ConcernedListing,
    Determination,
    RequestedCode,
)
from verification.queries.applicants_side import side_of
from verification.queries.product_group_of import product_group_of
from verification.queries.reconsideration import the_one_reconsideration, why_not_reconsidered
from verification.queries.representation import family_of, maker_of, may_act_on
from verification.services.drafts import known_beforehand, untouched_draft
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
    "distributor_address",
    "distributor_contact_name",
    "distributor_contact_email",
    "distributor_contact_phone",
)
OF_THE_REPRESENTATIVE = (
    "representative_name",
    "representative_address",
    "representative_contact_name",
    "representative_contact_email",
    "representative_contact_phone",
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
        if not may_act_on(by, open_one):
            raise NotAllowed(f"{open_one.organization.name} has begun a reconsideration itself. Ask its people.")
        return open_one
    asks = application.organization
    if application.applies_as == AppliesAs.DISTRIBUTOR:
        # It is the manufacturer that asks, whoever applied: see may_ask_for_reconsideration.
        asks = maker_of(application) or asks
    made_by = begins_through(by, asks, kind=ApplicationKind.RECONSIDERATION, after=application)
    reads_the_first = may_act_on(by, application)
    draft = _start(
        ApplicationKind.RECONSIDERATION,
        organization=asks,
        by=by,
        reconsiders=first,
        made_by=made_by,
        applies_as=AppliesAs.MANUFACTURER,
        previous_dcn=application.dcn or "",
        product_group=application.product_group,
        product_group_version=application.product_group_version,
        **(taken_over(application, made_by=made_by) if reads_the_first else _told_by_the_letter(application, by=by)),
    )
    today = timezone.localdate()
    RequestedCode.objects.bulk_create(
        RequestedCode(application=draft, code=row.code)
        for row in application.requested_codes.select_related("code")
        if row.code.valid_on(today)
    )
    if reads_the_first:
        copy_models(application, draft)
    else:
        ApplicationModel.objects.bulk_create(
            ApplicationModel(application=draft, model_number=row.model_number, normalized=row.normalized)
            for row in application.models.order_by("pk")
        )
    return draft


def _told_by_the_letter(application: Application, *, by: "User") -> dict[str, str]:
    """What the manufacturer's own people may read of a distributor's application: the letter is addressed to them."""
    told = ("manufacturer_name", "manufacturer_address", "distributor_name", "product_name")
    return {name: getattr(application, name) for name in told} | {"contact_name": by.name, "contact_email": by.email}


def copy_models(application: Application, draft: Application) -> None:
    """Model numbers with their sizes, each with those of its codes that `draft` requests."""
    requested = set(draft.requested_codes.values_list("code", flat=True))
    rows = list(application.models.prefetch_related("codes").order_by("pk"))
    copies = ApplicationModel.objects.bulk_create(
        ApplicationModel(
            application=draft,
            model_number=row.model_number,
            normalized=row.normalized,
            size=row.size,
            measure=row.measure,
        )
        for row in rows
    )
    of_model = ApplicationModel.codes.through
    of_model.objects.bulk_create(
        of_model(applicationmodel_id=copied.pk, code_id=code.pk)
        for row, copied in zip(rows, copies, strict=True)
        for code in row.codes.all()
        if code.pk in requested
    )


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
    made_by = begins_through(by, organization, kind=ApplicationKind.NAME_CHANGE)
    untouched = untouched_draft(kind=ApplicationKind.NAME_CHANGE, organization=organization, by=by, made_by=made_by)
    return untouched or _start(
        ApplicationKind.NAME_CHANGE,
        organization=organization,
        by=by,
        made_by=made_by,
        product_name=f"Name of {organization.name}"[:300],
        product_group="",
        product_group_version=1,
        **_known(organization=organization, person=by, made_by=made_by),
    )


def begins_through(
    by: "User", organization: Organization, *, kind: ApplicationKind, after: Application | None = None
) -> Organization | None:
    """The representative through which `by` begins it; None for an own organization. Raises NotAllowed."""
    side = side_of(by, organization, kind=kind, after=after)
    if not side.may:
        raise NotAllowed(side.why_not)
    return side.made_by


def taken_over(application: Application, *, made_by: Organization | None) -> dict[str, Any]:
    """What a new draft takes over of maker and product; of the representative only while the same one goes on."""
    names: tuple[str, ...] = OF_THE_MAKER + OF_THE_PRODUCT
    if made_by is not None and application.made_by_id in family_of(made_by):
        names += OF_THE_REPRESENTATIVE
    said = {name: getattr(application, name) for name in names}
    return said | ({"representative_name": made_by.name} if made_by is not None else {})


def part_of(organization: Organization, *, listing: Listing) -> AppliesAs:
    """In which part `organization` stands on `listing`."""
    is_maker = listing.model.product.manufacturer_id in family_of(organization)
    return AppliesAs.MANUFACTURER if is_maker else AppliesAs.DISTRIBUTOR


def _about(
    kind: ApplicationKind, *, listings: Iterable[Listing], organization: Organization, by: "User"
) -> Application:
    concerned = list(listings)
    product = concerned[0].model.product
    made_by = begins_through(by, organization, kind=kind)
    applies_as = part_of(organization, listing=concerned[0])
    untouched = untouched_draft(
        kind=kind, organization=organization, by=by, made_by=made_by, concerned__listing=concerned[0]
    )
    if untouched is not None:
        return untouched
    group = product_group_of(concerned[0])
    draft = _start(
        kind,
        organization=organization,
        by=by,
        made_by=made_by,
        applies_as=applies_as,
        product_name=product.name,
        product_group=group.slug if group else "",
        product_group_version=group.version if group else 1,
        **{
            **_known(organization=organization, person=by, made_by=made_by, applies_as=applies_as),
            "manufacturer_name": product.manufacturer.name,
            "distributor_name": product.distributor.name if product.distributor else "",
        },
    )
    ConcernedListing.objects.bulk_create(
        ConcernedListing(application=draft, listing=listing, seen_version=listing.version) for listing in concerned
    )
    return draft


def _known(*, person: "User", **side: Any) -> dict[str, str]:
    """These kinds ask for one contact, whoever applies: the person who begins it."""
    return known_beforehand(person=person, **side) | {"contact_name": person.name, "contact_email": person.email}


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


def _siblings(listing: Listing) -> list[Listing]:
    """The chosen listing first, then the others of its model that can be billed today."""
    others = (
        Listing.objects.filter(model=listing.model_id, entry__in_force__contains=timezone.localdate())
        .exclude(pk=listing.pk)
        .select_related("model__product__manufacturer", "model__product__distributor")
        .order_by("code__code", "pk")
    )
    return [listing, *others]
