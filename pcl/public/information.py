"""Pages that explain: what programs can have, and who decides what."""

from datetime import date

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from pcl.api.read_view import site_of
from pcl.queries.change_feed import last_change
from pcl.queries.listing_columns import listing_columns
from pcl.queries.listing_export import SCHEMA_VERSION


@require_safe
def data(request: HttpRequest) -> HttpResponse:
    today: date = timezone.localdate()
    context = {
        "columns": listing_columns(on=today, site=""),
        "schema_version": SCHEMA_VERSION,
        "last_change": last_change(),
        "site": site_of(request),
        "today": today,
    }
    return render(request, "public/data.html", context)


@require_safe
def about(request: HttpRequest) -> HttpResponse:
    return render(request, "public/about.html")
