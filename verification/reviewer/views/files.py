"""Documents and letters, shown as they are."""

import typst
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.http import require_safe

from verification.letters.compose import letter_pdf, why_it_cannot_be_set
from verification.models import Document, Letter
from verification.reviewer.people import open_application

PDF = "application/pdf"
# Whatever an applicant sent runs nothing and reaches nothing, should a browser take it for a page.
NOTHING_RUNS = "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src 'self' data:; frame-ancestors 'self'"


@require_safe
def document(request: HttpRequest, application_id: int, document_id: int) -> HttpResponseBase:
    application = open_application(application_id)
    attached = get_object_or_404(Document, pk=document_id, application=application, removed_at=None)
    return shown(FileResponse(attached.file.open("rb"), content_type=attached.content_type, filename=attached.name))


@require_safe
def letter(request: HttpRequest, application_id: int) -> HttpResponseBase:
    """The letter as it was sent; 404 while it is being written."""
    application = open_application(application_id)
    sent = get_object_or_404(
        Letter.objects.filter(determination__application=application, written_at__isnull=False).order_by("-pk")[:1]
    )
    return shown(FileResponse(sent.file.open("rb"), content_type=PDF, filename=f"{application.dcn} letter.pdf"))


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


def shown(response: HttpResponseBase) -> HttpResponseBase:
    """A file of the application or a letter, shown so that nothing in it runs."""
    response["Content-Security-Policy"] = NOTHING_RUNS
    response["X-Content-Type-Options"] = "nosniff"
    return response
