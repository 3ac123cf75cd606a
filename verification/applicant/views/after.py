"""After a determination: asking for a reconsideration, and a new application from an earlier one."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from pcl.rate_limit import may_again
from verification.applicant.forms.letter import LetterForm
from verification.applicant.views.request import CONFLICT, UNPROCESSABLE, ApplicantRequest
from verification.queries.anothers_determination import determination_by_letter
from verification.queries.applications import own_application
from verification.queries.reconsideration import clock, the_one_reconsideration, why_not_reconsidered
from verification.services.begin_after import begin_reconsideration
from verification.services.copy_application import COPIED_KINDS, copy_application
from verification.workflow.errors import NotAllowed
from verification.workflow.states import Status

# Whoever has the letter needs a few; whoever tries numbers and dates would need thousands.
MOST_LETTERS_AN_HOUR = 20
TOO_MANY = 429
TOO_MANY_LETTERS = "Many letters were asked for. Try again in an hour, with the number and the date from the letter."
NO_SUCH_LETTER = (
    "No letter with this number and date names an organization for which you act as manufacturer of a product that a "
    "distributor applied for. Write both as they stand in the letter. Your own applications are under My applications."
)


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


def anothers(request: ApplicantRequest) -> HttpResponse:
    """The manufacturer asks for a reconsideration of what its distributor applied for, with the letter in hand."""
    today = timezone.localdate()
    said = request.POST if request.method == "POST" else request.GET
    form = LetterForm(said if "dcn" in said else None)
    context: dict[str, Any] = {"form": form, "days": settings.RECONSIDERATION_DAYS}
    if not form.is_bound:
        return render(request, "applicant/anothers.html", context)
    if not form.is_valid():
        return render(request, "applicant/anothers.html", context, status=UNPROCESSABLE)
    if not may_again("letter", str(request.user.pk), most=MOST_LETTERS_AN_HOUR):
        form.add_error(None, TOO_MANY_LETTERS)
        return render(request, "applicant/anothers.html", context, status=TOO_MANY)
    found = determination_by_letter(request.user, **form.cleaned_data, today=today)
    if found is None:
        form.add_error(None, NO_SUCH_LETTER)
        return render(request, "applicant/anothers.html", context, status=UNPROCESSABLE)
    if request.method == "POST":
        try:
            return redirect(begin_reconsideration(application=found.application, by=request.user))
        except NotAllowed:
            pass  # the page says why
    why_not = why_not_reconsidered(found.application, by=request.user, today=today)
    context |= {"found": found, "why_not": why_not, "asked": form.cleaned_data}
    status = CONFLICT if request.method == "POST" else 200
    return render(request, "applicant/anothers.html", context, status=status)


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
