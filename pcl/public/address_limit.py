"""How often one network address may do something: counted in the cache that all web processes share."""

import hashlib

from allauth.account.adapter import get_adapter
from allauth.core.internal.ratelimit import truncate_ip
from django.core.cache import cache
from django.http import HttpRequest


def is_one_too_many(request: HttpRequest, *, what: str, most: int, seconds: int) -> bool:
    """Whether this address has done `what` `most` times in the last `seconds`; if not, this time is counted.

    Each time takes a slot in one step, so that many at once do not slip through together. The address is the one that
    sign-in is limited by: behind a trusted proxy the client's, of IPv6 the network's.
    """
    address = truncate_ip(get_adapter().get_client_ip(request))
    who = hashlib.sha256(address.encode()).hexdigest()[:32]
    slots = [f"{what}:{who}:{slot}" for slot in range(most)]
    taken = cache.get_many(slots)
    return not any(slot not in taken and cache.add(slot, 1, seconds) for slot in slots)
