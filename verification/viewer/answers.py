"""What is sent of a document: its bytes, or a page for the viewer's frame."""

from django.http import FileResponse, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse

from verification.models import Document
from verification.queries.document_content import DocumentUnreadable, open_document
from verification.queries.document_standing import why_withheld
from verification.services.docx_inspection import DOCX
from verification.services.docx_text import paragraphs
from verification.services.uploads import PDF
from verification.viewer.addresses import Door

# What others uploaded runs nothing and fetches nothing here, whatever a browser takes it for. The browser's own viewer
# of PDF files works under it (tried in Chromium), but not in a frame with a `sandbox` attribute.
NOTHING_RUNS = "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src 'self' data:; frame-ancestors 'self'"
FRAME = "default-src 'none'; style-src 'self'; img-src 'self'; font-src 'self'; base-uri 'none'; frame-ancestors 'self'"
NOT_NOW = 409
SHOWN_PARAGRAPHS = 2000


def send_document(request: HttpRequest, document: Document, *, door: Door, as_attachment: bool) -> HttpResponseBase:
    """The file itself, or 409 and a page that says why not."""
    withheld = why_withheld(document)
    if not withheld:
        try:
            return bytes_of(document, as_attachment=as_attachment)
        except DocumentUnreadable as error:
            withheld = str(error)
    return _frame(request, document, door, withheld=withheld)


def send_frame(request: HttpRequest, document: Document, *, door: Door) -> HttpResponseBase:
    """A PDF as it is; of a picture or a text document a page that shows it; else why it is not shown."""
    withheld, words = why_withheld(document), None
    if not withheld:
        try:
            if document.content_type == PDF:
                return bytes_of(document, as_attachment=False)
            if document.content_type == DOCX:
                with open_document(document) as file:
                    words = paragraphs(file, most=SHOWN_PARAGRAPHS)
        except DocumentUnreadable as error:
            withheld = str(error)
    return _frame(request, document, door, withheld=withheld, words=words)


def bytes_of(document: Document, *, as_attachment: bool) -> FileResponse:
    """Raises DocumentUnreadable."""
    file = open_document(document)
    response = FileResponse(
        file, as_attachment=as_attachment, filename=document.name, content_type=document.content_type
    )
    response["Content-Security-Policy"] = NOTHING_RUNS
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response


def _frame(
    request: HttpRequest, document: Document, door: Door, *, withheld: str, words: list[str] | None = None
) -> HttpResponse:
    context = {
        "document": document,
        "withheld": withheld,
        "is_picture": document.content_type.startswith("image/"),
        "words": words,
        "is_cut": words is not None and len(words) >= SHOWN_PARAGRAPHS,
        "file_url": reverse(f"{door}:document", args=[document.application_id, document.pk]),
    }
    response = render(request, "verification/document_frame.html", context, status=NOT_NOW if withheld else 200)
    response["Content-Security-Policy"] = FRAME
    response["Cache-Control"] = "private, no-store"
    return response
