"""A list of codes that require verification: brought, looked at, entered."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from pcl.errors import RegisterError
from pcl.models import RequirementList
from pcl.queries.listing_filter import DayField
from pcl.queries.requirement_import import plan_import
from pcl.queries.requirement_list import read_list
from pcl.registrar.fields import Text
from pcl.registrar.people import registrar
from pcl.services.import_requirements import LONGEST_SOURCE, bring_list, enter_list
from pcl.uploads import check_received

# The contractor's list has 45 kB.
LIST_MAX_BYTES = 2 * 1024 * 1024
SHOWN_LISTS = 20


class ListForm(forms.Form):
    upload = forms.FileField(
        label="File",
        allow_empty_file=True,
        help_text="CSV with the columns HCPCS and LCD; other columns are not read. At most 2 MB.",
    )
    snapshot_date = DayField(label="The list said so on", help_text="The day of the list. It names no dates itself.")
    source = Text(
        label="Source",
        max_length=LONGEST_SOURCE,
        help_text="Which list it is and where it was obtained; shown to everybody beside each code.",
    )

    def clean_upload(self) -> Any:
        upload = self.cleaned_data["upload"]
        check_received(upload, too_large="The file is larger than 2 MB, so it is no list of codes.")
        return upload


@csrf_exempt
def requirements_import(request: HttpRequest) -> HttpResponse:
    """The form's token stands in the body, which must not be read before its limit is known: so it is checked below."""
    request.upload_limit = LIST_MAX_BYTES  # type: ignore[attr-defined]
    response: HttpResponse = _bring(request)
    return response


@csrf_protect
@require_http_methods(["GET", "HEAD", "POST"])
def _bring(request: HttpRequest) -> HttpResponse:
    if request.method != "POST":
        return _page(request, ListForm())
    form = ListForm(request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, form, status=422)
    given = form.cleaned_data
    try:
        brought = bring_list(
            content=given["upload"].read(),
            file_name=given["upload"].name,
            source=given["source"],
            snapshot_date=given["snapshot_date"],
            by=registrar(request),
        )
    except RegisterError as error:
        form.add_error(None, str(error))
        return _page(request, form, status=422)
    return redirect("registrar:requirement_list", brought.pk)


def _page(request: HttpRequest, form: ListForm, *, status: int = 200) -> HttpResponse:
    lists = RequirementList.objects.select_related("brought_by", "entered_by").defer("text")[:SHOWN_LISTS]
    return render(request, "registrar/requirements_import.html", {"form": form, "lists": lists}, status=status)


@require_safe
def requirement_list(request: HttpRequest, list_id: int) -> HttpResponse:
    """What entering the list would do now; of one that was entered, what is left to do."""
    brought = get_object_or_404(RequirementList.objects.select_related("brought_by", "entered_by"), pk=list_id)
    plan = plan_import(read_list(brought.text), snapshot_date=brought.snapshot_date)
    return render(request, "registrar/requirement_list.html", {"brought": brought, "plan": plan})


@require_POST
def requirement_list_enter(request: HttpRequest, list_id: int) -> HttpResponse:
    brought = get_object_or_404(RequirementList, pk=list_id)
    try:
        plan = enter_list(brought=brought, by=registrar(request))
    except RegisterError as error:
        messages.error(request, str(error))
    else:
        added = f"{len(plan.to_add):,} code{'' if len(plan.to_add) == 1 else 's'}"
        messages.success(request, f"{added} added, {len(plan.earlier):,} dated back to this list.")
    return redirect("registrar:requirement_list", list_id)
