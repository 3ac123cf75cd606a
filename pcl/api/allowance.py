"""What one asker may ask for in a minute, so that one script does not crowd out everybody (docs/adr/0018).

A request costs 1, and each row of its answer or line checked 1 more. Who has used up the minute waits for the next;
whoever has something left is answered in full. Counted in the memory of each web process, so that no request writes
anything: with several processes an asker may come to that many times the allowance, and never to less than is told.
"""

import threading
import time
from collections import OrderedDict
from dataclasses import dataclass
from typing import Any

from allauth.core.internal.ratelimit import truncate_ip
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import HttpResponseBase
from rest_framework.exceptions import APIException
from rest_framework.request import Request

from accounts.services.api_keys import recognize_api_key
from pcl.public.visitor import network_address

MINUTE = 60
MOST_ASKERS = 20_000
OF_A_REQUEST = 1
# Of an answer whose rows nobody counts, because it streams.
OF_A_STREAM = 1000


class UnknownKey(APIException):
    status_code = 401
    default_detail = "Unknown key."


class UsedUp(APIException):
    status_code = 429
    default_detail = "Too many requests."

    def __init__(self, asker: "Asker") -> None:
        self.seconds = asker.seconds_left
        more = (
            "" if asker.policy == "key" else " A free key gives you more: sign in and make one at /accounts/api-keys/."
        )
        super().__init__(
            f"In a minute {asker.quota:,} units are free: one for each request, and one for each row of an answer or "
            f"line checked. Ask again in {self.seconds} seconds.{more}"
        )


class Counter:
    """Units that were used in the minute that began with the first of them, by asker."""

    def __init__(self) -> None:
        self._used: OrderedDict[str, tuple[float, int]] = OrderedDict()
        self._lock = threading.Lock()

    def used(self, who: str) -> tuple[int, int]:
        """How many, and the seconds until they are forgotten."""
        began, used = self._used.get(who, (0.0, 0))
        left = began + MINUTE - time.time()
        return (used, max(1, round(left))) if _is_of_this(left) else (0, MINUTE)

    def add(self, who: str, units: int) -> None:
        now = time.time()
        with self._lock:
            began, used = self._used.get(who, (now, 0))
            self._used[who] = (began, used + units) if _is_of_this(began + MINUTE - now) else (now, units)
            self._used.move_to_end(who)
            while len(self._used) > MOST_ASKERS:
                self._used.popitem(last=False)

    def clear(self) -> None:
        self._used.clear()


def _is_of_this(seconds_left: float) -> bool:
    # More than a minute where the clock was set back.
    return 0 < seconds_left <= MINUTE


COUNTER = Counter()


@dataclass(frozen=True)
class Asker:
    policy: str
    """`anonymous` or `key`."""
    who: str
    quota: int

    @property
    def left(self) -> int:
        return max(0, self.quota - COUNTER.used(self.who)[0])

    @property
    def seconds_left(self) -> int:
        return COUNTER.used(self.who)[1]

    def headers(self) -> dict[str, str]:
        """RateLimit fields as the IETF's draft has them: what is allowed, and what is left until when."""
        return {
            "RateLimit-Policy": f'"{self.policy}";q={self.quota};w={MINUTE}',
            "RateLimit": f'"{self.policy}";r={self.left};t={self.seconds_left}',
        }


def asker_of(request: Request) -> Asker:
    """Whose allowance it is. Raises UnknownKey for a key that is not, or no longer, one."""
    scheme, _, text = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() == "bearer":
        key = recognize_api_key(text.strip())
        if key is None:
            raise UnknownKey(
                "This key is unknown or was revoked. Leave the header Authorization out, or make a new key at "
                "/accounts/api-keys/."
            )
        return Asker("key", f"key:{key}", settings.API_UNITS_PER_MINUTE_WITH_KEY)
    return Asker("anonymous", f"address:{address_of(request)}", settings.API_UNITS_PER_MINUTE)


def refuse_used_up(asker: Asker) -> None:
    """Raise UsedUp where nothing is left of the minute. A quota of 0 is none."""
    if asker.quota and not asker.left:
        raise UsedUp(asker)


def charge(asker: Asker, response: HttpResponseBase) -> None:
    """Count the answer, and tell in its headers what is left."""
    if not asker.quota:
        return
    if response.status_code != UsedUp.status_code:
        COUNTER.add(asker.who, OF_A_REQUEST + rows_in(response))
    for name, value in asker.headers().items():
        response[name] = value


def rows_in(response: HttpResponseBase) -> int:
    """`rows_told` where the view says so, else the results of a list."""
    if response.streaming:
        return OF_A_STREAM
    told: int | None = getattr(response, "rows_told", None)
    if told is not None:
        return told
    data: Any = getattr(response, "data", None)
    results = data.get("results") if isinstance(data, dict) else None
    return len(results) if isinstance(results, list) else 0


def address_of(request: Request) -> str:
    """The network address that asks; of IPv6, the household's."""
    try:
        # As on pages: what one asks there and through the API counts together.
        return network_address(request)
    except PermissionDenied:
        # Asked past the proxies that there should be.
        return str(truncate_ip(request.META.get("REMOTE_ADDR", "")))
