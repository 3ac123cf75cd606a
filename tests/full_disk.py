"""A disk that is full: the kernel itself refuses to write on (RLIMIT_FSIZE), which answers as a full disk does."""

import resource
import signal
from collections.abc import Iterator
from contextlib import contextmanager

ROOM = 200_000
"""Bytes that a file may have; what is larger does not fit."""


@contextmanager
def full_disk(room: int = ROOM) -> Iterator[None]:
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    ignored = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (room, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
        signal.signal(signal.SIGXFSZ, ignored)
