"""Organizations: made once per name, renamed, and merged into others, with all listings that name them."""

from datetime import date
from typing import TYPE_CHECKING

from django.db import connection, transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.db.models import Q, QuerySet
from django.utils.text import slugify

from pcl.dates import refuse_implausible_day
from pcl.errors import RegisterError
from pcl.models import Listing, Organization, OrganizationName, Product
from pcl.models.listing_change import ChangeKind
from pcl.names import has_unseen_characters, name_key
from pcl.services.names import close_name, listings_follow, name_since

if TYPE_CHECKING:
    from accounts.models import User


def refuse_impossible_name(name: str) -> None:
    """Raise RegisterError for a name without a letter, or with characters that nobody sees."""
    if has_unseen_characters(name):
        raise RegisterError("The name holds characters that cannot be seen. Type it instead of pasting it.")
    if not any(character.isalpha() for character in name):
        raise RegisterError("Give the organization's name, in letters.")


def lock_organization_names() -> None:
    """Until the transaction ends, nobody else looks whether a name is free: of two founders one finds the other."""
    with connection.cursor() as cursor:
        cursor.execute("LOCK TABLE pcl_organization IN SHARE ROW EXCLUSIVE MODE")


def create_organization(*, name: str) -> Organization:
    """A new organization with an address of its own. Raises RegisterError for what cannot be a name."""
    refuse_impossible_name(name)
    name = " ".join(name.split())
    stem = slugify(name)[:100] or "organization"
    with transaction.atomic():
        taken = set(Organization.objects.filter(slug__startswith=stem).values_list("slug", flat=True))
        slug, number = stem, 2
        while slug in taken:
            slug, number = f"{stem}-{number}", number + 1
        return Organization.objects.create(slug=slug, name=name, name_key=name_key(name))


@transaction.atomic
def rename_organization(
    *, organization: Organization, name: str, since: date, source: str, reason: str, by: "User | None"
) -> Organization:
    """Call `organization` `name` from day `since` on; the name before stays findable, with its days.

    Raises RegisterError for what cannot be a name, is the name already or another organization's, or begins before the
    name that it follows.
    """
    refuse_impossible_name(name)
    refuse_implausible_day(since)
    name = " ".join(name.split())
    with listings_follow(listings_naming(organization), kind=ChangeKind.RENAMED, reason=reason, by=by):
        lock_organization_names()
        organization = Organization.objects.get(pk=organization.pk)
        _refuse_merged(organization)
        if organization.name == name:
            raise RegisterError(f"The organization is called “{name}” already.")
        key = name_key(name)
        taken = Organization.objects.filter(name_key=key).exclude(pk=organization.pk).first()
        if taken is not None:
            raise RegisterError(f"“{taken.name}” is another organization of that name. Merge the two instead.")
        close_name(
            organization.names,
            began=name_since(_own_names(organization)),
            name=organization.name,
            since=since,
            source=source,
            name_key=organization.name_key,
        )
        organization.name, organization.name_key = name, key
        organization.save(update_fields=["name", "name_key"])
    return organization


@transaction.atomic
def merge_organizations(
    *, merged: Organization, into: Organization, since: date, source: str, reason: str, by: "User | None"
) -> Organization:
    """From day `since` on, `merged` is part of `into`: its products are shown under that name, and found under both.

    Its page stays and says where it went. Raises RegisterError when the two are one, or one was merged before.
    """
    refuse_implausible_day(since)
    if merged.pk == into.pk:
        raise RegisterError("An organization cannot be merged into itself. Choose another one.")
    with listings_follow(listings_naming(merged), kind=ChangeKind.RENAMED, reason=reason, by=by):
        lock_organization_names()
        merged, into = Organization.objects.get(pk=merged.pk), Organization.objects.get(pk=into.pk)
        _refuse_merged(merged)
        _refuse_merged(into)
        began = name_since(_own_names(merged))
        if began is not None and began >= since:
            raise RegisterError(f"“{merged.name}” is its name since {began:%B %-d, %Y}. Merge it on a later day.")
        for name, key, used, said in [
            *merged.names.values_list("name", "name_key", "used", "source"),
            (merged.name, merged.name_key, DateRange(began, since), source),
        ]:
            OrganizationName.objects.get_or_create(
                organization=into, name=name, used=used, defaults={"name_key": key, "source": said}
            )
        Product.objects.filter(manufacturer=merged).update(manufacturer=into)
        Product.objects.filter(distributor=merged).update(distributor=into)
        merged.merged_organizations.update(merged_into=into)
        merged.merged_into = into
        merged.save(update_fields=["merged_into"])
    return into


def listings_naming(organization: Organization) -> QuerySet[Listing]:
    """Every listing that shows the organization's name, as manufacturer or distributor."""
    return Listing.objects.filter(
        Q(model__product__manufacturer=organization) | Q(model__product__distributor=organization)
    )


def _own_names(organization: Organization) -> QuerySet[OrganizationName]:
    """Its former names without those that it took over in mergers, which say nothing of its own."""
    taken_over = Organization.objects.filter(merged_into=organization)
    keys = taken_over.values("name_key").union(
        OrganizationName.objects.filter(organization__in=taken_over).values("name_key"), all=True
    )
    return organization.names.exclude(name_key__in=list(keys.values_list("name_key", flat=True)))


def _refuse_merged(organization: Organization) -> None:
    if organization.merged_into is not None:
        raise RegisterError(
            f"“{organization.name}” was merged into “{organization.merged_into.name}”. Choose that one instead."
        )
