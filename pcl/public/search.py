"""The front door: find a product on the list."""

from dataclasses import dataclass, replace
from functools import cache

from django.forms import BoundField
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from pcl.models import RegisterEntry
from pcl.public.moment import CLOCKS, leading_on
from pcl.public.nothing_found import hints
from pcl.public.paging import PER_PAGE, ShownPage, address, first_shown_page, shown_page
from pcl.queries.listing_facets import Facet, Spread, spread
from pcl.queries.listing_filter import ORDERS, SORTS, ListingFilter
from pcl.queries.listing_shown import FURTHER, shown_listings, with_days
from pcl.queries.listing_status import with_status
from pcl.queries.word_search import WordSearch

CHIP_LABELS = {
    "q": "Words",
    "code": "Code",
    "organization": "Organization",
    "manufacturer": "Manufacturer",
    "product": "Product",
    "model_number": "Model number",
    "classification": "Classification",
    "status": "Status",
    "on": "In force on",
    "as_published": "As the list stood on",
}
# What stands beside the box; the other fields unfold.
DATES_AND_STATUS = (*CLOCKS, "status")
MOST_NEWEST = 10
# How many values of a facet are in sight at once, and how many there are at all.
SHOWN_VALUES = 4
MOST_VALUES = 16
LONGEST_VALUE = 48
# Of these facets, the box proposes the names while somebody types.
PROPOSED = ("code", "manufacturer")


@dataclass(frozen=True)
class Chip:
    label: str
    value: str
    remove_url: str


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    asked = ListingFilter(request.GET, RegisterEntry.objects.all())
    named = [name for name in asked.filters if request.GET.get(name, "").strip()]
    fields = [field for field in asked.form.visible_fields() if field.name not in {"q", *DATES_AND_STATUS}]
    context = {
        "form": asked.form,
        "first_fields": [_with_label(asked.form[name]) for name in DATES_AND_STATUS],
        "further_fields": [_with_label(field) for field in fields],
        "is_advanced": any(field.name in named or field.errors for field in fields),
    }
    if not asked.is_valid():
        return render(request, "public/search.html", context, status=400)
    if not named:
        return render(request, "public/search.html", context | _newest())
    return _results(request, asked, named, context)


def _with_label(field: BoundField) -> str:
    """The field as the page has it. Nearly all say nothing, and are the same then for everybody: made once."""
    return field.as_field_group() if field.data or field.errors else _empty_field(field.name)


@cache
def _empty_field(name: str) -> str:
    return ListingFilter(QueryDict(), RegisterEntry.objects.none()).form[name].as_field_group()


def _newest() -> dict[str, object]:
    today = timezone.localdate()
    in_force = with_status(RegisterEntry.objects.all(), "current", on=today)
    newest = ORDERS["newest"].sorted(in_force, backward=False)[:MOST_NEWEST]
    return {"newest": shown_listings(on=today)(newest), "on": today}


def _results(request: HttpRequest, asked: ListingFilter, named: list[str], context: dict[str, object]) -> HttpResponse:
    found, page = _by_words_alone(request) or _by_filter(request, asked)
    query = address(request).partition("?")[2]
    shown = {
        "page": replace(page, rows=leading_on(request.GET, page.rows)),
        "on": asked.day,
        "instant": asked.instant,
        "status": asked.asked_status,
        "chips": [_chip(request, asked, name, found) for name in named if name != "sort"],
        "sorts": [
            {"text": text, "url": address(request, sort=key), "is_current": key == (asked.given.get("sort") or "code")}
            for key, text in SORTS
        ],
        "facets": [_offered(request, asked, facet, exact=found.counts_exact) for facet in found.facets if facet.values],
        "proposed": [
            value.text for facet in found.facets if facet.name in PROPOSED for value in facet.values[:MOST_VALUES]
        ],
        "counts_exact": found.counts_exact,
        "csv_url": f"{reverse('api:listings_csv')}?{query}",
        "api_url": f"{reverse('api:listings')}?{query}",
    }
    if not page.rows:
        shown |= hints(request, asked, named, found)
    return render(request, "public/search.html", context | shown, status=400 if page.error else 200)


def _by_filter(request: HttpRequest, asked: ListingFilter) -> tuple[Spread, ShownPage]:
    found = spread(asked.at_any_time, found=asked.qs, status=asked.asked_status, on=asked.day)
    page = shown_page(
        request,
        asked.in_order(found.size) if found.size.count else asked.qs.none(),
        order=asked.order,
        rows_of=shown_listings(on=asked.day),
        counted=(found.size.count, found.size.is_exact),
        sorts_many=found.size.is_many and bool(asked.words),
    )
    return found, page


def _by_words_alone(request: HttpRequest) -> tuple[Spread, ShownPage] | None:
    """The same for the first page of what is asked for most, with less work."""
    asked = None if request.GET.get("cursor") else WordSearch.meant_by(request.GET)
    if asked is None:
        return None
    found = asked.spread(limit=PER_PAGE)
    rows = with_days(asked.first_rows(found.size, limit=PER_PAGE, site="", further=FURTHER))
    counted = (found.size.count, found.size.is_exact)
    return found, first_shown_page(request, rows, order=asked.kind.order, counted=counted)


def _chip(request: HttpRequest, asked: ListingFilter, name: str, found: Spread) -> Chip:
    value = request.GET[name].strip()
    words = dict(getattr(asked.form.fields[name], "choices", [])).get(value, value)
    if name == "manufacturer":
        makers = next(facet for facet in found.facets if facet.name == name).values
        words = makers[0].text if makers else words
    return Chip(label=CHIP_LABELS[name], value=str(words), remove_url=address(request, **{name: None}))


def _offered(request: HttpRequest, asked: ListingFilter, facet: Facet, *, exact: bool) -> dict[str, object]:
    chosen = asked.given.get(facet.name) or ""
    if facet.name == "status":
        chosen = "" if asked.asked_status == "all" else asked.asked_status
    taken_away = "all" if facet.name == "status" else None
    values = [
        {
            "text": each.text if len(each.text) <= LONGEST_VALUE else f"{each.text[: LONGEST_VALUE - 1]}…",
            "count": f"{each.count:,}",
            "is_exact": exact,
            "is_chosen": (is_chosen := each.value.casefold() == chosen.strip().casefold()),
            "url": address(request, **{facet.name: taken_away if is_chosen else each.value}),
        }
        for each in facet.values[:MOST_VALUES]
    ]
    # The chosen one stays in sight.
    values.sort(key=lambda each: not each["is_chosen"])
    return {"facet": facet, "first": values[:SHOWN_VALUES], "others": values[SHOWN_VALUES:]}
