"""What is sent of a document: its bytes, or a page for the viewer's frame."""

from typing import BinaryIO

from django.http import FileResponse, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse

from verification.models import Authorization, Document
from verification.queries.document_content import DocumentUnreadable, open_document
from verification.queries.document_standing import why_withheld
from verification.services.authorization_letter import open_authorization_letter
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
    return _sent(open_document(document), document.name, document.content_type, as_attachment=as_attachment)


def send_authorization_letter(
    request: HttpRequest, authorization: Authorization, *, as_attachment: bool
) -> HttpResponseBase:
    """The document on which an authorization rests, or 409 and a page that says why not."""
    name = authorization.file_name
    try:
        file = open_authorization_letter(authorization)
    except DocumentUnreadable as error:
        response = render(
            request,
            "verification/document_frame.html",
            {"document": {"name": name}, "withheld": str(error)},
            status=NOT_NOW,
        )
        return _shown_in_a_frame(response)
    return _sent(file, name, authorization.content_type, as_attachment=as_attachment)


def _sent(file: BinaryIO, name: str, content_type: str, *, as_attachment: bool) -> FileResponse:
    response = FileResponse(file, as_attachment=as_attachment, filename=name, content_type=content_type)
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
    return _shown_in_a_frame(response)


def _shown_in_a_frame(response: HttpResponse) -> HttpResponse:
    response["Content-Security-Policy"] = FRAME
    response["Cache-Control"] = "private, no-store"
    return response
