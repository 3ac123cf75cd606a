"""What an organization's administrators do with its people."""

from typing import TYPE_CHECKING

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from pcl.errors import RegisterError
from pcl.models import Organization
from verification.models import AccessAct, Invitation, Representation
from verification.queries.representation import IN_FORCE_NOW, administrators_of, family_of
from verification.services.access_log import note
from verification.services.tell_people import tell

if TYPE_CHECKING:
    from accounts.models import User

LAST_ADMINISTRATOR = (
    "Somebody has to administer {organization}. Make another person an administrator first; "
    "where there is nobody else, ask the contractor."
)


@transaction.atomic
def make_administrator(*, organization: Organization, person: "User", by: "User") -> None:
    """From now on `person` invites, confirms and ends others. Twice is once. Raises RegisterError."""
    people = lock_people(organization, by=by)
    _among(people, person, organization)
    if any(each.is_administrator for each in people if each.user_id == person.pk):
        return
    _set_administrator(people, person, is_administrator=True)
    note(AccessAct.MADE_ADMINISTRATOR, by=by, person=person, organization=organization)
    _tell(person, organization, "made_administrator", f"You now administer {organization.name}")


@transaction.atomic
def make_ordinary(*, organization: Organization, person: "User", by: "User") -> None:
    """`person` goes on acting for the organization and administers it no longer. Raises RegisterError for the last."""
    people = lock_people(organization, by=by)
    _among(people, person, organization)
    _keep_one_administrator(organization, without=person)
    if not any(each.is_administrator for each in people if each.user_id == person.pk):
        return
    _set_administrator(people, person, is_administrator=False)
    _take_back_invitations_of(person, organization)
    note(AccessAct.NO_ADMINISTRATOR, by=by, person=person, organization=organization)


@transaction.atomic
def end_access(*, organization: Organization, person: "User", by: "User") -> None:
    """From now on `person` sees nothing of the organization and cannot act for it; oneself: leave.

    Raises RegisterError for its last administrator, and to who may not do it.
    """
    is_oneself = person == by
    people = lock_people(organization, by=None if is_oneself else by)
    _among(people, person, organization)
    _keep_one_administrator(organization, without=person)
    now = timezone.now()
    for each in people:
        if each.user_id == person.pk:
            each.ended_at = now
            each.save(update_fields=["ended_at"])
    _take_back_invitations_of(person, organization)
    note(AccessAct.LEFT if is_oneself else AccessAct.ENDED, by=by, person=person, organization=organization)
    if is_oneself:
        tell(
            administrators_of(organization),
            subject=f"{person.name} left {organization.name}",
            about="left",
            path=reverse("apply:people", args=[organization.slug]),
            person=person,
            organization=organization,
        )
    else:
        _tell(person, organization, "access_ended", f"You do not act for {organization.name} any more")


def lock_people(organization: Organization, *, by: "User | None") -> list[Representation]:
    """Everybody who acts for it, locked: of two administrators at once, the second sees what the first did.

    With `by`, raises RegisterError unless `by` administers it, after the lock.
    """
    people = list(
        Representation.objects.select_for_update(of=("self",))
        .filter(IN_FORCE_NOW, organization__in=family_of(organization))
        .select_related("user")
        .order_by("pk")
    )
    if by is not None and by not in administrators_of(organization):
        raise RegisterError(f"Only an administrator of {organization.name} can do this.")
    return people


def _among(people: list[Representation], person: "User", organization: Organization) -> None:
    if not any(each.user_id == person.pk for each in people):
        raise RegisterError(f"{person} does not act for {organization.name}.")


def _keep_one_administrator(organization: Organization, *, without: "User") -> None:
    administrators = list(administrators_of(organization))
    if without in administrators and len(administrators) == 1:
        raise RegisterError(LAST_ADMINISTRATOR.format(organization=organization.name))


def _set_administrator(people: list[Representation], person: "User", *, is_administrator: bool) -> None:
    for each in people:
        if each.user_id == person.pk:
            each.is_administrator = is_administrator
            each.save(update_fields=["is_administrator"])


def _take_back_invitations_of(person: "User", organization: Organization) -> None:
    """Whoever may not invite any more has not invited anybody either."""
    pending = Invitation.objects.filter(
        invited_by=person, organization__in=family_of(organization), accepted_at=None, taken_back_at=None
    )
    for invitation in pending.select_for_update():
        invitation.taken_back_at = timezone.now()
        invitation.save(update_fields=["taken_back_at"])
        note(AccessAct.TAKEN_BACK, by=person, email=invitation.email, organization=invitation.organization)


def _tell(person: "User", organization: Organization, about: str, subject: str) -> None:
    tell([person], subject=subject, about=about, path=reverse("apply:home"), organization=organization)
