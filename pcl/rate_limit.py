"""How often something may be done, counted once for all web processes."""

import hashlib

from django.core.cache import cache

HOUR = 3600


def may_again(what: str, who: str, *, most: int, seconds: int = HOUR) -> bool:
    """Whether `who` has done `what` fewer than `most` times within `seconds`; counts it when so.

    Each time takes a place in the cache that it frees when its seconds are over. Taking one is a single insertion, so
    that of two who come at once for the last place one gets it. Of `who` only a digest is kept.
    """
    digest = hashlib.sha256(who.encode()).hexdigest()[:32]
    places = [f"{what}:{digest}:{place}" for place in range(most)]
    taken = cache.get_many(places)
    return any(place not in taken and cache.add(place, 1, timeout=seconds) for place in places)
