"""Many lines checked at once: given, looked over, answered in the background, shown to who knows the address."""

from contextlib import suppress
from datetime import datetime
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import RequestDataTooBig
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, QueryDict, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from pcl.errors import RegisterError
from pcl.models import CheckBatch, CheckFile, CheckState
from pcl.public.paging import address, shown_page
from pcl.public.progress import progress_part
from pcl.public.visitor import network_address
from pcl.queries.check_file.columns import LABELS, NotRecognized, lines_of
from pcl.queries.check_file.kept_file import kept_file
from pcl.queries.check_file.rows import rows_of
from pcl.queries.check_results import (
    IN_ORDER,
    WORDS,
    counts_of,
    result_rows,
    results_as_csv,
    results_as_workbook,
)
from pcl.queries.listing_filter import InstantField
from pcl.queries.parameters import BadParameter, choice_in
from pcl.services.check_allowance import TooManyLines, take_lines
from pcl.services.check_batches import MOST_LINES, delete_batch, keep_batch, start_batch
from pcl.services.check_files import ask_as_of, delete_file, keep_file
from pcl.uploads import check_stored

TAGS = {
    "listed": "good",
    "listed_under_other_code": "waiting",
    "not_listed": "bad",
    "verification_not_required": "info",
    "code_not_valid": "bad",
    "unknown_code": "bad",
    "ambiguous": "waiting",
    "error": "past",
}
PREVIEWED = 5


class BatchForm(forms.Form):
    lines = forms.CharField(
        label="Lines",
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 8, "spellcheck": "false"}),
        help_text="Copied from a spreadsheet, or one line each: code, date of service, manufacturer, product, model "
        "number. A first line may name the columns.",
    )
    upload = forms.FileField(
        label="Or a file",
        required=False,
        allow_empty_file=True,
        help_text="CSV or Excel (.xlsx). Columns are recognized by their names, in any order.",
    )

    # A file that came with a faulty day: it is kept while the day is mended.
    kept = forms.CharField(required=False, max_length=43, widget=forms.HiddenInput)
    as_published = InstantField(
        label="As the list stood on",
        required=False,
        help_text="The end of that day, in US Eastern time. Left empty: as it stands when the lines are checked.",
    )

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        upload = given.get("upload")
        pasted = given.get("lines", "").strip()
        if not upload and not pasted and CheckFile.objects.filter(token=given.get("kept", "")).exists():
            return given
        given["kept"] = ""
        if bool(upload) == bool(pasted):
            raise forms.ValidationError("Paste lines or choose a file, one of the two.")
        if upload and getattr(upload, "is_too_large", False):
            most = settings.CHECK_MAX_BYTES // 1024 // 1024
            self.add_error("upload", f"The file is larger than {most} MB. Split it into several files.")
        try:
            check_stored(upload)
        except forms.ValidationError as error:
            self.add_error("upload", error)
        return given


@csrf_exempt
def new_batch(request: HttpRequest) -> HttpResponse:
    """The form's token stands in the body, which must not be read before its limit is known: so it is checked below."""
    request.upload_limit = settings.CHECK_MAX_BYTES  # type: ignore[attr-defined]
    try:
        bool(request.POST)
    except RequestDataTooBig:
        form = BatchForm()
        return _form(request, form, "The pasted lines are too many for the form. Save them as a file.", status=413)
    response: HttpResponse = _new_batch(request)
    return response


@csrf_protect
@require_http_methods(["GET", "HEAD", "POST"])
def _new_batch(request: HttpRequest) -> HttpResponse:
    if request.method != "POST":
        return _form(request, BatchForm())
    form = BatchForm(request.POST, request.FILES)
    if not form.is_valid():
        too_large = getattr(form.files.get("upload"), "is_too_large", False)
        if set(form.errors) == {"as_published"}:
            form = _with_file_kept(request, form)
        return _form(request, form, status=413 if too_large else 422)
    given = form.cleaned_data
    if given["kept"]:
        ask_as_of(token=given["kept"], as_published=given["as_published"])
        return redirect("public:check_batch", given["kept"])
    try:
        content = given["upload"].read() if given["upload"] else given["lines"].encode()
        token = _kept(request, content, given["as_published"])
    except RegisterError as error:
        form.add_error("upload" if given["upload"] else "lines", str(error))
        return _form(request, form, status=422)
    except TooManyLines as error:
        return _form(request, form, str(error), status=429)
    return redirect("public:check_batch", token)


def _with_file_kept(request: HttpRequest, form: BatchForm) -> BatchForm:
    """The same form, of which only the day is at fault: a browser would ask for the file again, so it is kept."""
    upload = form.cleaned_data.get("upload")
    if not upload:
        return form
    try:
        token = _kept(request, upload.read(), None)
    except (RegisterError, TooManyLines) as error:
        form.add_error("upload", str(error))
        return form
    again = BatchForm(_and(request, kept=token))
    again.is_valid()
    return again


def _and(request: HttpRequest, **more: str) -> QueryDict:
    given = request.POST.copy()
    for name, value in more.items():
        given[name] = value
    return given


def _kept(request: HttpRequest, content: bytes, as_published: datetime | None) -> str:
    """Keep the lines, if the columns are recognized, and the file, so that they can be chosen; the token of both."""
    rows = rows_of(content)
    # A header and what else stands above the lines does not count, but a file ten times too long need not be read.
    if len(rows) > MOST_LINES + 20:
        raise RegisterError(
            f"There are {len(rows):,} lines; at most {MOST_LINES:,} are checked at once. Split the file."
        )
    address = network_address(request)
    try:
        columns, lines = lines_of(rows)
    except NotRecognized:
        told, kept = kept_file(rows)
        take_lines(address=address, count=told.rows)
        return keep_file(told=told, content=kept, batch=None, as_published=as_published).token
    take_lines(address=address, count=len(lines))
    with transaction.atomic():
        batch = keep_batch(rows=lines, columns=columns.told(), as_published=as_published)
        # Of a file with too many columns they cannot be chosen, but what was recognized is checked all the same.
        with suppress(NotRecognized):
            told, kept = kept_file(rows)
            keep_file(told=told, content=kept, batch=batch, as_published=as_published)
    return batch.token


def _form(request: HttpRequest, form: BatchForm, problem: str = "", *, status: int = 200) -> HttpResponse:
    context = {
        "form": form,
        "problem": problem,
        "most_lines": MOST_LINES,
        "most_megabytes": settings.CHECK_MAX_BYTES // 1024 // 1024,
        "kept_hours": settings.CHECK_KEPT_HOURS,
    }
    return render(request, "public/check_batch_new.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def check_batch(request: HttpRequest, token: str) -> HttpResponse:
    """The preview; while it is at work, how far it is; then the answers. A POST starts it.

    Of a file whose columns are not known yet, the page where they are chosen.
    """
    try:
        batch = _batch(token)
    except Http404:
        get_object_or_404(CheckFile.objects.only("pk"), token=token.replace("\x00", ""))
        return redirect("public:check_batch_columns", token)
    if request.method == "POST":
        start_batch(batch=batch)
        return redirect(batch)
    context: dict[str, Any] = {"batch": batch, "kept_hours": settings.CHECK_KEPT_HOURS}
    status = 200
    if batch.state == CheckState.READY:
        context |= _preview(batch)
    elif batch.state == CheckState.AT_WORK:
        context |= {"percent": _percent(batch)}
    elif batch.state == CheckState.DONE:
        status, shown = _results(request, batch)
        context |= shown
    return private(render(request, "public/check_batch.html", context, status=status))


def _preview(batch: CheckBatch) -> dict[str, Any]:
    used = batch.columns.get("used", {})
    return {
        "has_file": CheckFile.objects.filter(token=batch.token).exists(),
        "used": [(label, used[name]) for name, label in LABELS.items() if name in used],
        "missing": [label for name, label in LABELS.items() if name not in used and name != "ref"],
        "first_lines": batch.lines.order_by("number")[:PREVIEWED],
        "faulty": batch.lines.exclude(error="").count(),
        "first_faulty": batch.lines.exclude(error="").order_by("number")[:PREVIEWED],
    }


def _results(request: HttpRequest, batch: CheckBatch) -> tuple[int, dict[str, Any]]:
    error = None
    try:
        chosen = choice_in(request.GET, "answer", ["all", *WORDS], default="all")
    except BadParameter as fault:
        chosen, error = "all", str(fault)
    found = batch.answers.all() if chosen == "all" else batch.answers.filter(answer=chosen)
    page = shown_page(request, found, order=IN_ORDER, rows_of=result_rows(batch))
    for row in page.rows:
        row["tag"] = TAGS[row["answer"]]
    counts = counts_of(batch)
    filters = [
        {"words": words, "count": counts[name], "url": address(request, answer=name), "is_current": chosen == name}
        for name, words in WORDS.items()
        if name in counts
    ]
    shown = {
        "page": page,
        "filters": filters,
        "chosen": chosen,
        "all_url": address(request, answer=None),
        "error": error or page.error,
    }
    return 400 if error or page.error else 200, shown


@require_safe
def progress(request: HttpRequest, token: str) -> HttpResponse:
    """The part of the page that changes while the job is at work; when it is done, the whole page is asked for."""
    batch = _batch(token)
    page_url, is_over = batch.get_absolute_url(), batch.state != CheckState.AT_WORK
    template, percent = "public/check_progress.html", _percent(batch)
    return private(progress_part(request, template, page_url=page_url, is_over=is_over, batch=batch, percent=percent))


@require_safe
def results_csv(request: HttpRequest, token: str) -> HttpResponseBase:
    pieces = results_as_csv(_done(token), site=_site(request))
    response = StreamingHttpResponse(pieces, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="check-answers.csv"'
    return private(response)


@require_safe
def results_xlsx(request: HttpRequest, token: str) -> HttpResponseBase:
    pieces = results_as_workbook(_done(token), site=_site(request))
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    response = StreamingHttpResponse(pieces, content_type=kind)
    response["Content-Disposition"] = 'attachment; filename="check-answers.xlsx"'
    return private(response)


@require_POST
def delete(request: HttpRequest, token: str) -> HttpResponse:
    """Also of a file that has no lines yet."""
    token = token.replace("\x00", "")
    if not delete_file(token=token) or CheckBatch.objects.filter(token=token).exists():
        delete_batch(batch=_batch(token))
    messages.success(request, "The lines and their answers are deleted.")
    return redirect("public:check_batch_new")


def _batch(token: str) -> CheckBatch:
    return get_object_or_404(CheckBatch, token=token.replace("\x00", ""))


def _done(token: str) -> CheckBatch:
    return get_object_or_404(CheckBatch, token=token.replace("\x00", ""), state=CheckState.DONE)


def _percent(batch: CheckBatch) -> int:
    return 100 * batch.done // batch.lines_count


def _site(request: HttpRequest) -> str:
    return request.build_absolute_uri("/").rstrip("/")


def private(response: HttpResponseBase) -> Any:
    """Nobody keeps a copy, and no search engine lists it. (That no other site learns the address: Referrer-Policy.)"""
    response["Cache-Control"] = "private, no-store"
    response["X-Robots-Tag"] = "noindex"
    return response
