"""Choosing which mails one gets."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from verification.models import MailPreference
from verification.queries.told import OPTIONAL

if TYPE_CHECKING:
    from accounts.models import User


def choose_mails(*, user: "User", every_application: bool, wanted: Iterable[str]) -> MailPreference:
    """From now on; `wanted` are keys of OPTIONAL. What was sent stays sent."""
    unwanted = sorted(OPTIONAL.keys() - set(wanted))
    preference, _ = MailPreference.objects.update_or_create(
        user=user, defaults={"every_application": every_application, "unwanted": unwanted}
    )
    return preference
