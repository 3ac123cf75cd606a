"""Answering a request for information: text for each item, and documents beside it. No text is lost on the way."""

from typing import Any

from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect

from pcl.text import number_in
from verification.applicant import public_words
from verification.applicant.forms.answers import AnswersForm
from verification.applicant.forms.documents import DocumentsForm
from verification.applicant.views.application import standing
from verification.applicant.views.request import CONFLICT, UNPROCESSABLE, ApplicantRequest, seen_version
from verification.applicant.views.typed_text import gives_back_what_was_typed
from verification.models import Application
from verification.queries.applications import own_application
from verification.services.documents import remove_from_answer
from verification.workflow.errors import NotFromHere, WorkflowError
from verification.workflow.perform import perform


@gives_back_what_was_typed
def respond(request: ApplicantRequest, application_id: int) -> HttpResponse:
    """One form with three kinds of buttons: `remove_document`, `attach_now`, and the one that sends the answers."""
    found = own_application(request.user, application_id)
    if request.method != "POST":
        return redirect(found)
    try:
        if "remove_document" in request.POST:
            return _remove(request, found)
        if "attach_now" in request.POST:
            return _attach(request, found)
        return _send(request, found)
    except WorkflowError as error:
        now = own_application(request.user, application_id)
        form = AnswersForm(request.POST, items=now.open_items())
        said: dict[str, Any] = {"refused": public_words.refusal(error), "unsent": form.unsent()}
        return standing(request, now, form=form, status=CONFLICT, **said)


def _remove(request: ApplicantRequest, found: Application) -> HttpResponse:
    document = get_object_or_404(found.documents, pk=number_in(request.POST["remove_document"]))
    remove_from_answer(document=document)
    return _half_typed(request, found, said=f"{document.name} was removed.")


def _attach(request: ApplicantRequest, found: Application) -> HttpResponse:
    files = _files(request, found)
    attached = files.attach(by=request.user, to_answer=True)
    return _half_typed(request, found, files=files, said=_in_words(attached))


def _send(request: ApplicantRequest, found: Application) -> HttpResponse:
    form = AnswersForm(request.POST, items=found.open_items())
    files = _files(request, found)
    attached = 0
    # In one transaction: of a double click, the second finds the answers sent and not only the files attached.
    with transaction.atomic():
        try:
            attached = files.attach(by=request.user, to_answer=True)
        except NotFromHere:
            # Sent before, or the application moved on: the step below knows which.
            files = DocumentsForm(application=found)
        if form.is_valid() and not files.errors:
            _perform(request, found, form)
            return redirect(found)
    return standing(request, found, form=form, files=files, status=UNPROCESSABLE, attached_now=_in_words(attached))


def _perform(request: ApplicantRequest, found: Application, form: AnswersForm) -> None:
    given = {"answers": form.answers()}
    perform("respond", application=found, by=request.user, seen_version=seen_version(request), given=given)


def _half_typed(
    request: ApplicantRequest, found: Application, *, said: str, files: DocumentsForm | None = None
) -> HttpResponse:
    """The page again, with the answers as far as they are typed."""
    more: dict[str, Any] = {"attached_now": said, "is_unsaved": True}
    form = AnswersForm(items=found.open_items(), typed=request.POST.dict())
    status = UNPROCESSABLE if files is not None and files.errors else 200
    return standing(request, found, form=form, files=files, status=status, **more)


def _files(request: ApplicantRequest, found: Application) -> DocumentsForm:
    files = DocumentsForm(request.POST, request.FILES, application=found)
    files.is_valid()
    return files


def _in_words(attached: int) -> str:
    if not attached:
        return ""
    return "1 file attached." if attached == 1 else f"{attached} files attached."
