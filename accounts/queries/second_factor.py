"""Who has a second factor. Recovery codes alone are none: they only stand in for one."""

from typing import TYPE_CHECKING

from allauth.mfa.models import Authenticator
from django.contrib.auth import get_user_model
from django.db.models import Exists, OuterRef, Q, QuerySet

from accounts.models import SecondFactorReset

if TYPE_CHECKING:
    from accounts.models import User

FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
MOST_SHOWN = 100
NEWEST_RESETS = 20


def has_second_factor(user: "User", *, besides: Authenticator | None = None) -> bool:
    """Whether `user` has an authenticator app, a passkey or a security key (`besides` that one)."""
    own = Authenticator.objects.filter(user=user, type__in=FACTORS)
    return own.exclude(pk=besides.pk if besides else None).exists()


def people_and_factors(asked: str = "") -> "QuerySet[User]":
    """The contractor's people or, where a name or an address is `asked` for, whoever it fits; with what they have.

    Annotated with `has_app`, `has_key`; at most MOST_SHOWN.
    """
    people = get_user_model().objects.filter(is_active=True)
    if asked:
        people = people.filter(Q(email__icontains=asked) | Q(name__icontains=asked))
    else:
        people = people.filter(role_assignments__isnull=False, role_assignments__revoked_at=None).distinct()
    own = Authenticator.objects.filter(user=OuterRef("pk"))
    return people.annotate(
        has_app=Exists(own.filter(type=Authenticator.Type.TOTP)),
        has_key=Exists(own.filter(type=Authenticator.Type.WEBAUTHN)),
    ).order_by("name", "pk")[:MOST_SHOWN]


def newest_resets() -> QuerySet[SecondFactorReset]:
    return SecondFactorReset.objects.select_related("user", "by")[:NEWEST_RESETS]
