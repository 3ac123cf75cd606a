"""The registrars' inbox of discrepancy reports, and the page of each."""

from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from pcl.errors import RegisterError
from pcl.models import DiscrepancyKind, DiscrepancyReport
from pcl.public.paging import address, shown_page
from pcl.queries.discrepancies import (
    beside,
    changes_to_choose,
    order_of,
    reports,
    state_counts,
    steps_of,
)
from pcl.queries.keyset import Row
from pcl.registrar.discrepancy_forms import STATES, CloseForm, InboxForm, NoteForm, ReopenForm
from pcl.registrar.people import registrar
from pcl.services.discrepancies import (
    Stale,
    add_note,
    answer_mail,
    close_report,
    refuse_impossible_outcome,
    reopen_report,
)


@require_safe
def discrepancies(request: HttpRequest) -> HttpResponse:
    form = InboxForm(request.GET)
    if not form.is_valid():
        return render(request, "registrar/discrepancies.html", {"form": form}, status=400)
    asked = form.asked
    page = shown_page(request, reports(**asked), order=order_of(asked["state"]), rows_of=_rows)
    counts = state_counts(kind=asked["kind"], code=asked["code"], q=asked["q"])
    context = {
        "form": form,
        "page": page,
        "state": asked["state"],
        "states": [(key, label, counts[key], address(request, state=key)) for key, label in STATES],
        "is_narrowed": bool(asked["kind"] or asked["code"] or asked["q"]),
    }
    return render(request, "registrar/discrepancies.html", context, status=400 if page.error else 200)


def _rows(found: QuerySet[Any]) -> list[Row]:
    return [
        {
            "id": report.pk,
            "is_closed": report.is_closed,
            "received_at": report.received_at.isoformat(),
            "closed_at": report.closed_at.isoformat() if report.closed_at else None,
            "report": report,
        }
        for report in found
    ]


@require_http_methods(["GET", "HEAD", "POST"])
def discrepancy(request: HttpRequest, report_id: int) -> HttpResponse:
    report = get_object_or_404(reports(state="all").select_related("duplicate_of"), pk=report_id)
    acts = {"note": _note, "close": _close, "reopen": _reopen}
    act = acts.get(request.POST.get("act", ""))
    if request.method == "POST" and act is not None:
        return act(request, report)
    if request.method == "POST":
        messages.error(request, "Nothing was done. Choose one of the buttons of this page.")
        return redirect(report)
    return _shown(request, report)


def _note(request: HttpRequest, report: DiscrepancyReport) -> HttpResponse:
    form = NoteForm(request.POST)
    if not form.is_valid():
        return _shown(request, report, note_form=form, status=422)
    add_note(report=report, note=form.cleaned_data["note"], by=registrar(request))
    messages.success(request, "Your note is kept.")
    return redirect(report)


def _reopen(request: HttpRequest, report: DiscrepancyReport) -> HttpResponse:
    form = ReopenForm(request.POST)
    if not form.is_valid():
        return _shown(request, report, reopen_form=form, status=422)
    try:
        reopen_report(report=report, by=registrar(request), **form.cleaned_data)
    except Stale as error:
        return _stale(request, report, error, form.cleaned_data["note"])
    messages.success(request, "The report is open again.")
    return redirect(report)


def _close(request: HttpRequest, report: DiscrepancyReport) -> HttpResponse:
    """First a preview of what will be kept and mailed; what it shows is sent back and decided."""
    form = _close_form(request, report)
    if not form.is_valid() or "change" in request.POST:
        return _shown(request, report, close_form=form, status=422 if form.errors else 200)
    decision, note = form.decision, form.cleaned_data["note"]
    try:
        refuse_impossible_outcome(report=report, **decision)
        if "confirm" in request.POST:
            seen_version = form.cleaned_data["seen_version"]
            close_report(report=report, seen_version=seen_version, note=note, by=registrar(request), **decision)
            messages.success(request, f"{report.reference} is closed.")
            return redirect("registrar:discrepancies")
    except Stale as error:
        return _stale(request, report, error, note)
    except RegisterError as error:
        form.add_error(None, str(error))
        return _shown(request, report, close_form=form, status=422)
    mail = answer_mail(report=report, answer=decision["answer"]) if decision["answer"] else None
    context = {
        "report": report,
        "decision": decision,
        "note": note,
        "mail": mail,
        "sent_back": _sent(request),
    }
    return render(request, "registrar/discrepancy_preview.html", context)


def _sent(request: HttpRequest) -> list[tuple[str, str]]:
    left_out = {"csrfmiddlewaretoken", "confirm", "change", "preview"}
    return [(name, value) for name, values in request.POST.lists() if name not in left_out for value in values]


def _stale(request: HttpRequest, report: DiscrepancyReport, error: Stale, typed: str) -> HttpResponse:
    report.refresh_from_db()
    return _shown(request, report, stale=str(error), typed=typed, status=409)


def _close_form(
    request: HttpRequest, report: DiscrepancyReport, *, typed: str = "", is_asked: bool = True
) -> CloseForm:
    to_choose = changes_to_choose(report, listing_id=_listing_asked(request))
    initial = {"seen_version": report.version, "note": typed}
    return CloseForm(request.POST if is_asked else None, report=report, to_choose=to_choose, initial=initial)


def _listing_asked(request: HttpRequest) -> int | None:
    """The listing whose changes a report on something missing is answered with."""
    text = (request.POST.get("resulting") or request.GET.get("resulting") or "").strip()
    return int(text) if text.isascii() and text.isdigit() and len(text) < 18 else None


def _shown(request: HttpRequest, report: DiscrepancyReport, *, status: int = 200, **context: Any) -> HttpResponse:
    shown = {
        "report": report,
        "is_missing": report.kind == DiscrepancyKind.MISSING,
        "steps": steps_of(report),
        "entry": report.listing.entry if report.listing else None,
        "beside": beside(report),
        "changes": list(report.changes.order_by("seq")),
        "resulting": _listing_asked(request),
        "note_form": NoteForm(initial={"seen_version": report.version}),
        "reopen_form": ReopenForm(initial={"seen_version": report.version}),
        **context,
    }
    if report.is_open and "close_form" not in shown:
        shown["close_form"] = _close_form(request, report, typed=context.get("typed", ""), is_asked=False)
    return render(request, "registrar/discrepancy.html", shown, status=status)
