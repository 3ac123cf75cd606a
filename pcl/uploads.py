"""Files that people upload: what is said of one that did not arrive whole, and of one that cannot be kept."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager

from django.core.exceptions import ValidationError
from django.core.files import File

# After the file's name.
NO_ROOM = (
    "could not be stored: the register has no room for it, or cannot reach its store of files, at the moment. Nothing "
    "else is lost. Try again later, and tell the contractor if it stays so."
)

logger = logging.getLogger(__name__)


class NotStoredError(Exception):
    """The disk is full, or the store of files is away. Its text says so and what to do, and may be shown."""


def check_received(upload: File, *, too_large: str) -> None:
    """For a form's `clean_…`. Raises ValidationError where the file did not arrive whole (config/upload_limit.py)."""
    check_stored(upload)
    if getattr(upload, "is_too_large", False):
        raise ValidationError(too_large)
    if not upload.size:
        raise ValidationError("The file is empty.")


def check_stored(upload: File | None) -> None:
    """Raises ValidationError for a file that the temporary folder had no room for; it looks like an empty one."""
    if upload is not None and getattr(upload, "was_not_stored", False):
        raise ValidationError(f"{upload.name} {NO_ROOM}")


@contextmanager
def storing(upload: File) -> Iterator[None]:
    """Around what keeps `upload`: raises NotStoredError where the store of files refuses."""
    try:
        yield
    except OSError as error:
        logger.exception("An upload could not be stored.")
        raise NotStoredError(f"{upload.name} {NO_ROOM}") from error
