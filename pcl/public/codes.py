"""HCPCS codes: the search with its facets, and a page for each."""

from datetime import date, datetime
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase, QueryDict, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from hcpcs.models import Code, Kind
from hcpcs.queries.code_facets import FACETS, Facet, facet_meaning
from pcl.api.exports import begun
from pcl.api.read_view import site_of
from pcl.csv_files import csv_headers, faults_as_text
from pcl.dates import instant_in_words
from pcl.models import RegisterEntry
from pcl.public.code_links import links_for
from pcl.public.code_shown import code_facts, found_rows, named_beside, own_address
from pcl.public.fees import fee_section
from pcl.public.forms import CODE_STATUSES, CodeSearchForm
from pcl.public.moment import asked_clocks, asked_moment, leading_on
from pcl.public.paging import PER_PAGE, address, shown_page
from pcl.public.search import Chip
from pcl.public.statistics import code_course
from pcl.queries.code_export import codes_as_csv
from pcl.queries.code_search import CodeSearch
from pcl.queries.codes import BY_CODE, code_on
from pcl.queries.listing_filter import ORDERS, shown_as_of
from pcl.queries.listing_shown import shown_listings
from pcl.queries.listing_status import with_status
from pcl.queries.requirements import requirement_for, revisions_of

# How many values of a facet are in sight at once; the others unfold.
SHOWN_VALUES = 8


@require_safe
def codes(request: HttpRequest) -> HttpResponse:
    form = CodeSearchForm(request.GET)
    if not form.is_valid():
        return render(request, "public/codes.html", {"form": form}, status=400)
    search = CodeSearch(**form.search)
    page = shown_page(request, search.found, order=BY_CODE, rows_of=found_rows(search))
    facets = search.facets
    query = address(request).partition("?")[2]
    context = {
        "form": form,
        "page": page,
        "count": _exact_count(facets, search),
        "on": search.on,
        "status": search.status,
        "facets": [_offered(request, facet, search) for facet in facets],
        "chips": _chips(request, search),
        "csv_url": f"{reverse('public:codes_csv')}{'?' if query else ''}{query}",
        "api_url": f"{reverse('api:codes')}{'?' if query else ''}{query}",
        "any_time_url": address(request, status="all"),
    }
    return render(request, "public/codes.html", context, status=400 if page.error else 200)


def _exact_count(facets: list[Facet], search: CodeSearch) -> int:
    """Every code is in one group: what the groups count is all that was found."""
    group = next(facet for facet in facets if facet.name == "group")
    chosen = search.chosen.get("group")
    return sum(each.count for each in group.values if chosen in {None, each.value})


def _offered(request: HttpRequest, facet: Facet, search: CodeSearch) -> dict[str, object]:
    chosen = search.chosen.get(facet.name)
    values = [
        {
            "said": each,
            "is_chosen": each.value == chosen,
            "url": address(request, **{facet.name: None if each.value == chosen else each.value}),
        }
        for each in facet.values
    ]
    # The chosen one stays in sight.
    values.sort(key=lambda each: not each["is_chosen"])
    return {"facet": facet, "first": values[:SHOWN_VALUES], "others": values[SHOWN_VALUES:]}


def _chips(request: HttpRequest, search: CodeSearch) -> list[Chip]:
    chips = [Chip("Words", search.q, address(request, q=None))] if search.q else []
    if search.status != "current":
        chips.append(Chip("Status", dict(CODE_STATUSES)[search.status], address(request, status=None)))
    if request.GET.get("on"):
        chips.append(Chip("Date of service", search.on.isoformat(), address(request, on=None)))
    for name, value in search.chosen.items():
        meaning = facet_meaning(name, value)
        said = meaning if value == meaning.lower() else f"{value} {meaning}".strip()
        chips.append(Chip(FACETS[name][0], said, address(request, **{name: None})))
    return chips


@require_safe
def codes_csv(request: HttpRequest) -> HttpResponseBase:
    """All that the search finds, never cut; the parameters of the page."""
    form = CodeSearchForm(request.GET)
    if not form.is_valid():
        return faults_as_text(form)
    search = CodeSearch(**form.search)
    pieces = codes_as_csv(search.found, order=BY_CODE, on=search.on, site=site_of(request))
    return StreamingHttpResponse(
        # Nobody would read what PostgreSQL had begun to send.
        begun(pieces) if request.method != "HEAD" else iter(()),
        headers=csv_headers("codes.csv"),
    )


@require_safe
def code(request: HttpRequest, code: str) -> HttpResponse:
    form, on, instant = asked_moment(request.GET)
    found = code_on(code, on=on)
    is_modifier = found is not None and found.meaning.kind == Kind.MODIFIER
    if elsewhere := own_address(request, code, "modifier" if is_modifier else "code"):
        return redirect(elsewhere, permanent=True)
    if found is None:
        return render(request, "public/no_such_code.html", {"code": code[:20]}, status=404)
    meaning = found.meaning
    facts: dict[str, Any] = code_facts(found, on=on)
    requirement = requirement_for(meaning, on=on, instant=instant)
    context = {
        "form": form,
        "instant": instant,
        "as_said": instant_in_words(instant) if instant else "",
        "given": f"&{clocks}" if (clocks := asked_clocks(request.GET)) else "",
        **facts,
        "beside": named_beside(meaning, facts["record"].cross_references),
        "requirement": requirement,
        "revisions": revisions_of(requirement.requirement, instant=instant) if requirement else [],
        "publications": list(meaning.publications.all()),
        "code_links": links_for(meaning.code),
        **_listings_under(meaning, request.GET, on=on, instant=instant),
        **fee_section(meaning, on=on),
        **code_course(meaning.code),
    }
    return render(request, "public/code.html", context, status=200 if form.is_valid() else 400)


def _listings_under(meaning: Code, given: QueryDict, *, on: date, instant: datetime | None) -> dict[str, object]:
    """The begin of the listings that can be billed under it on the day, by the list of `instant` (None for now).

    Where there are none, of all that ever stood under it by that list.
    """
    shown = shown_as_of(instant, now=RegisterEntry.objects.all())
    ever = shown.filter(code=meaning.code, code_meaning=meaning).order_by(*ORDERS["code"].columns)
    rows_of = shown_listings(on=on)
    in_force = rows_of(with_status(ever, "current", on=on)[: PER_PAGE + 1])
    rows = in_force or rows_of(ever[: PER_PAGE + 1])
    return {
        "listings": leading_on(given, rows[:PER_PAGE]),
        "are_in_force": bool(in_force),
        "has_more": len(rows) > PER_PAGE,
    }
