"""Where django-allauth asks us."""

from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

from allauth.account import app_settings
from allauth.account.adapter import DefaultAccountAdapter
from allauth.core.internal.ratelimit import parse_rates
from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils import timezone
from django.utils.dateformat import format as format_date

from accounts.templatetags.look import EASTERN

# In the session, once an address was confirmed.
CONFIRMED_ADDRESS = "confirmed_address"


class AccountAdapter(DefaultAccountAdapter):
    """Links in mails lead to SITE_URL, whatever host and port the request named."""

    def get_email_confirmation_url(self, request: HttpRequest, emailconfirmation: Any) -> str:
        return at_site(super().get_email_confirmation_url(request, emailconfirmation))

    def confirm_email(self, request: HttpRequest, email_address: Any) -> bool:
        was_confirmed: bool = super().confirm_email(request, email_address)
        if was_confirmed:
            # The sign-in that comes next need not ask for it again.
            request.session[CONFIRMED_ADDRESS] = email_address.email
        return was_confirmed

    def validation_error(self, code: str, *args: Any) -> ValidationError:
        if code == "too_many_login_attempts":
            return ValidationError(too_many_attempts(), code=code)
        error: ValidationError = super().validation_error(code, *args)
        return error

    def get_reset_password_from_key_url(self, key: str) -> str:
        return at_site(super().get_reset_password_from_key_url(key))


def too_many_attempts() -> str:
    """Says until when; attempts in between do not make it later."""
    wait = max(rate.duration for rate in parse_rates(app_settings.RATE_LIMITS["login_failed"]))
    until = timezone.localtime(timezone.now() + timedelta(seconds=wait, minutes=1), EASTERN)
    clock = f"{format_date(until, 'g:i')} {'a.m.' if until.hour < 12 else 'p.m.'} ET"
    return f"Too many sign-ins failed. Try again at {clock}, or choose a new password now: then you need not wait."


def at_site(address: str) -> str:
    parts = urlsplit(address)
    return settings.SITE_URL + parts.path + (f"?{parts.query}" if parts.query else "")
