"""What an applicant attached, byte for byte."""

import hashlib
import logging
from typing import BinaryIO

from django.db.models.fields.files import FieldFile

from verification.models import Document

READ_AT_ONCE = 1024 * 1024

logger = logging.getLogger(__name__)


class DocumentUnreadable(Exception):
    """The stored file cannot be given out. Its text says why."""


def open_document(document: Document) -> BinaryIO:
    """The stored file, at its beginning, for the caller to close.

    Raises DocumentUnreadable when it is not there, cannot be reached, or is not the file that was attached.
    """
    return open_kept(document.file, sha256=document.sha256, what=f"document {document.pk}")


def open_kept(kept: FieldFile, *, sha256: str, what: str) -> BinaryIO:
    """As `open_document`, of any file that somebody attached; `what` names it in the log."""
    try:
        # Not `kept.open()`: that is kept with the row, and closed when somebody else opens it again.
        file: BinaryIO = kept.storage.open(str(kept.name), "rb")  # type: ignore[assignment]
    except FileNotFoundError as error:
        logger.error("The file of %s is not in the storage.", what)  # noqa: TRY400  # no traceback needed
        raise DocumentUnreadable("This file is missing from the storage. Tell the contractor.") from error
    except OSError as error:
        logger.exception("The file of %s cannot be read.", what)
        raise DocumentUnreadable("This file cannot be read at the moment. Try again in a few minutes.") from error
    try:
        is_the_same = sha256_of(file) == sha256
    except OSError as error:
        file.close()
        logger.exception("The file of %s cannot be read.", what)
        raise DocumentUnreadable("This file cannot be read at the moment. Try again in a few minutes.") from error
    if not is_the_same:
        file.close()
        logger.error("The stored file of %s is not the one that was attached.", what)
        raise DocumentUnreadable("The stored file is not the one that was attached, so it is not shown.")
    return file


def sha256_of(file: BinaryIO) -> str:
    """Of all of `file`, which is at its beginning again afterwards."""
    file.seek(0)
    digest = hashlib.sha256()
    while block := file.read(READ_AT_ONCE):
        digest.update(block)
    file.seek(0)
    return digest.hexdigest()
