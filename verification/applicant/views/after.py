"""After a determination: asking for a reconsideration, and a new application from an earlier one."""

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from verification.applicant.views.request import CONFLICT, ApplicantRequest
from verification.queries.applications import own_application
from verification.queries.reconsideration import clock, the_one_reconsideration, why_not_reconsidered
from verification.services.begin_after import begin_reconsideration
from verification.services.copy_application import COPIED_KINDS, copy_application
from verification.workflow.errors import NotAllowed
from verification.workflow.states import Status


def reconsider(request: ApplicantRequest, application_id: int) -> HttpResponse:
    """Says what a reconsideration is and until when; begins it. On the day after the last one it refuses."""
    found = own_application(request.user, application_id)
    determination = found.draft_determination()
    if found.status != Status.DETERMINED or determination is None:
        return redirect(found)
    if request.method == "POST":
        try:
            return redirect(begin_reconsideration(application=found, by=request.user))
        except NotAllowed:
            pass  # the page says why
    today = timezone.localdate()
    context = {
        "application": found,
        "determination": determination,
        "clock": clock(determination, today=today),
        "why_not": why_not_reconsidered(found, by=request.user, today=today),
        "open": the_one_reconsideration(determination),
        "days": settings.RECONSIDERATION_DAYS,
    }
    status = CONFLICT if request.method == "POST" else 200
    return render(request, "applicant/reconsider.html", context, status=status)


def copy(request: ApplicantRequest, application_id: int) -> HttpResponse:
    """Says what is taken over; begins the new draft and says what was not."""
    found = own_application(request.user, application_id)
    if found.kind not in COPIED_KINDS:
        raise Http404
    if request.method != "POST":
        return render(request, "applicant/copy.html", {"application": found})
    try:
        copied = copy_application(application=found, by=request.user, reason=request.POST.get("reason", ""))
    except NotAllowed as error:
        context = {"application": found, "refused": str(error)}
        return render(request, "applicant/copy.html", context, status=CONFLICT)
    messages.success(request, f"A new application was begun from {found.dcn or 'the draft'}. Look through it.")
    for said in copied.not_taken_over:
        messages.warning(request, said)
    return redirect(copied.application)
