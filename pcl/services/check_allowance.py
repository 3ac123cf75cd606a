"""How many lines one network address may have checked in an hour, so that one script does not crowd out everybody."""

import time

from django.conf import settings
from django.core.cache import cache
from django.utils.crypto import salted_hmac

HOUR = 3600


class TooManyLines(Exception):
    """The address has used up its hour."""

    def __init__(self, *, seconds: int) -> None:
        super().__init__(
            f"From one address {settings.CHECK_LINES_PER_HOUR:,} lines can be checked in an hour, and these would be "
            f"more. Try again in {seconds // 60 + 1} minutes."
        )
        self.seconds = seconds


def take_lines(*, address: str, count: int) -> None:
    """Count `count` lines against `address`. Raises TooManyLines, and counts nothing, where they are too many."""
    if not settings.CHECK_LINES_PER_HOUR:
        return
    hour, since = divmod(int(time.time()), HOUR)
    # Whose address it is stands nowhere.
    key = f"check-lines:{hour}:{salted_hmac('pcl.check_allowance', address).hexdigest()}"
    used = cache.get_or_set(key, 0, timeout=HOUR) or 0
    if used + count > settings.CHECK_LINES_PER_HOUR:
        raise TooManyLines(seconds=HOUR - since)
    try:
        cache.incr(key, count)
    except ValueError:  # forgotten in between
        cache.set(key, count, timeout=HOUR)
