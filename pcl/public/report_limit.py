"""How many reports one network address may send."""

from dataclasses import dataclass

from django.http import HttpRequest

from pcl.public.visitor import network_address
from pcl.rate_limit import may_again


@dataclass(frozen=True)
class Limit:
    most: int
    seconds: int
    words: str


# An office has one address for many people.
LIMITS = (Limit(10, 3600, "an hour"), Limit(40, 24 * 3600, "a day"))


def limit_reached(request: HttpRequest) -> Limit | None:
    """The limit that one more report of this address would pass; None where it may be sent, which is then counted."""
    who = network_address(request)
    for limit in LIMITS:
        if not may_again(f"discrepancy-report:{limit.seconds}", who, most=limit.most, seconds=limit.seconds):
            return limit
    return None
