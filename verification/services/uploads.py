"""Is this file what it says it is? Asked before anything of it is kept."""

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, BinaryIO

import filetype
import pikepdf
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from PIL import Image, UnidentifiedImageError

READ_AT_ONCE = 1024 * 1024
MOST_PIXELS = 100_000_000
PDF = "application/pdf"
# Content type, and the endings of names that go with it.
ACCEPTED: dict[str, tuple[str, ...]] = {
    PDF: (".pdf",),
    "image/jpeg": (".jpg", ".jpeg"),
    "image/png": (".png",),
}
IN_WORDS = "PDF, JPEG or PNG"


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
    if getattr(upload, "is_too_large", False) or (upload.size or 0) > settings.DOCUMENT_MAX_BYTES:
        limit = settings.DOCUMENT_MAX_BYTES // (1024 * 1024)
        raise UploadRefused(f"{name} is larger than {limit} MB. Make it smaller, or split it into several files.")
    if not upload.size:
        raise UploadRefused(f"{name} is empty. Choose the file again.")
    file: BinaryIO = upload.file  # type: ignore[assignment]
    file.seek(0)
    kind = filetype.guess(file.read(8192))
    content_type = kind.mime if kind else ""
    if content_type not in ACCEPTED:
        raise UploadRefused(f"{name} is not a {IN_WORDS} file, whatever its name says. Save it as one of these.")
    if not name.lower().endswith(ACCEPTED[content_type]):
        raise UploadRefused(
            f"{name} is named as another kind of file than it is. Rename it to end in {ACCEPTED[content_type][0]}."
        )
    file.seek(0)
    if content_type == PDF:
        _check_pdf(file, name)
    else:
        _check_image(file, name)
    return CheckedFile(
        content_type=content_type, size=upload.size, sha256=_sha256(file), ending=ACCEPTED[content_type][0]
    )


def _check_pdf(file: BinaryIO, name: str) -> None:
    try:
        with pikepdf.open(file) as pdf:
            if pdf.is_encrypted:
                raise UploadRefused(f"{name} is encrypted. Save it without a password.")
            if not len(pdf.pages):
                raise UploadRefused(f"{name} has no pages. Save it again.")
            if _runs_something(pdf):
                raise UploadRefused(f"{name} contains a script or starts a program. Print it to a new PDF.")
    except pikepdf.PasswordError as error:
        raise UploadRefused(f"{name} is encrypted. Save it without a password.") from error
    except pikepdf.PdfError as error:
        raise UploadRefused(f"{name} is damaged and cannot be opened. Save it again.") from error


def _runs_something(pdf: pikepdf.Pdf) -> bool:
    """Whether any action in the file is a script or a launch, wherever it hangs."""
    for thing in pdf.objects:
        for part in _with_what_is_written_inside(thing):
            if isinstance(part, pikepdf.Dictionary) and part.get("/S") in ("/JavaScript", "/Launch"):
                return True
    return "/JavaScript" in pdf.Root.get("/Names", {})


def _with_what_is_written_inside(thing: pikepdf.Object) -> Iterator[pikepdf.Object]:
    """An object of a file and the dictionaries and lists within it; what it only refers to is an object of its own."""
    waiting = [thing]
    while waiting:
        part = waiting.pop()
        yield part
        inside: Iterable[Any] = ()
        if isinstance(part, pikepdf.Dictionary | pikepdf.Stream):
            inside = (value for _, value in part.items())
        elif isinstance(part, pikepdf.Array):
            inside = list(part)
        waiting += [
            each for each in inside if isinstance(each, pikepdf.Dictionary | pikepdf.Array) and not each.is_indirect
        ]


def _check_image(file: BinaryIO, name: str) -> None:
    try:
        with Image.open(file) as image:
            if image.width * image.height > MOST_PIXELS:
                raise UploadRefused(f"{name} has too many pixels. Make the picture smaller.")
            image.verify()
    except (UnidentifiedImageError, OSError, SyntaxError, Image.DecompressionBombError) as error:
        raise UploadRefused(f"{name} is damaged and cannot be shown. Save it again.") from error


def _sha256(file: BinaryIO) -> str:
    file.seek(0)
    digest = hashlib.sha256()
    while block := file.read(READ_AT_ONCE):
        digest.update(block)
    file.seek(0)
    return digest.hexdigest()
