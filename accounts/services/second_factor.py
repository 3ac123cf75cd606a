"""Taking a lost second factor off somebody's account."""

from typing import TYPE_CHECKING

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse

from accounts.models import SecondFactorReset
from accounts.services.sessions import end_sessions

if TYPE_CHECKING:
    from accounts.models import User


class ResetRefused(ValueError):
    """A second factor that is not taken off. Its text says why and what to do."""


@transaction.atomic
def reset_second_factor(*, user: "User", by: "User | None", reason: str) -> SecondFactorReset:
    """Take app, passkeys and recovery codes off the account of `user`, who then signs in by password and sets up anew.
    Whoever is signed in to it is not any more.

    `by` is None for the command on the server. Raises ResetRefused for oneself, without a reason, and where there is
    nothing to take off.
    """
    reason = " ".join(reason.split())
    if user == by:
        raise ResetRefused("Nobody takes off their own. Ask another administrator.")
    if not reason:
        raise ResetRefused("Say why, and how you made sure that it is this person who asks.")
    own = Authenticator.objects.select_for_update().filter(user=user)
    if not own:
        raise ResetRefused(f"{user} has no second factor.")
    own.delete()
    end_sessions(user)
    text = render_to_string(
        "accounts/mail/second_factor_reset.txt", {"user": user, "link": settings.SITE_URL + reverse("mfa_index")}
    )
    send_mail("Your second factor was reset", text, None, [user.email])
    return SecondFactorReset.objects.create(user=user, by=by, reason=reason)
