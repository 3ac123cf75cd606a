"""Is this file what it says it is? Asked before anything of it is kept."""

import logging
from dataclasses import dataclass
from typing import BinaryIO

import filetype
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from PIL import Image, UnidentifiedImageError

from pcl.uploads import NO_ROOM
from verification.queries.document_content import sha256_of
from verification.services import docx_inspection
from verification.services.docx_inspection import DOCX, OLD_OR_LOCKED, DocxVerdict
from verification.services.pdf_inspection import PdfVerdict, verdict_on

MOST_PIXELS = 100_000_000
PDF = "application/pdf"
# Content type, and the endings of names that go with it.
ACCEPTED: dict[str, tuple[str, ...]] = {
    PDF: (".pdf",),
    "image/jpeg": (".jpg", ".jpeg"),
    "image/png": (".png",),
    DOCX: (".docx",),
}
IN_WORDS = "PDF, JPEG, PNG or Word (DOCX)"
WHY_NOT = {
    PdfVerdict.DAMAGED: "is damaged and cannot be opened. Save it again.",
    PdfVerdict.ENCRYPTED: "is encrypted. Save it without a password.",
    PdfVerdict.NO_PAGES: "has no pages. Save it again.",
    PdfVerdict.RUNS_SOMETHING: "contains a script or starts a program. Print it to a new PDF.",
    PdfVerdict.SENDS_SOMETHING: "contains a form that sends or loads data. Print it to a new PDF.",
    PdfVerdict.LEADS_TO_ANOTHER_FILE: "contains a link into another file. Print it to a new PDF.",
    PdfVerdict.HOLDS_FILES: "has other files inside. Print it to a new PDF, and attach each of those files by itself.",
    PdfVerdict.DYNAMIC_FORM: "is a dynamic form (XFA), which not every program shows. Print it to a new PDF.",
    PdfVerdict.RICH_MEDIA: "contains a video, a sound or a model. Print it to a new PDF.",
    PdfVerdict.TOO_MUCH: "cannot be checked, because it takes too much memory or time to open. Print it to a new PDF.",
}
WHY_NO_DOCX = {
    DocxVerdict.DAMAGED: "is damaged and cannot be opened. Save it again, or save it as PDF.",
    DocxVerdict.ENCRYPTED: "is protected by a password, or in Word’s old format. Save it as DOCX without a password.",
    DocxVerdict.ANOTHER_KIND: f"is not a {IN_WORDS} file, whatever its name says. Save it as one of these.",
    DocxVerdict.MACROS: "contains macros. Save it as PDF, or as DOCX without macros.",
    DocxVerdict.HOLDS_FILES: "has other files inside, such as a sheet or a program. Save it as PDF.",
    DocxVerdict.CONTROLS: "contains ActiveX controls. Save it as PDF.",
    DocxVerdict.LEADS_OUTSIDE: "takes a template, a picture or a file from elsewhere. Save it as PDF.",
    DocxVerdict.FETCHES: "contains a field that fetches something when it is opened. Save it as PDF.",
    DocxVerdict.TOO_MUCH: "cannot be checked, because it takes too much memory to open. Save it as PDF.",
}

logger = logging.getLogger(__name__)


class UploadRefused(ValueError):
    """A file that cannot be kept. Its text says why and what to do."""


@dataclass(frozen=True)
class CheckedFile:
    content_type: str
    size: int
    """Bytes."""
    sha256: str
    ending: str
    """With the dot; goes by the content."""


def check_upload(upload: UploadedFile) -> CheckedFile:
    """Look at the content of `upload`. Raises UploadRefused for what is empty, too large, or not what its name says."""
    name = upload.name or "The file"
    if getattr(upload, "was_not_stored", False):
        raise UploadRefused(f"{name} {NO_ROOM}")
    if getattr(upload, "is_too_large", False) or (upload.size or 0) > settings.DOCUMENT_MAX_BYTES:
        limit = settings.DOCUMENT_MAX_BYTES // (1024 * 1024)
        raise UploadRefused(f"{name} is larger than {limit} MB. Make it smaller, or split it into several files.")
    if not upload.size:
        raise UploadRefused(f"{name} is empty. Choose the file again.")
    file: BinaryIO = upload.file  # type: ignore[assignment]
    file.seek(0)
    content_type = _kind(file.read(8192))
    if content_type not in ACCEPTED:
        raise UploadRefused(f"{name} is not a {IN_WORDS} file, whatever its name says. Save it as one of these.")
    if not name.lower().endswith(ACCEPTED[content_type]):
        raise UploadRefused(
            f"{name} is named as another kind of file than it is. Rename it to end in {ACCEPTED[content_type][0]}."
        )
    file.seek(0)
    if content_type == PDF:
        _check_pdf(file, name)
    elif content_type == DOCX:
        _check_docx(file, name)
    else:
        _check_image(file, name)
    return CheckedFile(
        content_type=content_type, size=upload.size, sha256=sha256_of(file), ending=ACCEPTED[content_type][0]
    )


def _kind(begin: bytes) -> str:
    """By the first bytes; every zip file is taken for a Word document, which it then has to be."""
    if begin.startswith((b"PK\x03\x04", OLD_OR_LOCKED)):
        return DOCX
    kind = filetype.guess(begin)
    return kind.mime if kind else ""


def _check_docx(file: BinaryIO, name: str) -> None:
    verdict = docx_inspection.verdict_on(file)
    if verdict != DocxVerdict.FINE:
        raise UploadRefused(f"{name} {WHY_NO_DOCX[verdict]}")


def _check_pdf(file: BinaryIO, name: str) -> None:
    try:
        verdict = verdict_on(file)
    except OSError as error:
        # It is copied to the temporary folder first.
        logger.exception("A PDF could not be inspected.")
        raise UploadRefused(f"{name} {NO_ROOM}") from error
    if verdict != PdfVerdict.FINE:
        raise UploadRefused(f"{name} {WHY_NOT[verdict]}")


def _check_image(file: BinaryIO, name: str) -> None:
    damaged = f"{name} is damaged and cannot be shown. Save it again."
    try:
        with Image.open(file) as image:
            too_many = image.width * image.height > MOST_PIXELS
            if not too_many:
                image.verify()
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
        raise UploadRefused(damaged) from error
    except Exception as error:
        # Whatever else a parser does with a hostile file, the file is to blame.
        logger.exception("unexpected while looking at a picture")
        raise UploadRefused(damaged) from error
    if too_many:
        raise UploadRefused(f"{name} has too many pixels. Make the picture smaller.")
