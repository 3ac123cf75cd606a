"""Doing what the workflow table allows: one page for every step, its form drawn from the table."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.html import format_html
from django.views.decorators.http import require_http_methods

from accounts.models import Role, User
from pcl.queries.organization_names import find_organization
from verification.models import Application
from verification.product_groups import reasons
from verification.queries.drafted import drafted
from verification.queries.named_parties import other_organizations
from verification.queries.recommendations import changed_since_the_last
from verification.queries.samples import kept_until
from verification.reviewer.forms import StepForm
from verification.reviewer.of_the_kind import of_the_kind
from verification.reviewer.offers import contractor_step, offer_of
from verification.reviewer.people import open_application, person
from verification.reviewer.replies import FIELD, asks_for_reply, replies_for, with_reply
from verification.reviewer.walk import Place, Walk, dossier_address, walk_of
from verification.reviewer.what_changed import who_changed_it
from verification.reviewer.wording import STATE_TAGS
from verification.services.worker_publishes import step_to_take
from verification.workflow.errors import NotAllowed, NotGiven, Stale, WorkflowError
from verification.workflow.perform import perform
from verification.workflow.states import Status
from verification.workflow.table import Transition

DONE_BY_THE_WORKER = (
    "The determination is approved. It changes very many listings, so it is being published now by itself; the "
    "application’s page says when it is done."
)


@require_http_methods(["GET", "HEAD", "POST"])
def act(request: HttpRequest, application_id: int, transition: str) -> HttpResponse:
    """The page of a step, and the step. What is the applicant's or the system's is not to be found here."""
    user = person(request)
    step = contractor_step(transition)
    if step is None:
        raise Http404
    application = open_application(application_id)
    if request.method != "POST" or asks_for_reply(request):
        replied = request.method == "POST"
        begun = with_reply(request.POST, step.name, application) if replied else _started_from(request, step)
        return _page(request, application, step, StepForm(step=step, application=application, initial=begun), user)
    form = StepForm(request.POST, step=step, application=application)
    if not form.is_valid():
        return _page(request, application, step, form, user, status=400)
    if "preview" in request.POST and step.name in FIELD:
        return _page(request, application, step, form, user, preview=_as_read(step, form.given()))
    return _perform(request, application, step, form, user)


def _perform(
    request: HttpRequest, application: Application, step: Transition, form: StepForm, user: User
) -> HttpResponse:
    seen_version = form.cleaned_data["seen_version"]
    walk = walk_of(request)
    place = walk.place(application) if walk else []
    # Where very many listings change, another step leaves it to the worker.
    name, given = step_to_take(step.name, form.given(), application)
    try:
        perform(name, application=application, by=user, seen_version=seen_version, given=given)
    except NotGiven as error:
        form.add_error(error.name if error.name in form.fields else None, str(error))
        return _page(request, application, step, form, user, status=400)
    except WorkflowError as error:
        return _refused(request, application.pk, step, error, user)
    done = step.done if name == step.name else DONE_BY_THE_WORKER
    if walk is None:
        messages.success(request, done)
        return redirect("review:application", application.pk)
    return _and_on(request, walk, place, open_application(application.pk), done)


def _and_on(request: HttpRequest, walk: Walk, place: Place, done: Application, said: str) -> HttpResponse:
    """To the next one of the queue from which `done` was opened; on what is in the person's own hands now, stay."""
    if done.status == Status.IN_REVIEW and done.reviewer_id == walk.user.pk:
        messages.success(request, said)
        return redirect(walk.address_of(done))
    following = walk.next_after(done, place)
    link = format_html('<a class="usa-link" href="{}">{}</a>', walk.address_of(done), done.dcn)
    if following is None:
        messages.success(request, format_html("{}: {} Nothing is left in this queue.", link, said))
        return redirect(walk.queue_url)
    messages.success(request, format_html("{}: {} This is the next one.", link, said))
    return redirect(walk.address_of(following))


def _refused(
    request: HttpRequest, application_id: int, step: Transition, error: WorkflowError, user: User
) -> HttpResponse:
    """The page again: what was typed is still there, on the application as it is now."""
    application = open_application(application_id)
    typed = request.POST.copy()
    seen_version = typed.get("seen_version", "")
    typed["seen_version"] = str(application.version)
    form = StepForm(typed, step=step, application=application)
    offered = offer_of(step, application, user)
    return _page(
        request,
        application,
        step,
        form,
        user,
        status=403 if isinstance(error, NotAllowed) and offered.held_up else 409,
        refusal=str(error),
        changes=who_changed_it(application, int(seen_version)) if isinstance(error, Stale) else [],
    )


def _page(
    request: HttpRequest,
    application: Application,
    step: Transition,
    form: StepForm,
    user: User,
    *,
    status: int = 200,
    refusal: str = "",
    changes: list[str] | None = None,
    preview: dict[str, Any] | None = None,
) -> HttpResponse:
    offer = offer_of(step, application, user)
    context: dict[str, Any] = {
        "may_remark": user.has_role(Role.REVIEWER, Role.APPROVER),
        "application": application,
        "step": step,
        "offer": offer,
        "form": form,
        "tag": STATE_TAGS[application.status],
        "refusal": refusal,
        "dossier_url": dossier_address(request, application.pk),
        "changes": changes,
        "replies": replies_for(step.name),
        "preview": preview,
        "may_preview": step.name in FIELD,
        "reasons": reasons().rejection if "reason_code" in form.fields else (),
    }
    template = "reviewer/act.html"
    if step.name in {"determine", "approve", "return", "recall", "reschedule", "publish_now"}:
        template = "reviewer/determine.html"
        context |= _what_will_happen(application, by=user)
    return render(request, template, context, status=status)


def _started_from(request: HttpRequest, step: Transition) -> dict[str, Any]:
    """A rejection that begins from one of the usual reasons, with its text to work on."""
    reason = reasons().for_rejection(request.GET.get("reason_code", ""))
    if step.name != "reject" or reason is None:
        return {}
    return {"reason_code": reason.key, "text": reason.text}


def _as_read(step: Transition, given: dict[str, Any]) -> dict[str, Any]:
    """What was given, as the applicant will read it."""
    if step.name != "reject":
        return {"asked": given["items"], "due_on": given["due_on"]}
    reason = reasons().for_rejection(given["reason_code"])
    until = kept_until(Status.REJECTED, closed_on=timezone.localdate())
    return {"reason": reason.label if reason else "", "text": given["text"], "kept_until": until}


def _what_will_happen(application: Application, *, by: User) -> dict[str, Any]:
    """What an approval publishes, for the approver to see before it happens."""
    determination = application.draft_determination()
    parties = other_organizations(application)
    if determination is None:
        return {"determination": None, "other_organizations": parties}
    return {
        "determination": determination,
        "other_organizations": parties,
        "drafted": drafted(determination),
        "changed": changed_since_the_last(determination),
        "maker": find_organization(application.manufacturer_name),
        **of_the_kind(determination, by=by),
    }
