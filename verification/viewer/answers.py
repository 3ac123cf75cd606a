"""What is sent of a document or a letter: its bytes, or a page for the viewer's frame, or why not."""

from typing import BinaryIO

from django.http import FileResponse, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse

from verification.models import Authorization, Document, Letter
from verification.queries.document_content import (
    DocumentUnreadable,
    FileAway,
    FileMissing,
    open_document,
    open_letter,
)
from verification.queries.document_standing import why_withheld
from verification.services.authorization_letter import open_authorization_letter
from verification.services.docx_inspection import DOCX
from verification.services.docx_text import paragraphs
from verification.services.missing_files import note_missing
from verification.services.uploads import PDF
from verification.viewer.addresses import Door

# What others uploaded runs nothing and fetches nothing here, whatever a browser takes it for. The browser's own viewer
# of PDF files works under it (tried in Chromium), but not in a frame with a `sandbox` attribute.
NOTHING_RUNS = "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src 'self' data:; frame-ancestors 'self'"
FRAME = "default-src 'none'; style-src 'self'; img-src 'self'; font-src 'self'; base-uri 'none'; frame-ancestors 'self'"
NOT_NOW, AWAY_NOW = 409, 503
SHOWN_PARAGRAPHS = 2000


def send_document(request: HttpRequest, document: Document, *, door: Door, as_attachment: bool) -> HttpResponseBase:
    """The file itself, or a page that says why not: 503 with Retry-After where it may come back, else 409."""
    withheld = why_withheld(document)
    if withheld:
        return _frame(request, document, door, withheld=withheld)
    try:
        return bytes_of(document, as_attachment=as_attachment)
    except DocumentUnreadable as error:
        return _without_the_file(_frame(request, document, door, withheld=str(error)), error)


def send_frame(request: HttpRequest, document: Document, *, door: Door) -> HttpResponseBase:
    """A PDF as it is; of a picture or a text document a page that shows it; else as `send_document` why not."""
    withheld, words = why_withheld(document), None
    if withheld:
        return _frame(request, document, door, withheld=withheld)
    try:
        if document.content_type == PDF:
            return bytes_of(document, as_attachment=False)
        if document.content_type == DOCX:
            with open_document(document) as file:
                words = paragraphs(file, most=SHOWN_PARAGRAPHS)
    except DocumentUnreadable as error:
        return _without_the_file(_frame(request, document, door, withheld=str(error)), error)
    return _frame(request, document, door, withheld="", words=words)


def send_letter(request: HttpRequest, letter: Letter, *, name: str, as_attachment: bool) -> HttpResponseBase:
    """A letter that was written, or a page that says why not: 503 with Retry-After where it may come back, else 409."""
    try:
        return _sent(open_letter(letter), name, PDF, as_attachment=as_attachment)
    except DocumentUnreadable as error:
        page = render(request, "verification/letter_away.html", {"name": name, "why": str(error)}, status=NOT_NOW)
        page["Cache-Control"] = "private, no-store"
        return _without_the_file(page, error)


def _without_the_file(page: HttpResponse, error: DocumentUnreadable) -> HttpResponse:
    if isinstance(error, FileMissing):
        note_missing(error)
    if isinstance(error, FileAway):
        page.status_code = AWAY_NOW
        page["Retry-After"] = str(error.seconds)
    return page


def bytes_of(document: Document, *, as_attachment: bool) -> FileResponse:
    """Raises DocumentUnreadable."""
    return _sent(open_document(document), document.name, document.content_type, as_attachment=as_attachment)


def send_authorization_letter(
    request: HttpRequest, authorization: Authorization, *, as_attachment: bool
) -> HttpResponseBase:
    """The document on which an authorization rests, or why not as `send_document`."""
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
        return _without_the_file(_shown_in_a_frame(response), error)
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
