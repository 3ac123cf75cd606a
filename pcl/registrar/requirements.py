"""Requirements are entered and changed here; the public reads them at /requirements/."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from pcl.errors import ChangedMeanwhileError, RegisterError
from pcl.models import Publication, Requirement
from pcl.public.paging import shown_page
from pcl.queries.requirement_filter import RequirementFilter
from pcl.queries.requirements import BY_GROUP, changed_fields, requirement_rows
from pcl.registrar.people import registrar
from pcl.registrar.requirement_form import RequirementForm, RequirementRevisionForm, what_it_says
from pcl.services.requirements import add_requirement, revise_requirement


@require_safe
def requirements(request: HttpRequest) -> HttpResponse:
    given = request.GET.copy()
    given.setdefault("on", timezone.localdate().isoformat())
    # What is revised is what the register says now.
    given.pop("as_published", None)
    asked = RequirementFilter(given, Requirement.objects.all())
    context: dict[str, Any] = {"form": asked.form}
    if not asked.is_valid():
        return render(request, "registrar/requirements.html", context, status=400)
    context["on"] = asked.day
    context["page"] = shown_page(
        request,
        asked.qs,
        order=BY_GROUP,
        rows_of=lambda some: requirement_rows(some, on=asked.day, site=""),
    )
    return render(request, "registrar/requirements.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def requirement_new(request: HttpRequest) -> HttpResponse:
    """A publication's page leads here with `?publication=` and its slug."""
    if request.method != "POST":
        return _page(request, RequirementForm(initial=_ordered_by(request.GET.get("publication", ""))))
    form = RequirementForm(request.POST)
    if not form.is_valid():
        return _page(request, form, status=422)
    try:
        made = add_requirement(said=form.said, reason=form.cleaned_data["reason"], by=registrar(request))
    except RegisterError as error:
        form.add_error(None, str(error))
        return _page(request, form, status=409)
    messages.success(request, f"The requirement for {made.code.code} was entered.")
    return redirect(f"{reverse('registrar:requirements')}?code={made.code.code}")


@require_http_methods(["GET", "HEAD", "POST"])
def requirement_edit(request: HttpRequest, requirement_id: int) -> HttpResponse:
    there = get_object_or_404(Requirement.objects.select_related("code", "publication"), pk=requirement_id)
    if request.method != "POST":
        return _page(request, RequirementRevisionForm(initial=what_it_says(there)), there)
    form = RequirementRevisionForm(request.POST)
    if not form.is_valid():
        return _page(request, form, there, status=422)
    given = form.cleaned_data
    try:
        revise_requirement(
            requirement=there,
            seen_version=given["seen_version"],
            said=form.said,
            reason=given["reason"],
            by=registrar(request),
        )
    except ChangedMeanwhileError as error:
        there.refresh_from_db()
        typed = request.POST.copy()
        typed["seen_version"] = str(there.version)
        return _page(request, RequirementRevisionForm(typed), there, status=409, refusal=str(error))
    except RegisterError as error:
        form.add_error(None, str(error))
        return _page(request, form, there, status=409)
    messages.success(request, f"The requirement for {form.said.code} was changed; what it said before is kept.")
    return redirect(f"{reverse('registrar:requirements')}?code={form.said.code}")


def _ordered_by(slug: str) -> dict[str, Any]:
    publication = Publication.objects.filter(slug=slug).first() if "\x00" not in slug else None
    if publication is None:
        return {}
    source = f"{publication.title}, posted {publication.posted.isoformat()}"
    return {"publication": slug, "source": source[-300:], "snapshot_date": publication.posted.isoformat()}


def _page(
    request: HttpRequest,
    form: RequirementForm,
    requirement: Requirement | None = None,
    *,
    status: int = 200,
    refusal: str = "",
) -> HttpResponse:
    changes = list(requirement.changes.select_related("by").order_by("-version")) if requirement else []
    context = {
        "form": form,
        "requirement": requirement,
        "refusal": refusal,
        "changes": [(change, changed_fields(change)) for change in changes],
    }
    return render(request, "registrar/requirement.html", context, status=status)
