"""How a person comes to act for an organization."""

from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from pcl.errors import RegisterError
from pcl.queries.organization_names import find_look_alike, find_organization
from pcl.services.organizations import create_organization, lock_organization_names, refuse_impossible_name
from verification.models import AccessAct, Representation
from verification.queries.representation import administrators_of, may_act_for
from verification.services.access_log import note
from verification.services.tell_people import registrars, tell

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

    The first person of a new organization may act at once, and administers it. An organization that the register
    already knows, or one whose name looks like it, needs the word of its administrator or of the contractor first:
    nobody becomes the maker of somebody else's product by typing its name.

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
        founded = Representation.objects.create(
            user=user, organization=create_organization(name=name), confirmed_at=timezone.now(), is_administrator=True
        )
        note(AccessAct.FOUNDED, by=user, person=user, organization=founded.organization)
        return founded
    named = Representation.objects.filter(user=user, organization=known, ended_at=None).exists()
    if named or may_act_for(user, known.pk):
        raise RegisterError(f"You have named {known.name} already.")
    typed = " ".join(name.split())
    asked = Representation.objects.create(
        user=user, organization=known, asked_name="" if typed.casefold() == known.name.casefold() else typed
    )
    note(AccessAct.ASKED, by=user, person=user, organization=known)
    _tell_who_may_answer(asked)
    return asked


@transaction.atomic
def confirm_representation(*, representation: Representation, by: "User") -> None:
    """The word of the contractor, or of the organization's administrator, that the person may act for it.

    Where nobody administers the organization, the person does from now on.
    Raises RegisterError once it was answered, and to anybody else.
    """
    representation = _unanswered(representation, by)
    representation.is_administrator = not administrators_of(representation.organization).exists()
    representation.confirmed_at = timezone.now()
    representation.confirmed_by = by
    representation.save(update_fields=["confirmed_at", "confirmed_by", "is_administrator"])
    note(AccessAct.CONFIRMED, by=by, person=representation.user, organization=representation.organization)
    _tell(representation, "confirmed", by=by)


@transaction.atomic
def found_separately(*, representation: Representation, by: "User") -> None:
    """The contractor's word that the name only looks like a known one: the person's organization is a new one."""
    representation = _unanswered(representation, by)
    looked_like = representation.organization
    lock_organization_names()
    if not representation.asked_name or find_organization(representation.asked_name):
        raise RegisterError(f"There is one {representation.organization.name} only. Confirm or refuse the request.")
    representation.organization = create_organization(name=representation.asked_name)
    representation.asked_name = ""
    representation.is_administrator = True
    representation.confirmed_at = timezone.now()
    representation.confirmed_by = by
    representation.save()
    note(AccessAct.REFUSED, by=by, person=representation.user, organization=looked_like)
    note(AccessAct.CONFIRMED, by=by, person=representation.user, organization=representation.organization)
    _tell(representation, "confirmed", by=by)


@transaction.atomic
def refuse_representation(*, representation: Representation, by: "User") -> None:
    """The word of the contractor or the administrator that the person may not act for the organization.

    Raises RegisterError once it was answered, and to anybody else.
    """
    representation = _unanswered(representation, by)
    representation.ended_at = timezone.now()
    representation.refused_by = by
    representation.save(update_fields=["ended_at", "refused_by"])
    note(AccessAct.REFUSED, by=by, person=representation.user, organization=representation.organization)
    _tell(representation, "refused", by=by)


def _unanswered(representation: Representation, by: "User") -> Representation:
    """The request, locked, for somebody who may answer it. Of two who answer at once the second is told."""
    representation = (
        Representation.objects.select_for_update(of=("self",))
        .select_related("organization", "user")
        .get(pk=representation.pk)
    )
    if not by.roles and by not in administrators_of(representation.organization):
        raise RegisterError(f"Only an administrator of {representation.organization.name} can answer this.")
    if representation.ended_at or representation.confirmed_at:
        raise RegisterError("This request has been answered already.")
    return representation


def _tell_who_may_answer(asked: Representation) -> None:
    subject = f"{asked.user.name} asks to act for {asked.organization.name}"
    people_page = reverse("apply:people", args=[asked.organization.slug])
    tell(administrators_of(asked.organization), subject=subject, about="asked", path=people_page, asked=asked)
    tell(registrars(), subject=subject, about="asked", path=reverse("review:representations"), asked=asked)


def _tell(representation: Representation, answer: str, *, by: "User") -> None:
    """Mail the answer to the person, and to the others who might still answer that it was given."""
    tell(
        [representation.user],
        subject=ANSWER_SUBJECTS[answer],
        about=f"representation_{answer}",
        path=reverse("apply:home"),
        representation=representation,
    )
    organization = representation.organization
    others = [each for each in administrators_of(organization) if each not in (by, representation.user)]
    who = "The contractor" if by.roles else f"An administrator of {organization.name}"
    said: dict[str, Any] = {
        "subject": f"Answered: {representation.user.name} and {organization.name}",
        "about": "representation_answered",
        "answer": answer,
        "who": who,
        "representation": representation,
    }
    tell(others, path=reverse("apply:people", args=[organization.slug]), **said)
    if not by.roles:
        tell(registrars(), path=reverse("review:representations"), **said)


@transaction.atomic
def end_representation(*, representation: Representation, by: "User | None" = None) -> None:
    """From now on the person may not act for the organization. Raises RegisterError when that is so already.

    An organization's own people end one another's access in verification/services/people.py, which leaves no
    organization without an administrator.
    """
    representation = Representation.objects.select_for_update().get(pk=representation.pk)
    if representation.ended_at:
        raise RegisterError("This has ended already.")
    representation.ended_at = timezone.now()
    representation.save(update_fields=["ended_at"])
    note(AccessAct.ENDED, by=by, person=representation.user, organization=representation.organization)
