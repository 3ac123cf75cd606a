"""One application: the task list of a draft, and after submission where it stands."""

from typing import Any

from django.conf import settings
from django.db.models import Prefetch
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from verification.applicant import public_words
from verification.applicant.after_determination import after_determination
from verification.applicant.attachments import attachments
from verification.applicant.forms.answers import AnswersForm
from verification.applicant.forms.documents import DocumentsForm
from verification.applicant.forms.message import MessageForm
from verification.applicant.sections import progress
from verification.applicant.thread import shown_samples, thread
from verification.applicant.views.request import CONFLICT, UNPROCESSABLE, ApplicantRequest, seen_version
from verification.models import Application, Determination, DeterminedCode, TransitionLog
from verification.queries.applications import own_application
from verification.queries.drafted import drafted
from verification.queries.first_documents import documents_of_the_first
from verification.queries.organizations import sides_of
from verification.queries.representation import may_act_on
from verification.queries.representative_note import representative_note
from verification.queries.submitted import what_was_said
from verification.queries.thread import read_up_to
from verification.services.messages import mark_read
from verification.workflow.errors import NotFromHere, Stale, WorkflowError
from verification.workflow.perform import perform, possible
from verification.workflow.states import OPEN_FOR_REVIEW, Status


def application(request: ApplicantRequest, application_id: int) -> HttpResponse:
    found = own_application(request.user, application_id)
    if found.is_draft and not found.is_open_draft:
        return render(request, "applicant/discarded.html", {"application": found})
    return _task_list(request, found) if found.is_draft else standing(request, found)


def submit(request: ApplicantRequest, application_id: int) -> HttpResponse:
    found = own_application(request.user, application_id)
    if request.method != "POST" or (found.is_draft and not found.is_open_draft):
        return redirect(found)
    try:
        perform("submit", application=found, by=request.user, seen_version=seen_version(request))
    except NotFromHere:
        # Submitted before, by this person or a colleague: the page says so.
        return redirect(found)
    except Stale as error:
        return _task_list(request, own_application(request.user, application_id), refused=str(error), status=CONFLICT)
    except WorkflowError as error:
        return _task_list(request, found, refused=str(error), status=UNPROCESSABLE)
    return redirect(found)


def withdraw(request: ApplicantRequest, application_id: int) -> HttpResponse:
    found = own_application(request.user, application_id)
    if not public_words.offers_withdrawal(found):
        return redirect(found)
    if request.method != "POST":
        return render(request, "applicant/withdraw.html", {"application": found})
    try:
        perform("withdraw", application=found, by=request.user, seen_version=seen_version(request))
    except WorkflowError as error:
        now = own_application(request.user, application_id)
        context = {"application": now, "refused": public_words.refusal(error)}
        return render(request, "applicant/withdraw.html", context, status=CONFLICT)
    return redirect(found)


def _task_list(request: ApplicantRequest, found: Application, *, refused: str = "", status: int = 200) -> HttpResponse:
    every = progress(found)
    context = {
        "application": found,
        "progress": every,
        "missing": sum(len(each.gaps) for each in every),
        "next_section": next((each for each in every if not each.is_complete), None),
        "refused": refused,
        "is_stale": status == CONFLICT,
        "sides": sides_of(found),
    }
    return render(request, "applicant/task_list.html", context, status=status)


def standing(
    request: ApplicantRequest,
    found: Application,
    *,
    form: AnswersForm | None = None,
    files: DocumentsForm | None = None,
    message_form: MessageForm | None = None,
    status: int = 200,
    **more: Any,
) -> HttpResponse:
    """The page of a submitted application, with the form for answers while something is asked."""
    log = list(found.log.order_by("number"))
    answering = _answering(request, found, form, files, log)
    requests = public_words.requests(log)
    context = {
        "application": found,
        "tag": public_words.tag(found),
        "what_next": public_words.what_next(found),
        "how_long": public_words.how_long(found, today=timezone.localdate()),
        "is_open": found.status in OPEN_FOR_REVIEW,
        # What is asked now stands in the form.
        "requests": requests[:-1] if "form" in answering else requests,
        "rejection": public_words.rejection(log),
        **_thread(request, found, message_form),
        "samples": shown_samples(found),
        "sample_rule": found.group.sample,
        "timeline": list(public_words.timeline(found, log)),
        "summary": what_was_said(found),
        "attachments": attachments(found),
        **_first(request, found),
        "offers_withdrawal": public_words.offers_withdrawal(found),
        "sides": sides_of(found),
        "representative": representative_note(found),
        # What was typed for a request that is not open any more is shown, to be copied.
        "unsent": form.unsent() if form is not None and "form" not in answering else None,
        **answering,
        **_determined(request, found),
        **more,
    }
    return render(request, "applicant/standing.html", context, status=status)


def _first(request: ApplicantRequest, found: Application) -> dict[str, Any]:
    """Of a reconsideration: what was sent the first time. Where a distributor sent it, it is not the manufacturer's."""
    if found.reconsiders is None:
        return {}
    may_read = may_act_on(request.user, found.reconsiders.application)
    return {"first_documents": documents_of_the_first(found) if may_read else [], "first_is_anothers": not may_read}


def _thread(request: ApplicantRequest, found: Application, form: MessageForm | None) -> dict[str, Any]:
    """The messages, with what is new to the person marked; on the page they count as read."""
    messages = thread(found, read_up_to=read_up_to(found, request.user))
    if new := [message.id for message in messages if message.is_new]:
        mark_read(application=found, user=request.user, up_to=new[-1])
    may_write = found.status in OPEN_FOR_REVIEW
    return {"thread": messages, "message_form": (form or MessageForm()) if may_write else None}


def _answering(
    request: ApplicantRequest,
    found: Application,
    form: AnswersForm | None,
    files: DocumentsForm | None,
    log: list[TransitionLog],
) -> dict[str, Any]:
    """The form for the answers, or why there is none any more."""
    verdict = next((verdict for step, verdict in possible(found, request.user) if step.name == "respond"), None)
    if verdict is None:
        return {}
    if not verdict.ok:
        return {"too_late": verdict.reason}
    files = files or DocumentsForm(application=found)
    return {
        "form": form or AnswersForm(items=found.open_items()),
        "files": files,
        "rows": [(row.since(log[-1].at), files[row.kind.key]) for row in attachments(found)],
        "most_megabytes": settings.DOCUMENT_MAX_BYTES // (1024 * 1024),
    }


def _determined(request: ApplicantRequest, found: Application) -> dict[str, Any]:
    """The determination once it stands. A draft of one is not the applicant's to know."""
    if found.status != Status.DETERMINED:
        return {}
    codes = DeterminedCode.objects.select_related("model", "code", "listing__model")
    made = Determination.objects.prefetch_related(Prefetch("codes", queryset=codes)).get(application=found)
    letters = list(made.letters.order_by("-pk").select_related("replaces"))
    return {
        "determination": made,
        "without_code": drafted(made).without_code(),
        "letter": next(iter(letters), None),
        "earlier_letters": letters[1:],
        "after": after_determination(found, made, by=request.user),
    }
