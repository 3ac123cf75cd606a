"""The front door: find a product on the list."""

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from pcl.models import RegisterEntry
from pcl.public.paging import address, shown_page
from pcl.queries.keyset import count_up_to
from pcl.queries.listing_filter import ORDERS, SORTS, ListingFilter
from pcl.queries.listing_shown import shown_listings
from pcl.queries.listing_status import with_status

NARROWING = ("q", "code", "organization", "product", "model_number", "classification")
CHIP_LABELS = {
    "q": "Words",
    "code": "Code",
    "organization": "Organization",
    "product": "Product",
    "model_number": "Model number",
    "classification": "Classification",
    "status": "Status",
    "on": "Date of service",
    "as_published": "As the list stood on",
}
MOST_NEWEST = 10


@dataclass(frozen=True)
class Chip:
    label: str
    value: str
    remove_url: str


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    asked = ListingFilter(request.GET, RegisterEntry.objects.all())
    named = [name for name in asked.filters if request.GET.get(name, "").strip()]
    context = {
        "form": asked.form,
        "advanced_fields": [asked.form[name] for name in asked.filters if name != "q"],
        "is_advanced": any(name != "q" for name in named),
    }
    if not asked.is_valid():
        return render(request, "public/search.html", context, status=400)
    if not named:
        return render(request, "public/search.html", context | _newest())
    return _results(request, asked, named, context)


def _newest() -> dict[str, object]:
    today = timezone.localdate()
    in_force = with_status(RegisterEntry.objects.all(), "current", on=today)
    newest = ORDERS["newest"].sorted(in_force, backward=False)[:MOST_NEWEST]
    return {"newest": shown_listings(on=today)(newest), "on": today}


def _results(request: HttpRequest, asked: ListingFilter, named: list[str], context: dict[str, object]) -> HttpResponse:
    page = shown_page(request, asked.qs, order=asked.order, rows_of=shown_listings(on=asked.day))
    query = address(request).partition("?")[2]
    shown = {
        "page": page,
        "on": asked.day,
        "instant": asked.instant,
        "status": asked.given.get("status") or "current",
        "chips": [_chip(request, asked, name) for name in named if name != "sort"],
        "sorts": [
            {"text": text, "url": address(request, sort=key), "is_current": key == (asked.given.get("sort") or "code")}
            for key, text in SORTS
        ],
        "csv_url": f"{reverse('api:listings_csv')}?{query}",
        "api_url": f"{reverse('api:listings')}?{query}",
    }
    if not page.rows:
        shown |= _hints(request, asked, named)
    return render(request, "public/search.html", context | shown, status=400 if page.error else 200)


def _chip(request: HttpRequest, asked: ListingFilter, name: str) -> Chip:
    value = request.GET[name].strip()
    words = dict(getattr(asked.form.fields[name], "choices", [])).get(value, value)
    return Chip(label=CHIP_LABELS[name], value=str(words), remove_url=address(request, **{name: None}))


def _hints(request: HttpRequest, asked: ListingFilter, named: list[str]) -> dict[str, object]:
    """What else could be tried by somebody who found nothing."""
    hints: dict[str, object] = {"code_asked": (asked.given.get("code") or "").strip().upper()}
    if asked.given.get("status") != "all":
        everything = request.GET.copy()
        everything["status"] = "all"
        at_any_time, exact = count_up_to(ListingFilter(everything, RegisterEntry.objects.all()).qs)
        hints |= {
            "at_any_time": at_any_time,
            "at_any_time_exact": exact,
            "any_time_url": address(request, status="all"),
        }
    if len(set(named) & set(NARROWING)) > 1:
        only = next(name for name in NARROWING if name in named)
        others = [name for name in named if name not in {only, "status", "on", "as_published"}]
        hints |= {"alone": request.GET[only].strip(), "alone_url": address(request, **dict.fromkeys(others))}
    return hints
