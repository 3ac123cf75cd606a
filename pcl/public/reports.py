"""Tell the registrars that the list has something wrong, or lacks something. Without an account."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from pcl.models import DiscrepancyKind, RegisterEntry
from pcl.public.report_forms import ListingReportForm, MissingReportForm, ReportForm, shown_entry
from pcl.public.report_limit import limit_reached
from pcl.queries.discrepancies import report_with_reference
from pcl.services.discrepancies import file_report


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def report_discrepancy(request: HttpRequest, listing_id: int) -> HttpResponse:
    entry = shown_entry(listing_id)
    if entry is None:
        return render(request, "public/no_such_listing.html", {"listing_id": listing_id}, status=404)
    return _asked(request, ListingReportForm(request.POST or None), entry)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def report_missing(request: HttpRequest) -> HttpResponse:
    # What was looked for in vain comes along.
    initial = {"product": request.GET.get("product", "")[:120], "kind": DiscrepancyKind.MISSING.value}
    return _asked(request, MissingReportForm(request.POST or None, initial=initial), None)


def _asked(request: HttpRequest, form: ReportForm, entry: RegisterEntry | None) -> HttpResponse:
    context = {"form": form, "entry": entry}
    if request.method != "POST":
        return render(request, "public/report.html", context)
    if not form.is_valid():
        return render(request, "public/report.html", context, status=422)
    if limit := limit_reached(request):
        response = render(request, "public/report.html", context | {"limit": limit}, status=429)
        response["Retry-After"] = str(limit.seconds)
        return response
    given = form.cleaned_data
    report = file_report(
        submission=given["submission"],
        kind=DiscrepancyKind(given["kind"]),
        text=given["text"],
        listing=entry.listing if entry else None,
        code=given.get("code", ""),
        about=form.about if isinstance(form, MissingReportForm) else "",
        named=given.get("named", ""),
        evidence_url=given["evidence_url"],
        email=given["email"],
    )
    return redirect("public:report_received", report.reference)


@never_cache
@require_safe
def report_received(request: HttpRequest, reference: str) -> HttpResponse:
    """To whoever knows the reference: that it came and how it ended. Never what was written, or by whom."""
    report = report_with_reference(reference)
    if report is None:
        return render(request, "public/no_such_report.html", {"reference": reference[:20]}, status=404)
    context = {
        "report": report,
        "changes": list(report.changes.order_by("seq")) if not report.is_open else [],
        "permanent_url": request.build_absolute_uri(),
    }
    return render(request, "public/report_received.html", context)
