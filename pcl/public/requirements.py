"""Which codes need a verified product."""

from typing import Any
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from pcl.api.exports import begun
from pcl.api.read_view import site_of
from pcl.csv_files import csv_headers
from pcl.models import Requirement
from pcl.public.paging import address, shown_page
from pcl.queries.keyset import Row
from pcl.queries.requirement_export import requirements_as_csv
from pcl.queries.requirement_filter import RequirementFilter
from pcl.queries.requirements import BY_GROUP, grouped, requirement_rows

# All that CMS has ever required fit, so that the list can be read and printed as one.
REQUIREMENTS_PER_PAGE = 300
NARROWING = ("q", "code", "group")


@require_safe
def requirements(request: HttpRequest) -> HttpResponse:
    given = request.GET.copy()
    # The day that an empty one means; of a list of another day, that day.
    if not given.get("as_published"):
        given.setdefault("on", timezone.localdate().isoformat())
    asked = RequirementFilter(given, Requirement.objects.all())
    context: dict[str, Any] = {"form": asked.form}
    if not asked.is_valid():
        return render(request, "public/requirements.html", context, status=400)
    on, instant = asked.day, asked.instant
    moment = {"on": on.isoformat()} | ({"as_published": request.GET["as_published"]} if instant else {})

    def rows(some: QuerySet[Any]) -> list[Row]:
        shown = requirement_rows(some, on=on, site="")
        for row in shown:
            row["code_url"] = f"{row['url']}?{urlencode(moment)}"
        return shown

    page = shown_page(request, asked.qs, order=BY_GROUP, rows_of=rows, limit=REQUIREMENTS_PER_PAGE)
    query = address(request).partition("?")[2]
    context |= {
        "page": page,
        "on": on,
        "instant": instant,
        "grouped": grouped(page.rows),
        "presumed_count": sum(row["presumed"] for row in page.rows),
        "is_narrowed": any(request.GET.get(name, "").strip() for name in NARROWING),
        "wider_url": address(request, **dict.fromkeys(NARROWING)),
        "csv_url": f"{reverse('public:requirements_csv')}{'?' if query else ''}{query}",
        "api_url": f"{reverse('api:requirements')}{'?' if query else ''}{query}",
    }
    return render(request, "public/requirements.html", context, status=400 if page.error else 200)


@require_safe
def requirements_csv(request: HttpRequest) -> HttpResponseBase:
    """All that the page would show, never cut; the parameters of the page."""
    asked = RequirementFilter(request.GET, Requirement.objects.all())
    if not asked.is_valid():
        faults = [f"{name}: {fault}" for name, faults in asked.errors.items() for fault in faults]
        return HttpResponse("\n".join(faults), status=400, content_type="text/plain; charset=utf-8")
    pieces = requirements_as_csv(asked.qs, order=BY_GROUP, on=asked.day, site=site_of(request))
    return StreamingHttpResponse(
        # Nobody would read what PostgreSQL had begun to send.
        begun(pieces) if request.method != "HEAD" else iter(()),
        headers=csv_headers("requirements.csv"),
    )
