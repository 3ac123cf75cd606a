"""What was published of a determination, its letters, and their corrections."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from accounts.models import Role
from pcl.errors import RegisterError
from pcl.models import ListingChange
from pcl.services.rehearsal import rehearse
from verification.letters.compose import in_words
from verification.letters.corrected import PARTS, what_it_says
from verification.models import Application, Letter, LetterCorrection
from verification.queries.drafted import drafted
from verification.queries.published import letters_of, published_listings
from verification.reviewer.forms.letter import CorrectLetterForm, RefuseCorrectionForm
from verification.reviewer.people import open_application, person
from verification.reviewer.wording import STATE_TAGS
from verification.services.correct_letter import (
    approve_correction,
    change_register,
    new_letter_says,
    propose_correction,
    refuse_correction,
)
from verification.viewer.answers import send_letter
from verification.workflow.errors import NotAllowed, WorkflowError
from verification.workflow.states import Status


@require_safe
def determined(request: HttpRequest, application_id: int) -> HttpResponse:
    """What was published: the listings as they stand now, and every letter with its sum. 404 before that."""
    application = _determined(application_id)
    user = person(request)
    letters = letters_of(application.determination)
    return render(
        request,
        "reviewer/determined.html",
        {
            "application": application,
            "determination": application.determination,
            "drafted": drafted(application.determination),
            "tag": STATE_TAGS[application.status],
            "listings": published_listings(application.determination),
            "letters": letters,
            "may_correct": user.has_role(Role.REVIEWER, Role.APPROVER) and letters and letters[0].written_at,
        },
    )


@require_safe
def letter_file(request: HttpRequest, application_id: int, letter_id: int) -> HttpResponseBase:
    """One of the letters as it was sent, also one that was replaced; 404 while it is being written."""
    application = _determined(application_id)
    sent = get_object_or_404(_letters(application), pk=letter_id, written_at__isnull=False)
    return send_letter(request, sent, name=f"{application.dcn} letter {sent.pk}.pdf", as_attachment=False)


@require_http_methods(["GET", "HEAD", "POST"])
def correct_letter(request: HttpRequest, application_id: int, letter_id: int) -> HttpResponse:
    application = _determined(application_id)
    letter = get_object_or_404(_letters(application), pk=letter_id)
    if request.method != "POST":
        return _form(request, application, CorrectLetterForm(letter=letter))
    form = CorrectLetterForm(request.POST, letter=letter)
    if not form.is_valid():
        return _form(request, application, form, status=400)
    try:
        correction = propose_correction(
            letter=letter,
            changes=form.changes(),
            what=form.cleaned_data["what"],
            on_the_register=form.cleaned_data.get("on_the_register", False),
            by=person(request),
        )
    except WorkflowError as error:
        form.add_error(None, str(error))
        return _form(request, application, form, status=403 if isinstance(error, NotAllowed) else 409)
    messages.success(request, "The correction waits for an approver.")
    return redirect("review:letter_correction", application.pk, correction.pk)


@require_http_methods(["GET", "HEAD", "POST"])
def letter_correction(request: HttpRequest, application_id: int, correction_id: int) -> HttpResponse:
    """A correction with the letter as it would be; decided on by `do`: approve or refuse."""
    application = _determined(application_id)
    correction = get_object_or_404(
        LetterCorrection.objects.select_related("letter__determination__application", "proposed_by", "decided_by"),
        pk=correction_id,
        letter__determination__application=application,
    )
    form = RefuseCorrectionForm()
    if request.method != "POST":
        return _correction(request, application, correction, form)
    user, do = person(request), request.POST.get("do")
    try:
        if do == "approve":
            approve_correction(correction=correction, by=user)
            messages.success(request, "The corrected letter is being written and sent.")
            return redirect("review:determined", application.pk)
        form = RefuseCorrectionForm(request.POST)
        if not form.is_valid():
            return _correction(request, application, correction, form, status=400)
        refuse_correction(correction=correction, why=form.cleaned_data["why"], by=user)
    except WorkflowError as error:
        status = 403 if isinstance(error, NotAllowed) else 409
        return _correction(request, application, correction, form, refusal=str(error), status=status)
    messages.success(request, "The correction is not made.")
    return redirect("review:determined", application.pk)


def _form(
    request: HttpRequest, application: Application, form: CorrectLetterForm, *, status: int = 200
) -> HttpResponse:
    context = {"application": application, "form": form, "tag": STATE_TAGS[application.status]}
    return render(request, "reviewer/correct_letter.html", context, status=status)


def _correction(
    request: HttpRequest,
    application: Application,
    correction: LetterCorrection,
    form: RefuseCorrectionForm,
    *,
    status: int = 200,
    refusal: str = "",
) -> HttpResponse:
    user = person(request)
    is_open = correction.decided_at is None
    context: dict[str, Any] = {
        "application": application,
        "correction": correction,
        "form": form,
        "tag": STATE_TAGS[application.status],
        "refusal": refusal,
        "changes": [],
        "parts": _parts(correction),
        "letter": new_letter_says(correction) if is_open else None,
        "is_open": is_open,
        "may_approve": is_open and user.has_role(Role.APPROVER) and correction.proposed_by_id != user.pk,
        "is_own": correction.proposed_by_id == user.pk,
        "may_refuse": is_open and (user.has_role(Role.APPROVER) or correction.proposed_by_id == user.pk),
    }
    if is_open and correction.on_the_register:
        context["on_the_list"], context["list_refusal"] = _on_the_list(correction, request)
    return render(request, "reviewer/letter_correction.html", context, status=status)


def _on_the_list(correction: LetterCorrection, request: HttpRequest) -> tuple[list[ListingChange], str]:
    """What the register would say, tried and taken back; or why it cannot."""
    try:
        return rehearse(lambda: change_register(correction, by=person(request))).shown, ""
    except RegisterError as error:
        return [], str(error)


def _parts(correction: LetterCorrection) -> list[tuple[str, str, str]]:
    """What each corrected part says in the old letter and in the new one."""
    said = what_it_says(correction.letter)
    found = []
    for part, new in correction.changes.items():
        if part == "models":
            found += [("model number", was, now) for was, now in new.items()]
        elif part == "begins":
            was = said["codes"][0]["begins"] if said["codes"] else ""
            found.append((PARTS[part], was, in_words(date.fromisoformat(new))))
        else:
            old = said[part]
            found.append(
                (
                    PARTS[part],
                    "\n".join(old) if part == "recipient" else "\n\n".join(old) if isinstance(old, list) else old,
                    "\n".join(new) if isinstance(new, list) else new,
                )
            )
    return found


def _determined(application_id: int) -> Application:
    application = open_application(application_id)
    if application.status != Status.DETERMINED:
        raise Http404
    return application


def _letters(application: Application) -> Any:
    return Letter.objects.filter(determination__application=application).select_related("determination__application")
