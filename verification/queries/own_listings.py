"""The listings of the organizations for which a person acts, and who is to be reminded of them."""

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from django.db.models import Exists, F, Max, Min, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce
from django.http import Http404

from pcl.models import Listing, ListingChange, Organization, RegisterEntry
from verification.models import Representation
from verification.queries.organizations import Behalf, on_whose_behalf

if TYPE_CHECKING:
    from accounts.models import User


def own_listings(user: "User", *, of: Organization | None = None) -> QuerySet[RegisterEntry]:
    """As manufacturer or distributor, under whatever name: of an organization that was merged, what it became part of.

    Those of the organizations for which `user` acts, also as their designated representative while the authorization
    is in force; with `of`, of that one alone. They are public; what an application may be begun about stands here.
    """
    ids = {each.organization.pk for each in on_whose_behalf(user)}
    if of is not None:
        ids &= {of.merged_into_id or of.pk}
    return RegisterEntry.objects.filter(Q(manufacturer_organization__in=ids) | Q(distributor_organization__in=ids))


@dataclass(frozen=True)
class OwnListing:
    listing: Listing
    behalf: Behalf
    """For whom the person acts, an own organization before one that authorized theirs."""
    coded_on: date
    """The first date of service of the product's earliest listing."""
    codes: tuple[str, ...]
    """Of all of the product's listings."""

    @property
    def organization(self) -> Organization:
        return self.behalf.organization


def own_listing(user: "User", listing_id: int) -> OwnListing:
    """Raises Http404 for a listing of an organization for which `user` does not act."""
    entry = own_listings(user).filter(pk=listing_id).first()
    if entry is None:
        raise Http404
    listing = Listing.objects.select_related("code", "model__product__manufacturer", "model__product__distributor").get(
        pk=listing_id
    )
    parties = [entry.manufacturer_organization_id, entry.distributor_organization_id]
    # Of both parties, the manufacturer; through a representative only where there is no way of one's own.
    behalf = min(
        (each for each in on_whose_behalf(user) if each.organization.pk in parties),
        key=lambda each: (each.made_by is not None, parties.index(each.organization.pk)),
    )
    of_product = Listing.objects.filter(model__product=listing.model.product_id)
    coded_on = of_product.aggregate(first=Min("effective__startswith"))["first"]
    codes = of_product.order_by("code__code").values_list("code__code", flat=True).distinct()
    return OwnListing(listing, behalf, coded_on, tuple(codes))


def last_changes(listing_ids: list[int]) -> dict[int, ListingChange]:
    """The newest change of each of these listings, in one query."""
    newest = ListingChange.objects.filter(listing__in=listing_ids).values("listing").annotate(last=Max("seq"))
    changes = ListingChange.objects.filter(pk__in=newest.values("last")).only("listing_id", "kind", "at")
    return {change.listing_id: change for change in changes}


def organizations_to_remind(day: date) -> QuerySet[Organization]:
    """Whom to remind on `day`, once a year, to notify changes: those with a listing in force and people to tell.

    The day is the anniversary of the one on which the register first knew the organization; of February 29, the 28th
    in other years. Never in the first year. One that was merged keeps its day, and the people who act for it; its
    listings are those of what it became part of.
    """
    born = Q(created_at__month=day.month, created_at__day=day.day)
    if (day.month, day.day) == (2, 28) and not _is_leap(day.year):
        born |= Q(created_at__month=2, created_at__day=29)
    in_force = RegisterEntry.objects.filter(in_force__contains=day)
    acts_now = Representation.objects.filter(confirmed_at__isnull=False, ended_at=None, user__is_active=True)
    return (
        Organization.objects.filter(born, created_at__year__lt=day.year)
        .annotate(became=Coalesce("merged_into", F("pk")))
        .filter(
            Exists(in_force.filter(manufacturer_organization=OuterRef("became")))
            | Exists(in_force.filter(distributor_organization=OuterRef("became"))),
            Exists(acts_now.filter(organization=OuterRef("pk"))),
        )
        .select_related("merged_into")
        .order_by("name", "pk")
    )


def _is_leap(year: int) -> bool:
    return (year % 4 == 0 and year % 100 != 0) or year % 400 == 0
