"""Inviting a person to work for the contractor: a link by e-mail that serves once."""

from collections.abc import Sequence
from datetime import timedelta

from allauth.account.models import EmailAddress
from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from accounts.models import AccountEvent, ContractorInvitation, EventKind, Role, User
from accounts.secret_text import digest_of, new_secret
from accounts.services.roles import RoleRefused, give_role, refuse_auditor_beside_others


@transaction.atomic
def invite(*, email: str, name: str, roles: Sequence[Role], reason: str, by: User) -> ContractorInvitation:
    """Mail a link that serves once within CONTRACTOR_INVITATION_DAYS days.

    An open invitation to the same address ends with it.

    Raises RoleRefused for somebody who has an account already, and for roles that do not go together.
    """
    email = email.strip().lower()
    if not roles:
        raise RoleRefused("Choose at least one role.")
    if not reason.strip():
        raise RoleRefused("Say why: it stays in the log.")
    refuse_auditor_beside_others(set(roles))
    if User.objects.filter(email__iexact=email).exists():
        raise RoleRefused(f"{email} has an account already. Find the person in the list and grant the role there.")
    now = timezone.now()
    for earlier in ContractorInvitation.objects.select_for_update().filter(
        email=email, accepted_at=None, withdrawn_at=None
    ):
        earlier.withdrawn_at = now
        earlier.save(update_fields=["withdrawn_at"])
    secret = new_secret()
    invitation = ContractorInvitation.objects.create(
        email=email,
        name=" ".join(name.split()),
        roles=[role.value for role in roles],
        reason=reason.strip(),
        digest=digest_of(secret),
        invited_by=by,
        expires_at=now + timedelta(days=settings.CONTRACTOR_INVITATION_DAYS),
    )
    AccountEvent.objects.create(
        kind=EventKind.INVITED,
        by=by,
        reason=invitation.reason,
        about={"email": email, "name": invitation.name, "roles": invitation.roles},
    )
    context = {
        "invitation": invitation,
        "days": settings.CONTRACTOR_INVITATION_DAYS,
        "link": settings.SITE_URL + reverse("accounts:invitation", args=[secret]),
    }
    send_mail(
        "You are invited to the PCL Registry", render_to_string("accounts/mail/invitation.txt", context), None, [email]
    )
    return invitation


@transaction.atomic
def withdraw_invitation(*, invitation: ContractorInvitation, by: User) -> None:
    """The link no longer serves. Raises RoleRefused once it was accepted or withdrawn."""
    invitation = ContractorInvitation.objects.select_for_update().get(pk=invitation.pk)
    if invitation.accepted_at or invitation.withdrawn_at:
        raise RoleRefused("This invitation is over already.")
    invitation.withdrawn_at = timezone.now()
    invitation.save(update_fields=["withdrawn_at"])
    AccountEvent.objects.create(
        kind=EventKind.INVITATION_WITHDRAWN, by=by, about={"email": invitation.email, "name": invitation.name}
    )


def find_invitation(secret: str) -> ContractorInvitation | None:
    return ContractorInvitation.objects.select_related("invited_by").filter(digest=digest_of(secret)).first()


def why_it_no_longer_serves(invitation: ContractorInvitation) -> str:
    """What to tell the invited person; nothing where the link still serves."""
    if invitation.accepted_at:
        return "This invitation was accepted already. Sign in with your address and password."
    if invitation.withdrawn_at:
        return "This invitation was withdrawn or replaced. Look for a newer mail, or ask who invited you."
    if invitation.expires_at <= timezone.now():
        return "This invitation has expired. Ask who invited you for a new one."
    if User.objects.filter(email__iexact=invitation.email).exists():
        return "There is an account with your address already. Ask who invited you to grant it the role."
    return ""


@transaction.atomic
def accept_invitation(*, invitation: ContractorInvitation, name: str, password: str) -> User:
    """Make the account with its roles, the address confirmed by the link. Raises RoleRefused where that is over."""
    invitation = ContractorInvitation.objects.select_for_update().get(pk=invitation.pk)
    if reason := why_it_no_longer_serves(invitation):
        raise RoleRefused(reason)
    user = User.objects.create_user(invitation.email, password, name=" ".join(name.split()))
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    for role in invitation.roles:
        give_role(user, Role(role), reason=invitation.reason, by=invitation.invited_by, by_invitation=True)
    invitation.accepted_at = timezone.now()
    invitation.accepted_by = user
    invitation.save(update_fields=["accepted_at", "accepted_by"])
    AccountEvent.objects.create(kind=EventKind.INVITATION_ACCEPTED, by=user, person=user)
    return user
