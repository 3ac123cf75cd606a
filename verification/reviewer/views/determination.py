"""The draft determination: its outcome, codes and rationale."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from verification.models import Application, Outcome
from verification.reviewer.forms import DeterminationForm
from verification.reviewer.people import open_application, person
from verification.reviewer.walk import dossier_address
from verification.reviewer.what_changed import who_changed_it
from verification.reviewer.wording import STATE_TAGS
from verification.services.review import draft_determination
from verification.workflow.errors import NotAllowed, Stale, WorkflowError
from verification.workflow.states import Status


@require_http_methods(["GET", "HEAD", "POST"])
def determination(request: HttpRequest, application_id: int) -> HttpResponse:
    """Saved complete or not, by the assigned reviewer while the application is in review; the others read it."""
    user = person(request)
    application = open_application(application_id)
    if request.method != "POST":
        return _page(request, application, DeterminationForm(application=application))
    form = DeterminationForm(request.POST, application=application)
    if not form.is_valid():
        return _page(request, application, form, status=400)
    said = form.cleaned_data
    try:
        draft_determination(
            application=application,
            outcome=Outcome(said["outcome"]),
            codes=said["codes"],
            rationale=said["rationale"],
            by=user,
            seen_version=said["seen_version"],
        )
    except WorkflowError as error:
        return _refused(request, application_id, said["seen_version"], error)
    messages.success(request, "The draft determination was saved.")
    return redirect(dossier_address(request, application_id))


def _refused(request: HttpRequest, application_id: int, seen_version: int, error: WorkflowError) -> HttpResponse:
    application = open_application(application_id)
    typed = request.POST.copy()
    typed["seen_version"] = str(application.version)
    return _page(
        request,
        application,
        DeterminationForm(typed, application=application),
        status=403 if isinstance(error, NotAllowed) else 409,
        refusal=str(error),
        changes=who_changed_it(application, seen_version) if isinstance(error, Stale) else [],
    )


def _page(
    request: HttpRequest,
    application: Application,
    form: DeterminationForm,
    *,
    status: int = 200,
    refusal: str = "",
    changes: list[str] | None = None,
) -> HttpResponse:
    drafted = application.draft_determination()
    may_save = application.status == Status.IN_REVIEW and application.reviewer_id == request.user.pk
    return render(
        request,
        "reviewer/determination.html",
        {
            "application": application,
            "form": form,
            "determination": drafted,
            "assigned": drafted.codes.select_related("model", "code") if drafted else [],
            "requested": [row.code.code for row in application.requested_codes.select_related("code")],
            "tag": STATE_TAGS[application.status],
            "may_save": may_save,
            "show_form": may_save or form.is_bound,
            "refusal": refusal,
            "changes": changes,
        },
        status=status,
    )
