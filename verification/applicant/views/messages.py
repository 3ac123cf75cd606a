"""Writing to the reviewer, and the label for a sample."""

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render

from verification.applicant import public_words
from verification.applicant.forms.message import MessageForm
from verification.applicant.thread import shown_samples
from verification.applicant.views.application import standing
from verification.applicant.views.request import CONFLICT, UNPROCESSABLE, ApplicantRequest
from verification.queries.applications import own_application
from verification.services.messages import write_to_reviewer
from verification.workflow.errors import WorkflowError


def message(request: ApplicantRequest, application_id: int) -> HttpResponse:
    found = own_application(request.user, application_id)
    if request.method != "POST" or found.is_draft:
        return redirect(found)
    form = MessageForm(request.POST)
    if not form.is_valid():
        return standing(request, found, message_form=form, status=UNPROCESSABLE)
    try:
        write_to_reviewer(application=found, text=form.cleaned_data["text"], by=request.user)
    except WorkflowError as error:
        now = own_application(request.user, application_id)
        said = {"refused": public_words.refusal(error), "unsent_message": form.cleaned_data["text"]}
        return standing(request, now, status=CONFLICT, **said)
    messages.success(request, "Your message was sent.")
    response = redirect(found)
    response["Location"] += "#messages"
    return response


def sample_label(request: ApplicantRequest, application_id: int) -> HttpResponse:
    """To be printed and put on the sample."""
    found = own_application(request.user, application_id)
    if found.is_draft:
        return redirect(found)
    context = {
        "application": found,
        "models": [model.model_number for model in found.models.all()] or [""],
        "samples": [sample for sample in shown_samples(found) if sample.state == "expected"],
        "address": settings.SAMPLE_ADDRESS,
    }
    return render(request, "applicant/sample_label.html", context)
