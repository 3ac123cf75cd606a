"""The checklist: each requirement of each requested code, met or not, and where that is shown."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from verification.models import Application
from verification.queries.checklist import rows
from verification.reviewer.forms import ChecklistForm
from verification.reviewer.people import open_application, person
from verification.reviewer.walk import dossier_address
from verification.reviewer.what_changed import who_changed_it
from verification.reviewer.wording import STATE_TAGS
from verification.services.review import save_findings
from verification.workflow.errors import NotAllowed, Stale, WorkflowError
from verification.workflow.states import Status


@require_http_methods(["GET", "HEAD", "POST"])
def checklist(request: HttpRequest, application_id: int) -> HttpResponse:
    """Saved complete or not, by the assigned reviewer while the application is in review; the others read it."""
    user = person(request)
    application = open_application(application_id)
    if request.method != "POST":
        return _page(request, application, ChecklistForm(application=application, rows=rows(application)))
    form = ChecklistForm(request.POST, application=application, rows=rows(application))
    if not form.is_valid():
        return _page(request, application, form, status=400)
    try:
        save_findings(
            application=application,
            findings=form.findings(),
            by=user,
            seen_version=form.cleaned_data["seen_version"],
        )
    except WorkflowError as error:
        return _refused(request, application_id, form.cleaned_data["seen_version"], error)
    messages.success(request, "The checklist was saved.")
    if "and_back" in request.POST:
        return redirect(dossier_address(request, application_id))
    return redirect(request.get_full_path())


def _refused(request: HttpRequest, application_id: int, seen_version: int, error: WorkflowError) -> HttpResponse:
    application = open_application(application_id)
    typed = request.POST.copy()
    typed["seen_version"] = str(application.version)
    form = ChecklistForm(typed, application=application, rows=rows(application))
    return _page(
        request,
        application,
        form,
        status=403 if isinstance(error, NotAllowed) else 409,
        refusal=str(error),
        changes=who_changed_it(application, seen_version) if isinstance(error, Stale) else [],
    )


def _page(
    request: HttpRequest,
    application: Application,
    form: ChecklistForm,
    *,
    status: int = 200,
    refusal: str = "",
    changes: list[str] | None = None,
) -> HttpResponse:
    may_save = application.status == Status.IN_REVIEW and application.reviewer_id == request.user.pk
    return render(
        request,
        "reviewer/checklist.html",
        {
            "application": application,
            "form": form,
            "codes": list(form.by_code()),
            "open_count": sum(row.is_open for row in form.rows),
            "row_count": len(form.rows),
            "tag": STATE_TAGS[application.status],
            "may_save": may_save,
            # Somebody who was refused still finds the own text, also where it can no longer be saved.
            "show_form": may_save or form.is_bound,
            "refusal": refusal,
            "changes": changes,
            "was_refused": bool(refusal),
        },
        status=status,
    )
