"""The clock of the demonstration's past, in the process that tells it and nowhere else."""

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.utils import timezone

TICK = dt.timedelta(milliseconds=1)


@contextmanager
def as_of(moment: dt.datetime) -> Iterator[None]:
    """Let everything that asks Django for the time hear `moment`, and a tick more each time that it asks.

    What the services write then bears the day on which it is told to have happened. For a process of its own, without
    threads. Raises ImproperlyConfigured outside demo mode.
    """
    if not settings.DEMO:
        raise ImproperlyConfigured("Only the demonstration has a made-up past.")
    clock = {"now": moment}

    class Then(dt.datetime):
        @classmethod
        def now(cls, tz: dt.tzinfo | None = None) -> Any:
            clock["now"] += TICK
            return clock["now"].astimezone(tz)

    # Fields that take the time by themselves hold the function `now`; the clock that it reads is this one.
    real = timezone.datetime  # type: ignore[attr-defined]
    timezone.datetime = Then  # type: ignore[attr-defined]
    try:
        yield
    finally:
        timezone.datetime = real  # type: ignore[attr-defined]
