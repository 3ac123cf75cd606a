"""How many reports one network address may send: counted in the cache that all web processes share."""

import hashlib
from dataclasses import dataclass

from allauth.account.adapter import get_adapter
from allauth.core.internal.ratelimit import truncate_ip
from django.core.cache import cache
from django.http import HttpRequest


@dataclass(frozen=True)
class Limit:
    most: int
    seconds: int
    words: str


# An office has one address for many people.
LIMITS = (Limit(10, 3600, "an hour"), Limit(40, 24 * 3600, "a day"))


def limit_reached(request: HttpRequest) -> Limit | None:
    """The limit that one more report of this address would pass; None where it may be sent, which is then counted.

    Each report takes one of the limit's slots for as long as the limit says. A slot is taken in one step, so that
    many at once do not slip through together.
    """
    # The address as sign-in limits it: behind a trusted proxy the client's, of IPv6 the network's.
    address = truncate_ip(get_adapter().get_client_ip(request))
    who = hashlib.sha256(address.encode()).hexdigest()[:32]
    for limit in LIMITS:
        keys = [f"discrepancy-report:{limit.seconds}:{who}:{slot}" for slot in range(limit.most)]
        taken = cache.get_many(keys)
        if not any(key not in taken and cache.add(key, 1, limit.seconds) for key in keys):
            return limit
    return None
