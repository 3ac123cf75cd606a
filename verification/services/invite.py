"""Inviting somebody to act for an organization: one link, to one address, once, for some days."""

from datetime import timedelta
from typing import TYPE_CHECKING

from allauth.account.models import EmailAddress
from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from accounts.secret_text import digest_of, new_secret
from pcl.errors import RegisterError
from pcl.models import Organization
from verification.models import AccessAct, Invitation, Representation
from verification.queries.invitations import standing_of
from verification.queries.representation import IN_FORCE_NOW, family_of, people_of
from verification.services.access_log import note
from verification.services.people import lock_people
from verification.services.tell_people import tell

if TYPE_CHECKING:
    from accounts.models import User


@transaction.atomic
def invite(*, organization: Organization, email: str, as_administrator: bool, by: "User") -> Invitation:
    """Mail a link to `email`. Raises RegisterError for whom it makes no sense to invite, and for too many in a day.

    The answer never says whether the address has an account here.
    """
    lock_people(organization, by=by)
    email = email.strip()
    _refuse_needless(organization, email, by)
    pending = Invitation.objects.filter(
        organization__in=family_of(organization), email__iexact=email, accepted_at=None, taken_back_at=None
    )
    for earlier in pending:
        if standing_of(earlier) == "waiting":
            raise RegisterError(f"{email} is invited already. Send that invitation again, or take it back.")
        earlier.taken_back_at = timezone.now()
        earlier.save(update_fields=["taken_back_at"])
    since = timezone.now() - timedelta(days=1)
    sent = Invitation.objects.filter(organization__in=family_of(organization), invited_at__gte=since).count()
    if sent >= settings.INVITATIONS_PER_DAY:
        raise RegisterError(
            f"{organization.name} has sent {sent} invitations within a day, and more are not sent. Try again tomorrow."
        )
    secret = new_secret()
    invitation = Invitation.objects.create(
        organization=organization,
        email=email,
        as_administrator=as_administrator,
        digest=digest_of(secret),
        invited_by=by,
        expires_at=timezone.now() + timedelta(days=settings.INVITATION_DAYS),
    )
    note(AccessAct.INVITED, by=by, email=email, organization=organization)
    tell(
        [email],
        subject=f"You are invited to act for {organization.name}",
        about="invitation",
        path=reverse("apply:invitation", args=[secret]),
        invitation=invitation,
    )
    return invitation


def _refuse_needless(organization: Organization, email: str, by: "User") -> None:
    known = get_user_model().objects.filter(
        Q(email__iexact=email) | Q(emailaddress__email__iexact=email, emailaddress__verified=True)
    )
    for user in known.distinct():
        if user == by:
            raise RegisterError(f"This is your own address. You act for {organization.name} already.")
        if user in people_of(family_of(organization)):
            raise RegisterError(f"{email} belongs to {user.name}, who acts for {organization.name} already.")
        if user.roles:
            raise RegisterError(f"{email} cannot act for an applicant. Invite another address.")


@transaction.atomic
def take_back_invitation(*, invitation: Invitation, by: "User") -> None:
    """The link opens nothing any more. Twice is once. Raises RegisterError when it was accepted meanwhile."""
    lock_people(invitation.organization, by=by)
    invitation = Invitation.objects.select_for_update().get(pk=invitation.pk)
    if invitation.accepted_at is not None:
        raise RegisterError(f"{invitation.email} has accepted the invitation. End that person's access instead.")
    if invitation.taken_back_at is None:
        invitation.taken_back_at = timezone.now()
        invitation.save(update_fields=["taken_back_at"])
        note(AccessAct.TAKEN_BACK, by=by, email=invitation.email, organization=invitation.organization)


@transaction.atomic
def invite_again(*, invitation: Invitation, by: "User") -> Invitation:
    """A new link to the same address; the one before opens nothing any more. Raises RegisterError."""
    take_back_invitation(invitation=invitation, by=by)
    return invite(
        organization=invitation.organization,
        email=invitation.email,
        as_administrator=invitation.as_administrator,
        by=by,
    )


@transaction.atomic
def accept_invitation(*, invitation: Invitation, by: "User") -> Representation:
    """From now on `by` acts for the organization. By the same person a second time it is the same.

    Raises RegisterError for an invitation that was used by somebody else, taken back, has expired or whose inviter may
    not invite any more; to who has not confirmed the address that was invited; and to the contractor's people.
    """
    # In the order in which administrators lock: first the people, then the invitation.
    lock_people(invitation.organization, by=None)
    invitation = Invitation.objects.select_for_update(of=("self",)).select_related("organization").get(pk=invitation.pk)
    if not EmailAddress.objects.filter(user=by, email__iexact=invitation.email, verified=True).exists():
        raise RegisterError("This invitation is for another e-mail address than yours.")
    own = Representation.objects.filter(IN_FORCE_NOW, user=by, organization__in=family_of(invitation.organization))
    if invitation.accepted_by_id == by.pk and own.exists():
        return own[0]
    if why_not := WHY_NOT.get(standing_of(invitation)):
        raise RegisterError(why_not)
    if by.roles:
        raise RegisterError("Who works for the contractor cannot act for an applicant.")
    representation = _let_in(invitation, by)
    invitation.accepted_at = representation.confirmed_at
    invitation.accepted_by = by
    invitation.save(update_fields=["accepted_at", "accepted_by"])
    note(AccessAct.ACCEPTED, by=by, person=by, organization=invitation.organization)
    tell(
        [invitation.invited_by],
        subject=f"{by.name} now acts for {invitation.organization.name}",
        about="invitation_accepted",
        path=reverse("apply:people", args=[invitation.organization.slug]),
        invitation=invitation,
        person=by,
    )
    return representation


WHY_NOT = {
    "accepted": "This invitation was used already. Ask whoever invited you for another one.",
    "taken back": "This invitation was taken back. Ask whoever invited you for another one.",
    "expired": "This invitation has expired. Ask whoever invited you for another one.",
    "void": "Whoever invited you may not do so any more. Ask somebody else of the organization for an invitation.",
}


def _let_in(invitation: Invitation, by: "User") -> Representation:
    """Who asked to act before, and waits, is confirmed by the invitation; who acts already may become administrator."""
    members = family_of(invitation.organization)
    there = Representation.objects.filter(user=by, organization__in=members, ended_at=None).order_by("confirmed_at")
    representation = there.first() or Representation(user=by, organization=invitation.organization)
    if representation.confirmed_at is None:
        representation.confirmed_at = timezone.now()
        representation.confirmed_by = invitation.invited_by
    representation.is_administrator = representation.is_administrator or invitation.as_administrator
    representation.save()
    return representation
