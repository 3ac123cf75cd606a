"""The document on which an authorization rests: opened only after the virus scanner, where there is one, found nothing.

It is scanned each time. One person opens it once or twice, so there is nothing to wait for and nothing to keep.
"""

import logging
from typing import BinaryIO

from django.conf import settings

from verification.models import Authorization
from verification.queries.document_content import DocumentUnreadable, open_kept
from verification.queries.document_standing import INFECTED
from verification.services import clamd

AWAY = "This file has to be scanned for viruses first, and the scanner does not answer. Try again in a few minutes."

logger = logging.getLogger(__name__)


def open_authorization_letter(authorization: Authorization) -> BinaryIO:
    """The stored file, at its beginning, for the caller to close. Raises DocumentUnreadable with the reason."""
    what = f"authorization {authorization.pk}"
    file = open_kept(authorization.file, sha256=authorization.sha256, what=what)
    if not settings.CLAMAV:
        return file
    try:
        found = clamd.scan(settings.CLAMAV, file).found
    except (clamd.ScannerAway, clamd.TooLargeForScanner) as error:
        file.close()
        logger.warning("The file of %s could not be scanned: %s", what, error)
        raise DocumentUnreadable(AWAY) from error
    if found:
        file.close()
        logger.warning("The file of %s is infected with %s.", what, found)
        raise DocumentUnreadable(INFECTED)
    file.seek(0)
    return file
