"""How many pages a document has, so that a page which is not there can be refused.

As in pdf_inspection, a PDF that could unfold is opened in a process of its own, within limits: this very file as a
script, with the PDF as its standard input.
"""

import resource
import shutil
import subprocess
import sys
import tempfile
from contextlib import suppress
from typing import TYPE_CHECKING, BinaryIO

import pikepdf

if TYPE_CHECKING:
    from verification.models import Document

PDF = "application/pdf"
MOST_MEMORY = 512 * 1024 * 1024
"""Bytes of address space."""
LONGEST = 20
"""Seconds."""


def pages_of(document: "Document") -> int | None:
    """The number of pages, counted once and kept; 1 for a picture, None where it cannot be told."""
    if document.pages is None:
        document.pages = _counted(document)
        if document.pages is not None:
            type(document).objects.filter(pk=document.pk).update(pages=document.pages)
    return document.pages


def _counted(document: "Document") -> int | None:
    if document.content_type.startswith("image/"):
        return 1
    if document.content_type != PDF:
        return None
    from verification.models import ScanState  # noqa: PLC0415  # not in the child
    from verification.queries.document_content import DocumentUnreadable, open_document  # noqa: PLC0415

    if document.scan_state == ScanState.INFECTED:
        return None
    # OSError: it is copied to the temporary folder first, which may be full.
    with suppress(DocumentUnreadable, OSError), open_document(document) as file:
        return count_pages(file)
    return None


def count_pages(file: BinaryIO) -> int | None:
    from verification.services.pdf_inspection import AT_ONCE, _cannot_unfold  # noqa: PLC0415  # not in the child

    if _cannot_unfold(file):
        file.seek(0)
        with suppress(pikepdf.PdfError), pikepdf.open(file) as pdf:
            return len(pdf.pages)
        return None
    with tempfile.TemporaryFile() as copy, AT_ONCE:
        file.seek(0)
        shutil.copyfileobj(file, copy)
        copy.seek(0)
        with suppress(subprocess.TimeoutExpired, ValueError):
            done = subprocess.run(  # noqa: S603  # our own file, no argument
                [sys.executable, "-I", __file__], stdin=copy, capture_output=True, timeout=LONGEST, env={}, check=False
            )
            return int(done.stdout)
    return None


def _main() -> None:
    for what, limit in ((resource.RLIMIT_AS, MOST_MEMORY), (resource.RLIMIT_CPU, LONGEST), (resource.RLIMIT_CORE, 0)):
        with suppress(ValueError, OSError):
            resource.setrlimit(what, (limit, limit))
    with pikepdf.open(sys.stdin.buffer) as pdf:
        sys.stdout.write(str(len(pdf.pages)))


if __name__ == "__main__":
    _main()
