"""The saved replies: read by everybody of the contractor's, kept by approvers and administrators."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.models import Role
from verification.models import Purpose, SavedReply
from verification.reviewer.forms import SavedReplyForm
from verification.reviewer.people import person
from verification.services.saved_replies import retire_reply, save_reply
from verification.workflow.errors import NotGiven, Stale


@require_safe
def saved_replies(request: HttpRequest) -> HttpResponse:
    every = list(SavedReply.objects.select_related("saved_by").order_by("title", "id"))
    return render(
        request,
        "reviewer/saved_replies.html",
        {
            "by_purpose": [
                (purpose.label, [each for each in every if each.purpose == purpose and not each.retired_at])
                for purpose in Purpose
            ],
            "retired": [each for each in every if each.retired_at],
            "may_change": person(request).has_role(Role.APPROVER, Role.ADMINISTRATOR),
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
def new_reply(request: HttpRequest) -> HttpResponse:
    return _edit(request, None)


@require_http_methods(["GET", "HEAD", "POST"])
def edit_reply(request: HttpRequest, reply_id: int) -> HttpResponse:
    return _edit(request, get_object_or_404(SavedReply, pk=reply_id, retired_at=None))


@require_POST
def retire(request: HttpRequest, reply_id: int) -> HttpResponse:
    reply = get_object_or_404(SavedReply, pk=reply_id)
    retire_reply(reply=reply, by=person(request))
    messages.success(request, f"“{reply.title}” is not offered any more.")
    return redirect("review:saved_replies")


def _edit(request: HttpRequest, reply: SavedReply | None) -> HttpResponse:
    if request.method != "POST":
        return _page(request, reply, SavedReplyForm(reply=reply))
    form = SavedReplyForm(request.POST, reply=reply)
    if not form.is_valid():
        return _page(request, reply, form, status=400)
    said = form.cleaned_data
    try:
        save_reply(
            reply=reply,
            purpose=Purpose(said["purpose"]),
            title=said["title"],
            text=said["text"],
            by=person(request),
            seen_version=said["seen_version"],
        )
    except NotGiven as error:
        form.add_error(error.name, str(error))
        return _page(request, reply, form, status=400)
    except Stale as error:
        now = get_object_or_404(SavedReply, pk=reply.pk) if reply else None
        typed = request.POST.copy()
        typed["seen_version"] = str(now.version if now else 0)
        return _page(request, now, SavedReplyForm(typed, reply=now), status=409, refusal=str(error))
    messages.success(request, "The reply was saved.")
    return redirect("review:saved_replies")


def _page(
    request: HttpRequest, reply: SavedReply | None, form: SavedReplyForm, *, status: int = 200, refusal: str = ""
) -> HttpResponse:
    context = {"reply": reply, "form": form, "refusal": refusal}
    return render(request, "reviewer/saved_reply.html", context, status=status)
