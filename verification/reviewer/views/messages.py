"""Writing to the applicant: with saved replies to begin with, and a look at what the applicant will read."""

from django.contrib import messages as notes
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from verification.models import Application
from verification.queries.thread import messages_of, read_up_to, with_messages_nobody_took, with_new_messages
from verification.reviewer.forms import MessageForm
from verification.reviewer.people import open_application, person
from verification.reviewer.replies import asks_for_reply, replies_for, with_reply
from verification.reviewer.walk import dossier_address
from verification.reviewer.wording import STATE_TAGS
from verification.services.messages import needs_no_answer, seen_by, write_to_applicant
from verification.workflow.errors import WorkflowError
from verification.workflow.states import OPEN_FOR_REVIEW

PURPOSE = "message"
MOST_SHOWN = 100


@require_http_methods(["GET", "HEAD", "POST"])
def message(request: HttpRequest, application_id: int) -> HttpResponse:
    """One form with three buttons: put a saved reply in, show how it reads, send."""
    found = open_application(application_id)
    if request.method != "POST":
        return _page(request, found, MessageForm(initial={"seen_up_to": _newest(found)}))
    if asks_for_reply(request):
        begun = {**with_reply(request.POST, PURPOSE, found), "seen_up_to": _newest(found)}
        return _page(request, found, MessageForm(initial=begun), is_unsaved=True)
    form = MessageForm(request.POST)
    if not form.is_valid():
        return _page(request, found, form, status=400)
    if "preview" in request.POST:
        return _page(request, found, form, preview=form.cleaned_data["text"], is_unsaved=True)
    try:
        write_to_applicant(application=found, by=person(request), **form.cleaned_data)
    except WorkflowError as error:
        form = MessageForm({"text": form.cleaned_data["text"], "seen_up_to": _newest(found)})
        return _page(request, open_application(application_id), form, refusal=str(error), status=409)
    notes.success(request, "The message was sent. The applicant gets a mail that says so.")
    response = redirect("review:application", application_id)
    response["Location"] += "#messages"
    return response


def _newest(found: Application) -> int:
    """Id of the last message of the thread, as it will stand on the page; 0 for none."""
    newest = messages_of(found).last()
    return newest.pk if newest else 0


@require_POST
def no_answer(request: HttpRequest, application_id: int) -> HttpResponse:
    """The message that waits needs none."""
    found = open_application(application_id)
    try:
        needs_no_answer(application=found, by=person(request))
    except WorkflowError as error:
        notes.error(request, str(error))
    else:
        notes.success(request, "The message waits no longer. That you read it stands among the internal remarks.")
    return redirect(dossier_address(request, found.pk))


def _page(
    request: HttpRequest,
    found: Application,
    form: MessageForm,
    *,
    preview: str = "",
    refusal: str = "",
    is_unsaved: bool = False,
    status: int = 200,
) -> HttpResponse:
    user = person(request)
    thread = list(messages_of(found))
    seen = read_up_to(found, user)
    unread = [each.pk for each in thread if each.from_applicant and each.pk > seen]
    context = {
        "application": found,
        "tag": STATE_TAGS[found.status],
        "form": form,
        "replies": replies_for(PURPOSE),
        "preview": preview,
        "refusal": refusal,
        "is_unsaved": is_unsaved,
        "is_open": found.status in OPEN_FOR_REVIEW,
        "thread": thread,
        "unread": set(unread),
    }
    if unread or (found.message_waits_since and found.reviewer_id == user.pk):
        seen_by(application=found, user=user, up_to=thread[-1].pk)
    return render(request, "reviewer/message.html", context, status=status)


@require_safe
def new_messages(request: HttpRequest) -> HttpResponse:
    """Where applicants wrote something that the reviewer has not seen, or about what nobody has taken."""
    context = {
        "applications": with_new_messages(person(request))[:MOST_SHOWN],
        "not_taken": with_messages_nobody_took()[:MOST_SHOWN],
    }
    return render(request, "reviewer/new_messages.html", context)
