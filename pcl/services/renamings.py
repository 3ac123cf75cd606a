"""Changes of names that very many listings show: asked for in a preview, made by the worker in one transaction."""

from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet
from procrastinate.contrib.django import app

from pcl.errors import RegisterError
from pcl.models import ActState, Listing, Organization, Product, Renaming, RenamingKind
from pcl.queries.seen_in_short import seen_in_short
from pcl.services.changes import stand_at_the_chain
from pcl.services.many_listings_act import MOST_AT_ONCE, do_once, note_done
from pcl.services.organizations import listings_naming, merge_organizations, rename_organization
from pcl.services.products import correct_product, rename_product
from pcl.services.rehearsal import SeenOtherwiseError

# By name, since the jobs know the services.
JOB = "pcl.jobs.do_renaming"


def make_renaming(renaming: Renaming) -> None:
    """What `renaming` describes, at once. To be called in a transaction. Raises RegisterError as the acts do."""
    by, reason, source = renaming.by, renaming.reason, renaming.source
    if renaming.kind == RenamingKind.MERGER:
        assert renaming.organization and renaming.into and renaming.since  # noqa: S101, PT018 - the database says so
        merge_organizations(
            merged=renaming.organization, into=renaming.into, since=renaming.since, source=source, reason=reason, by=by
        )
    elif renaming.kind == RenamingKind.ORGANIZATION:
        assert renaming.organization and renaming.since  # noqa: S101, PT018
        rename_organization(
            organization=renaming.organization,
            name=renaming.name,
            since=renaming.since,
            source=source,
            reason=reason,
            by=by,
        )
    elif renaming.kind == RenamingKind.PRODUCT:
        assert renaming.product and renaming.since  # noqa: S101, PT018
        rename_product(
            product=renaming.product, name=renaming.name, since=renaming.since, source=source, reason=reason, by=by
        )
    else:
        assert renaming.product  # noqa: S101
        correct_product(
            product=renaming.product,
            name=renaming.name,
            classification=renaming.classification,
            reason=reason,
            by=by,
        )


def listings_concerned(renaming: Renaming) -> QuerySet[Listing]:
    """Every listing that shows the name."""
    if renaming.organization is not None:
        return listings_naming(renaming.organization)
    return Listing.objects.filter(model__product=renaming.product)


def is_for_the_worker(renaming: Renaming) -> bool:
    """Whether so many listings change that nobody should wait for it."""
    return are_very_many(listings_concerned(renaming))


def are_very_many(listings: QuerySet[Listing]) -> bool:
    return listings[: MOST_AT_ONCE + 1].count() > MOST_AT_ONCE


def renaming_seen_in_short(renaming: Renaming) -> str:
    """What a preview of it shows, as the register is now: the listings in their versions, and today's names."""
    organizations = Organization.objects.filter(pk__in=[renaming.organization_id or 0, renaming.into_id or 0])
    products = Product.objects.filter(pk=renaming.product_id or 0)
    names = [
        *organizations.order_by("pk").values_list("name", flat=True),
        *(text for row in products.values_list("name", "classification") for text in row),
    ]
    return seen_in_short(listings_concerned(renaming), *names)


@transaction.atomic
def ask_for_renaming(*, renaming: Renaming, seen: str) -> Renaming:
    """Have the worker make what a preview showed (`seen`: see `renaming_seen_in_short`).

    Raises SeenOtherwiseError where other listings or names would change by now, and RegisterError while another change
    of the same names is waiting.
    """
    if renaming_seen_in_short(renaming) != seen:
        raise SeenOtherwiseError
    _refuse_second(renaming)
    renaming.seen = seen
    try:
        with transaction.atomic():
            renaming.save()
    except IntegrityError as error:
        # Two have confirmed in the same moment.
        _refuse_second(renaming)
        raise RegisterError("It could not be kept. Look at the preview again, then confirm.") from error
    app.configure_task(JOB, queue="register").defer(renaming_id=renaming.pk)
    return renaming


def do_renaming(*, renaming_id: int) -> None:
    """What the worker does, once."""
    do_once(Renaming, act_id=renaming_id, do=_do)


def _do(renaming: Renaming) -> None:
    # From here on nobody else changes the register.
    head = stand_at_the_chain()
    if renaming_seen_in_short(renaming) != renaming.seen:
        raise RegisterError(
            "The list changed between your confirmation and the work. Nothing was changed. Look at the new preview."
        )
    make_renaming(renaming)
    note_done(renaming, first_seq=head.seq + 1, last_seq=stand_at_the_chain().seq)


def _refuse_second(renaming: Renaming) -> None:
    organizations = {renaming.organization_id, renaming.into_id} - {None}
    same = Q(organization__in=organizations) | Q(into__in=organizations)
    if renaming.product_id is not None:
        same |= Q(product=renaming.product_id)
    waiting = Renaming.objects.filter(same, state=ActState.WAITING).select_related("by").first()
    if waiting is not None:
        raise RegisterError(
            f"{waiting.by} has asked for this already, and it is being done: {waiting}. "
            "Wait until it is over, look at the names, then decide again."
        )
