"""Invitations, and whether their links still open something."""

from typing import TYPE_CHECKING, Literal

from allauth.account.models import EmailAddress
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Lower
from django.shortcuts import get_object_or_404
from django.utils import timezone

from accounts.secret_text import digest_of
from pcl.models import Organization
from verification.models import Invitation, Representation
from verification.queries.representation import IN_FORCE_NOW, SURVIVOR, administrators_of, family_of

if TYPE_CHECKING:
    from accounts.models import User

Standing = Literal["waiting", "accepted", "taken back", "expired", "void"]
OPEN = Q(accepted_at=None, taken_back_at=None)


def with_inviters() -> QuerySet[Invitation]:
    """Every invitation, and in the same query whether its inviter still administers the organization."""
    administering = (
        Representation.objects.filter(
            IN_FORCE_NOW, is_administrator=True, user=OuterRef("invited_by"), user__is_active=True
        )
        .annotate(survivor=SURVIVOR)
        .filter(survivor=OuterRef("survivor"))
    )
    return (
        Invitation.objects.annotate(survivor=SURVIVOR)
        .annotate(inviter_administers=Exists(administering))
        .select_related("organization", "invited_by")
    )


def standing_of(invitation: Invitation) -> Standing:
    """`void`: whoever invited does not administer the organization any more."""
    if invitation.accepted_at is not None:
        return "accepted"
    if invitation.taken_back_at is not None:
        return "taken back"
    if invitation.expires_at <= timezone.now():
        return "expired"
    known = getattr(invitation, "inviter_administers", None)
    administers = invitation.invited_by in administrators_of(invitation.organization) if known is None else known
    return "waiting" if administers else "void"


def invitation_of(secret: str) -> Invitation:
    """The invitation of a link. Raises Http404 for a link that never was one."""
    return get_object_or_404(with_inviters(), digest=digest_of(secret))


def pending_invitations(organization: Organization) -> QuerySet[Invitation]:
    """Neither accepted nor taken back, newest first; some may have expired."""
    of_it = with_inviters().filter(OPEN, organization__in=family_of(organization))
    return of_it.order_by("-invited_at", "-id")


def invitations_for(user: "User") -> list[Invitation]:
    """What waits for `user` under an address that is confirmed, newest first."""
    own = EmailAddress.objects.filter(user=user, verified=True).values(lower=Lower("email"))
    found = with_inviters().annotate(lower=Lower("email")).filter(OPEN, lower__in=own, expires_at__gt=timezone.now())
    return [invitation for invitation in found if standing_of(invitation) == "waiting"]


def is_for(user: "User", invitation: Invitation) -> bool:
    """Whether the address that was invited is one of the person's, confirmed."""
    return EmailAddress.objects.filter(user=user, email__iexact=invitation.email, verified=True).exists()
