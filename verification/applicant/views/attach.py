"""One file at a time, for the script that shows how far each has come. Without it, files go with their form."""

from typing import Any

from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.template.loader import render_to_string

from verification.applicant.attachments import attachments_of_kind
from verification.applicant.public_words import refusal
from verification.applicant.views.request import CONFLICT, UNPROCESSABLE, ApplicantRequest
from verification.models import Application
from verification.queries.applications import own_application
from verification.services.documents import asked_at, attach_document, attach_to_answer
from verification.services.uploads import UploadRefused
from verification.workflow.errors import WorkflowError


def attach(request: ApplicantRequest, application_id: int) -> HttpResponse:
    """Attach `file` as `kind`, to the draft or to the answer. JSON: `said`, and `list`, the kind's documents as HTML.

    422: the file cannot be kept, and `said` tells why; 409: the application has moved on.
    """
    found = own_application(request.user, application_id)
    if request.method != "POST":
        return redirect(found)
    kind, uploads = request.POST.get("kind", ""), request.FILES.getlist("file")
    if len(uploads) != 1:
        return _answer(request, found, kind, "No file arrived. Choose it again.", status=UNPROCESSABLE)
    keep = attach_document if found.is_draft else attach_to_answer
    try:
        document = keep(application=found, kind=kind, upload=uploads[0], by=request.user)
    except UploadRefused as error:
        return _answer(request, found, kind, str(error), status=UNPROCESSABLE)
    except WorkflowError as error:
        return _answer(request, found, kind, refusal(error), status=CONFLICT)
    return _answer(request, found, kind, f"{document.name} is attached.")


def _answer(
    request: ApplicantRequest, application: Application, kind: str, said: str, *, status: int = 200
) -> HttpResponse:
    answer: dict[str, Any] = {"said": said}
    row = attachments_of_kind(application, kind)
    if row is not None and status != CONFLICT:
        asked = asked_at(application)
        context = {
            "application": application,
            "row": row if asked is None else row.since(asked),
            "to_answer": asked is not None,
        }
        answer["list"] = render_to_string("applicant/parts/attached_documents.html", context, request)
    return JsonResponse(answer, status=status)
