"""How a person comes to act for an organization."""

from typing import TYPE_CHECKING

from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from pcl.errors import RegisterError
from pcl.queries.organization_names import find_look_alike, find_organization
from pcl.services.organizations import create_organization, lock_organization_names, refuse_impossible_name
from verification.models import Representation

if TYPE_CHECKING:
    from accounts.models import User


ANSWER_SUBJECTS = {
    "confirmed": "You can now apply for your organization",
    "refused": "You cannot apply for the organization that you named",
}
# Whom nobody has confirmed may found this many organizations; a consultant with more asks the contractor.
MOST_FOUNDED = 5


@transaction.atomic
def name_organization(*, user: "User", name: str) -> Representation:
    """Let `user` act for the organization of that name.

    The first person of a new organization may act at once. An organization that the register already knows, or one
    whose name looks like it, needs the contractor's word first: nobody becomes the maker of somebody else's product by
    typing its name.

    Raises RegisterError for what cannot be a name, for one that the person has named already, and after MOST_FOUNDED.
    """
    refuse_impossible_name(name)
    if user.roles:
        raise RegisterError(
            "You work for the contractor, so you cannot act for an applicant. Use another account for it."
        )
    # Two people who name the same new organization at once must not both found it.
    lock_organization_names()
    known = find_organization(name) or find_look_alike(name)
    if known is None:
        if (
            Representation.objects.filter(user=user, confirmed_by=None, confirmed_at__isnull=False).count()
            >= MOST_FOUNDED
        ):
            raise RegisterError(f"You have named {MOST_FOUNDED} new organizations. Ask the contractor to add another.")
        return Representation.objects.create(
            user=user, organization=create_organization(name=name), confirmed_at=timezone.now()
        )
    if Representation.objects.filter(user=user, organization=known, ended_at=None).exists():
        raise RegisterError(f"You have named {known.name} already.")
    typed = " ".join(name.split())
    return Representation.objects.create(
        user=user, organization=known, asked_name="" if typed.casefold() == known.name.casefold() else typed
    )


@transaction.atomic
def confirm_representation(*, representation: Representation, by: "User") -> None:
    """The contractor's word that the person may act for the organization."""
    representation = _unanswered(representation)
    representation.confirmed_at = timezone.now()
    representation.confirmed_by = by
    representation.save(update_fields=["confirmed_at", "confirmed_by"])
    _tell(representation, "confirmed")


@transaction.atomic
def found_separately(*, representation: Representation, by: "User") -> None:
    """The contractor's word that the name only looks like a known one: the person's organization is a new one."""
    representation = _unanswered(representation)
    lock_organization_names()
    if not representation.asked_name or find_organization(representation.asked_name):
        raise RegisterError(f"There is one {representation.organization.name} only. Confirm or refuse the request.")
    representation.organization = create_organization(name=representation.asked_name)
    representation.asked_name = ""
    representation.confirmed_at = timezone.now()
    representation.confirmed_by = by
    representation.save()
    _tell(representation, "confirmed")


@transaction.atomic
def refuse_representation(*, representation: Representation, by: "User") -> None:
    """The contractor's word that the person may not act for the organization. Raises RegisterError once answered."""
    representation = _unanswered(representation)
    representation.ended_at = timezone.now()
    representation.refused_by = by
    representation.save(update_fields=["ended_at", "refused_by"])
    _tell(representation, "refused")


def _unanswered(representation: Representation) -> Representation:
    representation = (
        Representation.objects.select_for_update(of=("self",))
        .select_related("organization", "user")
        .get(pk=representation.pk)
    )
    if representation.ended_at or representation.confirmed_at:
        raise RegisterError("This request has been answered already.")
    return representation


def _tell(representation: Representation, answer: str) -> None:
    """Mail the person the contractor's answer, in the caller's transaction."""
    context = {"representation": representation, "link": settings.SITE_URL + reverse("apply:home")}
    send_mail(
        ANSWER_SUBJECTS[answer],
        render_to_string(f"verification/mail/representation_{answer}.txt", context),
        None,
        [representation.user.email],
    )


@transaction.atomic
def end_representation(*, representation: Representation) -> None:
    """From now on the person may not act for the organization."""
    representation = Representation.objects.select_for_update().get(pk=representation.pk)
    if representation.ended_at:
        raise RegisterError("This has ended already.")
    representation.ended_at = timezone.now()
    representation.save(update_fields=["ended_at"])
