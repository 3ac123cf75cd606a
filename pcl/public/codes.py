"""HCPCS codes: the list, and a page for each."""

from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from hcpcs.models import Code
from hcpcs.queries.codes import search_codes
from hcpcs.queries.described_fields import described_fields
from pcl.models import RegisterEntry
from pcl.public.forms import CodeSearchForm, asked_day
from pcl.public.paging import PER_PAGE, shown_page
from pcl.queries.codes import BY_CODE, code_on, code_status
from pcl.queries.keyset import Row
from pcl.queries.listing_filter import ORDERS
from pcl.queries.listing_shown import shown_listings
from pcl.queries.listing_status import with_status
from pcl.queries.requirements import requirement_for


@require_safe
def codes(request: HttpRequest) -> HttpResponse:
    form = CodeSearchForm(request.GET)
    if not form.is_valid():
        return render(request, "public/codes.html", {"form": form}, status=400)
    asked = form.cleaned_data
    on = asked["on"] or timezone.localdate()
    status: Any = asked["status"] or "current"
    found = search_codes(q=asked["q"], on=on, status=status)

    def rows(codes: QuerySet[Code]) -> list[Row]:
        return [
            {"code": code.code, "number": code.pk, "meaning": code, "status": code_status(code, on=on)}
            for code in codes.defer("search")
        ]

    page = shown_page(request, found, order=BY_CODE, rows_of=rows)
    context = {"form": form, "page": page, "on": on, "status": status}
    return render(request, "public/codes.html", context, status=400 if page.error else 200)


@require_safe
def code(request: HttpRequest, code: str) -> HttpResponse:
    if code != code.upper():
        query = request.META.get("QUERY_STRING", "")
        return redirect(f"{reverse('public:code', args=[code.upper()])}{'?' if query else ''}{query}", permanent=True)
    form, on = asked_day(request.GET)
    found = code_on(code, on=on)
    if found is None:
        return render(request, "public/no_such_code.html", {"code": code[:20]}, status=404)
    meaning = found.meaning
    context = {
        "form": form,
        "on": on,
        "code": meaning,
        "status": code_status(meaning, on=on),
        "others": found.others,
        "fields": [(field, isinstance(field.value, date)) for field in described_fields(meaning)],
        "requirement": requirement_for(meaning, on=on),
        "publications": list(meaning.publications.all()),
        **_listings_under(meaning, on=on),
    }
    return render(request, "public/code.html", context, status=200 if form.is_valid() else 400)


def _listings_under(meaning: Code, *, on: date) -> dict[str, object]:
    """The begin of the listings that can be billed under it on the day; where there are none, of all that ever were."""
    ever = RegisterEntry.objects.filter(code=meaning.code, code_meaning=meaning).order_by(*ORDERS["code"].columns)
    rows_of = shown_listings(on=on)
    in_force = rows_of(with_status(ever, "current", on=on)[: PER_PAGE + 1])
    rows = in_force or rows_of(ever[: PER_PAGE + 1])
    return {"listings": rows[:PER_PAGE], "are_in_force": bool(in_force), "has_more": len(rows) > PER_PAGE}
