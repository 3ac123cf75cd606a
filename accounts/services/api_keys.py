"""Keys for programs: made, recognized, revoked."""

import time
from collections import OrderedDict
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from accounts.models import ApiKey, User
from accounts.secret_text import digest_of, new_secret

PREFIX = "pcl_"
SHOWN_OF_IT = 8
MOST_KEYS = 10
# Seconds for which a process remembers what it found out about a key: so long a revoked one goes on.
REMEMBERED = 60
MOST_REMEMBERED = 10_000


class KeyRefused(ValueError):
    """A key that cannot be made. Its text says why and what to do."""


@dataclass(frozen=True)
class MadeKey:
    kept: ApiKey
    text: str
    """The key. To be shown once; nobody can find it out again."""


@transaction.atomic
def create_api_key(*, user: User, name: str) -> MadeKey:
    """A new key. Raises KeyRefused for a name that another key in use has, and for one key too many."""
    name = " ".join(name.split())
    if not name:
        raise KeyRefused("Say what the key is for, so that you know later which one to revoke.")
    # Of two forms sent at once, one waits here for the other.
    User.objects.select_for_update().get(pk=user.pk)
    in_use = list(ApiKey.objects.filter(user=user, revoked_at=None).values_list("name", flat=True))
    if name in in_use:
        raise KeyRefused(f"You have a key named “{name}” already. Choose another name, or revoke that key first.")
    if len(in_use) >= MOST_KEYS:
        raise KeyRefused(f"You have {MOST_KEYS} keys in use, and more are not given. Revoke one that you do not need.")
    text = PREFIX + new_secret()
    kept = ApiKey.objects.create(
        user=user, name=name, beginning=text[: len(PREFIX) + SHOWN_OF_IT], digest=digest_of(text)
    )
    return MadeKey(kept, text)


def revoke_api_key(*, user: User, key_id: int) -> bool:
    """End a key of the user's. False where there is no such key in use. Programs notice within REMEMBERED seconds."""
    of_it = ApiKey.objects.filter(user=user, pk=key_id, revoked_at=None)
    revoked = of_it.update(revoked_at=timezone.now())
    _remembered.clear()
    return bool(revoked)


# Digest -> (until when, id of the key or None). Of one process.
_remembered: OrderedDict[str, tuple[float, int | None]] = OrderedDict()


def recognize_api_key(text: str) -> int | None:
    """The number of the key, None for one that is unknown, revoked or of a closed account.

    Costs a query at most once in REMEMBERED seconds, and writes once a day: that it was used.
    """
    digest, now = digest_of(text), time.time()
    until, known = _remembered.get(digest, (0.0, None))
    if now < until <= now + REMEMBERED:
        return known
    key = ApiKey.objects.filter(digest=digest, revoked_at=None, user__is_active=True).first()
    today = timezone.localdate()
    if key is not None and key.last_used_on != today:
        ApiKey.objects.filter(pk=key.pk).update(last_used_on=today)
    _remembered[digest] = (now + REMEMBERED, key.pk if key else None)
    while len(_remembered) > MOST_REMEMBERED:
        _remembered.popitem(last=False)
    return key.pk if key else None


def forget_remembered_keys() -> None:
    """For tests, whose keys go with them."""
    _remembered.clear()
