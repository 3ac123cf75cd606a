"""A draft that is not wanted: put aside after asking, and put back."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render

from verification.applicant.public_words import refusal
from verification.applicant.views.request import CONFLICT, ApplicantRequest, seen_version
from verification.queries.applications import own_application
from verification.services.drafts import discard_draft, put_back_draft
from verification.workflow.errors import WorkflowError


def discard(request: ApplicantRequest, application_id: int) -> HttpResponse:
    """Asks first. Afterwards the application's own page says that it is discarded and offers to put it back."""
    found = own_application(request.user, application_id)
    if not found.is_open_draft:
        return redirect(found)
    if request.method != "POST":
        return render(request, "applicant/discard.html", {"application": found})
    try:
        discard_draft(application=found, seen_version=seen_version(request))
    except WorkflowError as error:
        now = own_application(request.user, application_id)
        context = {"application": now, "refused": refusal(error)}
        return render(request, "applicant/discard.html", context, status=CONFLICT)
    return redirect(found)


def put_back(request: ApplicantRequest, application_id: int) -> HttpResponse:
    found = own_application(request.user, application_id)
    if request.method == "POST" and found.is_draft and not found.is_open_draft:
        try:
            put_back_draft(application=found)
        except WorkflowError as error:
            messages.error(request, str(error))
        else:
            messages.success(request, "The draft is back, as it was.")
    return redirect(found)
