"""One section of a draft: shown, saved complete or not, and kept when somebody else was quicker."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render

from verification.applicant.attachments import attachments
from verification.applicant.forms.documents import DocumentsForm
from verification.applicant.forms.section_form import SectionForm
from verification.applicant.sections import Section, progress, sections_of
from verification.applicant.views.request import CONFLICT, UNPROCESSABLE, ApplicantRequest, seen_version
from verification.applicant.views.typed_text import gives_back_what_was_typed
from verification.models import Application
from verification.queries.applications import own_application
from verification.workflow.errors import NotFromHere, Stale


@gives_back_what_was_typed
def section(request: ApplicantRequest, application_id: int, section: str) -> HttpResponse:
    application = own_application(request.user, application_id)
    chosen = next((each for each in sections_of(application) if each.key == section), None)
    if chosen is None:
        raise Http404
    if not application.is_open_draft and request.method != "POST":
        return redirect(application)
    if chosen.form is None:
        return _documents(request, application, chosen)
    if request.method != "POST":
        return _page(request, application, chosen, chosen.form(application=application))
    return _save(request, application, chosen, chosen.form(request.POST, application=application))


def _save(request: ApplicantRequest, application: Application, chosen: Section, form: SectionForm) -> HttpResponse:
    seen = seen_version(request)
    if not form.is_valid():
        return _page(request, application, chosen, form, seen=seen, status=UNPROCESSABLE)
    try:
        # Nothing new to save takes no signature back, and a double click is no conflict.
        if not application.is_open_draft or form.differences(application):
            form.save(seen_version=seen)
    except Stale:
        now = own_application(request.user, application.pk)
        changed = form.differences(now)
        if changed:
            return _page(request, now, chosen, form, status=CONFLICT, differences=changed)
    except NotFromHere:
        return _page(request, application, chosen, form, status=CONFLICT, is_closed=True)
    for note in form.notes():
        messages.info(request, note)
    return _go_on(request, application, chosen, f"{chosen.title}: saved.")


def _documents(request: ApplicantRequest, application: Application, chosen: Section) -> HttpResponse:
    if request.method != "POST":
        return _page(request, application, chosen, DocumentsForm(application=application))
    form = DocumentsForm(request.POST, request.FILES, application=application)
    form.is_valid()
    try:
        attached = form.attach(by=request.user)
    except NotFromHere:
        return _page(request, application, chosen, form, status=CONFLICT, is_closed=True)
    said = f"{attached} file{'' if attached == 1 else 's'} attached." if attached else ""
    if form.errors:
        now = own_application(request.user, application.pk)
        return _page(request, now, chosen, form, status=UNPROCESSABLE, attached_now=said)
    return _go_on(request, application, chosen, said)


def _go_on(request: ApplicantRequest, application: Application, chosen: Section, said: str) -> HttpResponse:
    if said:
        messages.success(request, said)
    # What was just said may have added a section, or taken one away.
    sections = sections_of(own_application(request.user, application.pk))
    later = sections[sections.index(chosen) + 1 :] if chosen in sections else []
    if "continue" in request.POST and later:
        return redirect("apply:section", application.pk, later[0].key)
    return redirect(application)


def _page(
    request: ApplicantRequest,
    application: Application,
    chosen: Section,
    form: SectionForm | DocumentsForm,
    *,
    seen: int | None = None,
    status: int = 200,
    **more: Any,
) -> HttpResponse:
    """`seen`: the version to save over; without one the newest, which the page shows."""
    every = progress(application)
    context = {
        "application": application,
        "section": chosen,
        "number": [each.section for each in every].index(chosen) + 1,
        "sections": len(every),
        "form": form,
        "seen_version": application.version if seen is None else seen,
        "progress": next(each for each in every if each.section is chosen),
        "elsewhere": sum(len(each.gaps) for each in every if each.section is not chosen),
        **more,
    }
    if isinstance(form, DocumentsForm):
        context["most_megabytes"] = settings.DOCUMENT_MAX_BYTES // (1024 * 1024)
        context["most_documents"] = settings.DOCUMENTS_MAX_PER_APPLICATION
        context["most_megabytes_together"] = settings.DOCUMENTS_MAX_BYTES_PER_APPLICATION // (1024 * 1024)
        context["needed"] = {gap.field for each in every if each.section is chosen for gap in each.gaps}
        context["rows"] = [(row, form[row.kind.key]) for row in attachments(application)]
    return render(request, f"applicant/sections/{chosen.key}.html", context, status=status)
