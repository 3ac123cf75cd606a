"""The reports: pictures, each with its table and as CSV, of any period, product group and kind."""

from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from pcl.csv_files import csv_headers, csv_lines, faults_as_text
from verification.models import ApplicationKind
from verification.product_groups.titles import group_title
from verification.queries.reports import BY_KEY, REPORTS, Scope
from verification.reviewer.forms.reports import ReportsForm, shortcuts
from verification.reviewer.report_charts import column_chart, table_rows


@require_safe
def reports(request: HttpRequest) -> HttpResponse:
    form = ReportsForm(request.GET)
    if not form.is_valid():
        return render(request, "reviewer/reports.html", {"form": form, "shortcuts": _shortcuts({})}, status=400)
    scope = form.scope
    query = urlencode(_said(scope))
    shown = []
    for report in REPORTS:
        figures = report.figures(scope)
        shown.append(
            {
                "report": report,
                "figures": figures,
                "is_empty": figures.is_empty,
                "chart": column_chart(figures),
                "rows": table_rows(figures),
                "csv": f"{reverse('review:report_csv', args=[report.key])}?{query}",
            }
        )
    context = {
        # Shown as it was understood: with the days that were not given.
        "form": ReportsForm(_said(scope)),
        "scope": scope,
        "of": _of(scope),
        "shown": shown,
        "shortcuts": _shortcuts({"group": scope.group, "kind": scope.kind}, scope),
        "at": timezone.now(),
    }
    return render(request, "reviewer/reports.html", context)


def _of(scope: Scope) -> list[str]:
    group = [group_title(scope.group)] if scope.group else []
    return [*group, ApplicationKind(scope.kind).label] if scope.kind else group


def _said(scope: Scope) -> dict[str, str]:
    said = {"first": scope.first.isoformat(), "last": scope.last.isoformat(), "group": scope.group, "kind": scope.kind}
    return {name: value for name, value in said.items() if value}


def _shortcuts(others: dict[str, str], scope: Scope | None = None) -> list[tuple[str, str, bool]]:
    """Name, address, and whether it is the period shown; the other choices stay."""
    kept = {name: value for name, value in others.items() if value}
    return [
        (
            name,
            f"?{urlencode({'first': first.isoformat(), 'last': last.isoformat(), **kept})}",
            scope is not None and (scope.first, scope.last) == (first, last),
        )
        for name, first, last in shortcuts()
    ]


@require_safe
def report_csv(request: HttpRequest, key: str) -> HttpResponse | StreamingHttpResponse:
    """One report's table, of what the page shows for the same address."""
    if key not in BY_KEY:
        raise Http404(f"There is no report “{key}”. There are {', '.join(BY_KEY)}.")
    form = ReportsForm(request.GET)
    if not form.is_valid():
        return faults_as_text(form)
    scope = form.scope
    figures = BY_KEY[key].figures(scope)
    name = f"report-{key}-{scope.first.isoformat()}-{scope.last.isoformat()}.csv"
    return StreamingHttpResponse(
        csv_lines([figures.columns, *figures.rows]),
        headers=csv_headers(name),
    )
