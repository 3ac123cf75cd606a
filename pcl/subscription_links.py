"""The links in mails to people who follow changes: signed, so that only who received one can use it."""

from uuid import UUID

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.urls import reverse

SALT = "pcl.subscription"


def token_of(subscription_id: UUID) -> str:
    return Signer(salt=SALT).sign(subscription_id.hex)


def subscription_in(token: str) -> UUID | None:
    """The subscription that a link's token means; None for one that this register did not sign."""
    try:
        return UUID(hex=Signer(salt=SALT).unsign(token))
    except (BadSignature, ValueError):
        return None


def confirm_link(subscription_id: UUID) -> str:
    return _link("public:subscription_confirm", subscription_id)


def own_link(subscription_id: UUID) -> str:
    """Where a person sees and changes what they follow."""
    return _link("public:subscription", subscription_id)


def unsubscribe_link(subscription_id: UUID) -> str:
    return _link("public:unsubscribe", subscription_id)


def _link(name: str, subscription_id: UUID) -> str:
    return settings.SITE_URL + reverse(name, args=[token_of(subscription_id)])
