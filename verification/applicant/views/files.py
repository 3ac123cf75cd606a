"""Documents and letters: taken off, put back, sent to who may have them."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render

from verification.applicant.public_words import refusal
from verification.applicant.views.request import ApplicantRequest
from verification.letters.submission import submission_pdf
from verification.models import Letter
from verification.queries.applications import own_application, own_document
from verification.services.documents import remove_document as take_off
from verification.services.documents import restore_document as put_back
from verification.services.uploads import PDF, UploadRefused
from verification.viewer.addresses import page_asked_for
from verification.viewer.answers import send_document, send_frame, send_letter
from verification.viewer.shown import shown_document
from verification.workflow.errors import WorkflowError

# What others uploaded runs nothing and fetches nothing here, whatever it is and wherever it is shown.
SANDBOX = "default-src 'none'; sandbox"


def remove_document(request: ApplicantRequest, application_id: int, document_id: int) -> HttpResponse:
    application = own_application(request.user, application_id)
    document = get_object_or_404(application.documents, pk=document_id)
    if request.method == "POST" and document.removed_at is None:
        try:
            take_off(document=document)
        except WorkflowError as error:
            messages.error(request, refusal(error))
            return redirect(application)
        messages.success(request, f"{document.name} was removed. You can put it back below.")
    return redirect("apply:section", application.pk, "documents")


def restore_document(request: ApplicantRequest, application_id: int, document_id: int) -> HttpResponse:
    application = own_application(request.user, application_id)
    document = get_object_or_404(application.documents, pk=document_id)
    if request.method == "POST" and document.removed_at:
        try:
            put_back(document=document)
        except UploadRefused as error:
            messages.info(request, str(error))
        except WorkflowError as error:
            messages.error(request, refusal(error))
            return redirect(application)
        else:
            messages.success(request, f"{document.name} is attached again.")
    return redirect("apply:section", application.pk, "documents")


def document(request: ApplicantRequest, application_id: int, document_id: int) -> HttpResponseBase:
    found = own_document(request.user, application_id, document_id)
    return send_document(request, found, door="apply", as_attachment=True)


def document_frame(request: ApplicantRequest, application_id: int, document_id: int) -> HttpResponseBase:
    return send_frame(request, own_document(request.user, application_id, document_id), door="apply")


def document_view(request: ApplicantRequest, application_id: int, document_id: int) -> HttpResponse:
    found = own_document(request.user, application_id, document_id)
    page = page_asked_for(request.GET.get("page", ""))
    context = {
        "application": found.application,
        "shown": shown_document(found, door="apply", page=page),
        "documents": found.application.documents.filter(removed_at=None).order_by("id"),
    }
    return render(request, "applicant/document.html", context)


def letter(request: ApplicantRequest, application_id: int) -> HttpResponseBase:
    application = own_application(request.user, application_id)
    newest = get_object_or_404(Letter.objects.filter(determination__application=application).order_by("-id")[:1])
    if newest.written_at is None:
        return render(request, "applicant/letter_waits.html", {"application": application})
    return send_letter(request, newest, name=f"Determination {application.dcn}.pdf", as_attachment=True)


def letter_file(request: ApplicantRequest, application_id: int, letter_id: int) -> HttpResponseBase:
    """One of the letters, also one that was replaced; 404 while it is being written."""
    application = own_application(request.user, application_id)
    letters = Letter.objects.filter(determination__application=application, written_at__isnull=False)
    found = get_object_or_404(letters, pk=letter_id)
    name = f"Determination {application.dcn} letter {found.pk}.pdf"
    return send_letter(request, found, name=name, as_attachment=True)


def submission(request: ApplicantRequest, application_id: int) -> HttpResponse:
    """All that was sent, as a PDF; 404 for a draft, of which nothing was."""
    application = own_application(request.user, application_id)
    if application.is_draft:
        raise Http404
    response = HttpResponse(submission_pdf(application), content_type=PDF)
    response["Content-Disposition"] = f'attachment; filename="{application.dcn} as submitted.pdf"'
    response["Content-Security-Policy"] = SANDBOX
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response
