"""Which codes need a verified product."""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from pcl.public.forms import asked_day
from pcl.public.paging import shown_page
from pcl.queries.keyset import Row
from pcl.queries.requirements import BY_CODE, requirement_rows, requirements_on


@require_safe
def requirements(request: HttpRequest) -> HttpResponse:
    form, on = asked_day(request.GET)
    if not form.is_valid():
        return render(request, "public/requirements.html", {"form": form}, status=400)
    found = requirements_on(on)

    def rows(some: QuerySet[Any]) -> list[Row]:
        return requirement_rows(some, site="")

    page = shown_page(request, found, order=BY_CODE, rows_of=rows)
    context = {"form": form, "page": page, "on": on}
    return render(request, "public/requirements.html", context, status=400 if page.error else 200)
