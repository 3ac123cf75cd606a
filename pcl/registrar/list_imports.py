"""An existing list to be imported: brought, looked at, confirmed, and its report."""

import csv
import io
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from pcl.errors import RegisterError
from pcl.models import ListImport
from pcl.public.paging import shown_page
from pcl.public.progress import progress_part
from pcl.queries.list_file.columns import LABELS
from pcl.queries.list_imports import NEWEST_FIRST, import_rows, list_report_as_csv
from pcl.queries.list_imports import list_imports as all_list_imports
from pcl.registrar.list_form import ListForm
from pcl.registrar.list_report import TAGS, shown_list_report
from pcl.registrar.people import registrar
from pcl.services.list_imports import ask_for_list_import, confirm_list_import, decide_names, discard_list_import
from pcl.services.read_list import MOST_ROWS
from pcl.uploads import NotStoredError

SHOWN_IMPORTS = 50


@require_safe
def list_imports(request: HttpRequest) -> HttpResponse:
    page = shown_page(request, all_list_imports(), order=NEWEST_FIRST, rows_of=import_rows, limit=SHOWN_IMPORTS)
    for row in page.rows:
        row["tag"] = TAGS[row["list_import"].state]
    return render(request, "registrar/list_imports.html", {"page": page})


@csrf_exempt
def list_import_new(request: HttpRequest) -> HttpResponse:
    """The form's token stands in the body, which must not be read before its limit is known: so it is checked below."""
    request.upload_limit = settings.LIST_MAX_BYTES  # type: ignore[attr-defined]
    response: HttpResponse = _bring(request)
    return response


@csrf_protect
@require_http_methods(["GET", "HEAD", "POST"])
def _bring(request: HttpRequest) -> HttpResponse:
    form = ListForm(request.POST, request.FILES) if request.method == "POST" else ListForm()
    if form.is_bound and form.is_valid():
        try:
            return redirect(ask_for_list_import(by=registrar(request), **form.cleaned_data))
        except NotStoredError as error:
            form.add_error("upload", str(error))
    context = {
        "form": form,
        "most_megabytes": settings.LIST_MAX_BYTES // 1024 // 1024,
        "most_rows": MOST_ROWS,
        "labels": LABELS,
    }
    return render(request, "registrar/list_import_new.html", context, status=422 if form.is_bound else 200)


@require_safe
def list_import(request: HttpRequest, import_id: int) -> HttpResponse:
    asked = _asked(import_id)
    context: dict[str, Any] = {"asked": asked, "tag": TAGS[asked.state]}
    if asked.counts and not asked.is_at_work:
        context |= shown_list_report(request, asked)
    return render(request, "registrar/list_import.html", context)


@require_safe
def list_import_progress(request: HttpRequest, import_id: int) -> HttpResponse:
    """The part of the page that changes while a job is at work; when it is done, the whole page is asked for."""
    asked = _asked(import_id)
    page_url, is_over = asked.get_absolute_url(), not asked.is_at_work
    return progress_part(request, "registrar/list_progress.html", page_url=page_url, is_over=is_over, asked=asked)


@require_POST
def list_import_decide(request: HttpRequest, import_id: int) -> HttpResponse:
    """Each `name-<id>` says `same` or `another`."""
    given = [(key.removeprefix("name-"), value) for key, value in request.POST.items() if key.startswith("name-")]
    # An id has at most 18 digits here; longer ones are nobody's.
    choices = {int(pk): str(value) for pk, value in given if pk.isascii() and pk.isdigit() and len(pk) < 19}
    asked = _asked(import_id)
    return _act(request, asked, lambda: decide_names(list_import=asked, choices=choices))


@require_POST
def list_import_confirm(request: HttpRequest, import_id: int) -> HttpResponse:
    asked = _asked(import_id)
    without = request.POST.get("without_bad_rows") == "on"
    return _act(
        request, asked, lambda: confirm_list_import(list_import=asked, by=registrar(request), without_bad_rows=without)
    )


@require_POST
def list_import_discard(request: HttpRequest, import_id: int) -> HttpResponse:
    asked = _asked(import_id)
    return _act(request, asked, lambda: discard_list_import(list_import=asked))


@require_safe
def list_import_report(request: HttpRequest, import_id: int) -> HttpResponseBase:
    asked = _asked(import_id)
    response = StreamingHttpResponse(list_report_as_csv(asked), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="list-import-{asked.pk}.csv"'
    return response


@require_safe
def list_template(request: HttpRequest) -> HttpResponse:
    """The columns' names alone: an example row might be imported."""
    line = io.StringIO()
    csv.writer(line).writerow([label for name, label in LABELS.items() if name != "dates"])
    # With a byte order mark, so that a spreadsheet keeps accents when it saves it again.
    response = HttpResponse("\ufeff" + line.getvalue(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="list-template.csv"'
    return response


def _act(request: HttpRequest, asked: ListImport, act: Callable[[], object]) -> HttpResponse:
    try:
        act()
    except RegisterError as error:
        messages.error(request, str(error))
    return redirect(asked)


def _asked(import_id: int) -> ListImport:
    asked = ListImport.objects.select_related("asked_by", "confirmed_by", "progress")
    return get_object_or_404(asked, pk=import_id)
