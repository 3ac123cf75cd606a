"""Documents and letters, shown as they are."""

from typing import TypeVar

import typst
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from verification.letters.compose import letter_pdf, why_it_cannot_be_set
from verification.letters.submission import submission_pdf
from verification.models import Document, Letter
from verification.reviewer.people import open_application
from verification.viewer.addresses import page_asked_for
from verification.viewer.answers import NOTHING_RUNS, send_document, send_frame, send_letter
from verification.viewer.shown import shown_document

PDF = "application/pdf"
AnyResponse = TypeVar("AnyResponse", bound=HttpResponseBase)


@require_safe
def document(request: HttpRequest, application_id: int, document_id: int) -> HttpResponseBase:
    return send_document(request, _attached(application_id, document_id), door="review", as_attachment=False)


@require_safe
def document_frame(request: HttpRequest, application_id: int, document_id: int) -> HttpResponseBase:
    return send_frame(request, _attached(application_id, document_id), door="review")


@require_safe
def document_view(request: HttpRequest, application_id: int, document_id: int) -> HttpResponse:
    found = _attached(application_id, document_id)
    context = {
        "application": found.application,
        "shown": shown_document(found, door="review", page=page_asked_for(request.GET.get("page", ""))),
        "documents": found.application.documents.filter(removed_at=None).order_by("id"),
    }
    return render(request, "reviewer/document.html", context)


def _attached(application_id: int, document_id: int) -> Document:
    """Raises Http404 for one that was removed, and for the documents of a draft."""
    found = get_object_or_404(Document, pk=document_id, application_id=application_id, removed_at=None)
    found.application = open_application(application_id)
    return found


@require_safe
def submission(request: HttpRequest, application_id: int) -> HttpResponseBase:
    """All that the applicant sent, as a PDF."""
    application = open_application(application_id)
    response = HttpResponse(submission_pdf(application), content_type=PDF)
    response["Content-Disposition"] = f'inline; filename="{application.dcn} as submitted.pdf"'
    response["Cache-Control"] = "private, no-store"
    return shown(response)


@require_safe
def letter(request: HttpRequest, application_id: int) -> HttpResponseBase:
    """The letter as it was sent; 404 while it is being written."""
    application = open_application(application_id)
    sent = get_object_or_404(
        Letter.objects.filter(determination__application=application, written_at__isnull=False).order_by("-pk")[:1]
    )
    return send_letter(request, sent, name=f"{application.dcn} letter.pdf", as_attachment=False)


@require_safe
def letter_preview(request: HttpRequest, application_id: int) -> HttpResponseBase:
    """The letter as it would be, dated today, until the determination is made; then as it is. Nothing is written.

    422 with the reason when it cannot be set.
    """
    application = open_application(application_id)
    drafted = application.draft_determination()
    if drafted is None:
        raise Http404
    today = timezone.localdate()
    try:
        pdf = letter_pdf(drafted, draft_of=today)
    except typst.TypstError:
        why = why_it_cannot_be_set(drafted, draft_of=today)
        return shown(HttpResponse(why, status=422, content_type="text/plain; charset=utf-8"))
    response = HttpResponse(pdf, content_type=PDF)
    response["Content-Disposition"] = f'inline; filename="{application.dcn} draft letter.pdf"'
    response["Cache-Control"] = "private, no-store"
    return shown(response)


def shown(response: AnyResponse) -> AnyResponse:
    """A file of the application or a letter, shown so that nothing in it runs."""
    response["Content-Security-Policy"] = NOTHING_RUNS
    response["X-Content-Type-Options"] = "nosniff"
    return response
