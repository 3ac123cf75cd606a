"""How a person comes to act for an organization."""

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from pcl.errors import RegisterError
from pcl.services.organizations import create_organization, find_organization, lock_organization_names
from verification.models import Representation

if TYPE_CHECKING:
    from accounts.models import User


@transaction.atomic
def name_organization(*, user: "User", name: str) -> Representation:
    """Let `user` act for the organization of that name.

    The first person of a new organization may act at once. An organization that the register already knows needs the
    contractor's word first: nobody becomes the maker of somebody else's product by typing its name.

    Raises RegisterError when the name is empty or the person has asked for it already.
    """
    # Two people who name the same new organization at once must not both found it.
    lock_organization_names()
    known = find_organization(name)
    if known and Representation.objects.filter(user=user, organization=known, ended_at=None).exists():
        raise RegisterError(f"You have named {known.name} already.")
    organization = known or create_organization(name=name)
    return Representation.objects.create(
        user=user, organization=organization, confirmed_at=None if known else timezone.now()
    )


@transaction.atomic
def confirm_representation(*, representation: Representation, by: "User") -> None:
    """The contractor's word that the person may act for the organization."""
    representation = Representation.objects.select_for_update().get(pk=representation.pk)
    if representation.ended_at or representation.confirmed_at:
        raise RegisterError("This request has been answered already.")
    representation.confirmed_at = timezone.now()
    representation.confirmed_by = by
    representation.save(update_fields=["confirmed_at", "confirmed_by"])


@transaction.atomic
def refuse_representation(*, representation: Representation) -> None:
    """The contractor's word that the person may not act for the organization. Raises RegisterError once answered."""
    representation = Representation.objects.select_for_update().get(pk=representation.pk)
    if representation.ended_at or representation.confirmed_at:
        raise RegisterError("This request has been answered already.")
    end_representation(representation=representation)


@transaction.atomic
def end_representation(*, representation: Representation) -> None:
    """From now on the person may not act for the organization."""
    representation = Representation.objects.select_for_update().get(pk=representation.pk)
    if representation.ended_at:
        raise RegisterError("This has ended already.")
    representation.ended_at = timezone.now()
    representation.save(update_fields=["ended_at"])
