"""What an applicant attached, byte for byte."""

import hashlib
import logging
from typing import BinaryIO

from django.db.models.fields.files import FieldFile

from verification.models import Document, Letter

READ_AT_ONCE = 1024 * 1024

logger = logging.getLogger(__name__)


class DocumentUnreadable(Exception):
    """The stored file cannot be given out. Its text says why."""


class FileAway(DocumentUnreadable):
    """It cannot be read now, and may be later."""

    seconds = 120
    """After how long it is worth asking again."""


class FileMissing(FileAway):
    """The store answers, and does not have it: somebody has to bring it back from a copy."""

    seconds = 3600

    def __init__(self, name: str, what: str) -> None:
        super().__init__(
            "This file is missing from the store of files. Nothing that you entered is lost, and those who look after "
            "the register see that it is missing. Ask the contractor when you need it soon."
        )
        self.name, self.what = name, what


AWAY = "This file cannot be read at the moment. Nothing is lost. Try again in a few minutes."


def open_document(document: Document) -> BinaryIO:
    """The stored file, at its beginning, for the caller to close.

    Raises FileMissing when it is not there, FileAway when it cannot be reached, and DocumentUnreadable when it is not
    the file that was attached.
    """
    return open_kept(document.file, sha256=document.sha256, what=f"document {document.pk}")


def open_letter(letter: Letter) -> BinaryIO:
    """As `open_document`, of a letter that was written."""
    return open_kept(letter.file, sha256=letter.sha256, what=f"letter {letter.pk}")


def open_kept(kept: FieldFile, *, sha256: str, what: str) -> BinaryIO:
    """As `open_document`, of any file that somebody attached; `what` names it in the log."""
    try:
        # Not `kept.open()`: that is kept with the row, and closed when somebody else opens it again.
        file: BinaryIO = kept.storage.open(str(kept.name), "rb")  # type: ignore[assignment]
    except FileNotFoundError as error:
        logger.error("The file of %s is not in the storage.", what)  # noqa: TRY400  # no traceback needed
        raise FileMissing(str(kept.name), what) from error
    except OSError as error:
        logger.exception("The file of %s cannot be read.", what)
        raise FileAway(AWAY) from error
    try:
        is_the_same = sha256_of(file) == sha256
    except OSError as error:
        file.close()
        logger.exception("The file of %s cannot be read.", what)
        raise FileAway(AWAY) from error
    if not is_the_same:
        file.close()
        logger.error("The stored file of %s is not the one that was attached.", what)
        raise DocumentUnreadable(
            "The stored file is not the one that was kept first, so it is not shown. Tell the contractor."
        )
    return file


def sha256_of(file: BinaryIO) -> str:
    """Of all of `file`, which is at its beginning again afterwards."""
    file.seek(0)
    digest = hashlib.sha256()
    while block := file.read(READ_AT_ONCE):
        digest.update(block)
    file.seek(0)
    return digest.hexdigest()
