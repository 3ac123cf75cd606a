"""One wish to load a release: how far it is, what it would do, and what it did."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from hcpcs.models import ImportState, ReleaseImport
from hcpcs.services.release_imports import ReleaseImportError, confirm_import, discard_import, read_as
from pcl.public.progress import progress_part
from pcl.queries.release_import_csv import report_as_csv
from pcl.registrar.forms import PeriodForm
from pcl.registrar.people import registrar
from pcl.registrar.report_shown import shown_report

TAGS: dict[str, str] = {
    ImportState.READING: "info",
    ImportState.READY: "waiting",
    ImportState.CONFIRMED: "info",
    ImportState.LOADED: "good",
    ImportState.FAILED: "bad",
    ImportState.DISCARDED: "past",
}


@require_safe
def release_import(request: HttpRequest, import_id: int) -> HttpResponse:
    return _page(request, _asked(import_id))


@require_safe
def progress(request: HttpRequest, import_id: int) -> HttpResponse:
    """The part of the page that changes while a job is at work; when it is done, the whole page is asked for."""
    asked = _asked(import_id)
    page_url = reverse("registrar:release_import", args=[asked.pk])
    is_over, percent = not asked.is_at_work, _percent(asked)
    return progress_part(
        request, "registrar/progress.html", page_url=page_url, is_over=is_over, asked=asked, percent=percent
    )


@require_POST
def confirm(request: HttpRequest, import_id: int) -> HttpResponse:
    asked = _asked(import_id)
    return _act(request, asked, lambda: confirm_import(release_import=asked, by=registrar(request)))


@require_POST
def read_file_as(request: HttpRequest, import_id: int) -> HttpResponse:
    """The same file, as another release than its name says."""
    asked = _asked(import_id)
    form = PeriodForm(request.POST)
    if not form.is_valid():
        return _page(request, asked, form)
    return _act(request, asked, lambda: read_as(release_import=asked, **form.period))


@require_POST
def discard(request: HttpRequest, import_id: int) -> HttpResponse:
    asked = _asked(import_id)
    return _act(request, asked, lambda: discard_import(release_import=asked))


@require_safe
def report_csv(request: HttpRequest, import_id: int) -> HttpResponseBase:
    asked = _asked(import_id)
    response = StreamingHttpResponse(report_as_csv(asked), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="release-import-{asked.pk}.csv"'
    return response


def _page(request: HttpRequest, asked: ReleaseImport, form: PeriodForm | None = None) -> HttpResponse:
    context = {"asked": asked, "tag": TAGS[asked.state], "percent": _percent(asked)}
    if asked.counts and not asked.is_at_work:
        context["report"] = shown_report(request, asked)
    if asked.file and asked.state in {ImportState.READY, ImportState.FAILED}:
        given = {name: getattr(asked, name) for name in ("year", "quarter", "revision")}
        context["form"] = form or PeriodForm(initial={**given, "is_excerpt": not asked.is_complete})
    return render(request, "registrar/release_import.html", context, status=422 if form else 200)


def _act(request: HttpRequest, asked: ReleaseImport, act: Callable[[], object]) -> HttpResponse:
    try:
        act()
    except ReleaseImportError as error:
        messages.error(request, str(error))
    return redirect("registrar:release_import", asked.pk)


def _asked(import_id: int) -> ReleaseImport:
    return get_object_or_404(ReleaseImport.objects.select_related("asked_by", "confirmed_by", "release"), pk=import_id)


def _percent(asked: ReleaseImport) -> int | None:
    return min(100, 100 * asked.done // asked.total) if asked.total else None
