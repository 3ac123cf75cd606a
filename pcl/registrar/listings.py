"""Find any listing, look at it from inside, and act on it."""

from collections.abc import Callable
from datetime import date
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.html import format_html
from django.views.decorators.http import require_http_methods, require_safe

from accounts.models import User
from pcl.errors import RegisterError
from pcl.models import Listing, RegisterEntry, Renaming
from pcl.public.paging import shown_page
from pcl.queries.change_words import in_words
from pcl.queries.keyset import Row
from pcl.queries.listing_console import changes_since, console_listing, known_classifications, listing_to_act_on
from pcl.queries.listing_filter import ListingFilter
from pcl.queries.listing_shown import shown_listings
from pcl.queries.possible_acts import ListingAct, possible_acts
from pcl.queries.renamings import renamings_of
from pcl.registrar.acting import numbers_of, send_along, step_through
from pcl.registrar.listing_acts import ACT_PAGES
from pcl.registrar.people import registrar
from pcl.registrar.renamings import with_tags
from pcl.services.listing_dates import listing_as_seen
from pcl.services.rehearsal import Performed

# The others are one click further away, on the listing's page.
IN_THE_TABLE = {
    ListingAct.END: "End",
    ListingAct.EXTEND: "Extend",
    ListingAct.RESCIND: "Take back the end",
    ListingAct.REINSTATE: "Reinstate",
    ListingAct.RECODE: "Move",
    ListingAct.CORRECT: "Correct",
}


@require_safe
def listings(request: HttpRequest) -> HttpResponse:
    given = request.GET.copy()
    given.setdefault("status", "all")
    asked = ListingFilter(given, RegisterEntry.objects.all())
    context: dict[str, Any] = {
        "form": asked.form,
        "fields": [asked.form[name] for name in asked.filters if name != "q"],
        "is_narrowed": any(value for name, value in request.GET.items() if name not in {"q", "cursor", "status"}),
    }
    if not asked.is_valid():
        return render(request, "registrar/listings.html", context, status=400)
    page = shown_page(request, asked.qs, order=asked.order, rows_of=_rows_with_acts(asked))
    context |= {"page": page, "on": asked.day, "instant": asked.instant}
    return render(request, "registrar/listings.html", context, status=400 if page.error else 200)


def _rows_with_acts(asked: ListingFilter) -> Any:
    today, shown = timezone.localdate(), shown_listings(on=asked.day)

    def rows(found: QuerySet[Any]) -> list[Row]:
        return [row | {"acts": _acts(row)} for row in shown(found)]

    def _acts(row: Row) -> list[tuple[str, str]]:
        own_end = row["effective_to"]
        last_day = date.fromisoformat(own_end) if own_end else None
        return [
            (act.value, IN_THE_TABLE[act])
            for act in possible_acts(last_day=last_day, today=today)
            if act in IN_THE_TABLE
        ]

    return rows


@require_safe
def listing(request: HttpRequest, listing_id: int) -> HttpResponse:
    on = timezone.localdate()
    page = console_listing(listing_id, on=on)
    if page is None:
        raise Http404
    context = {
        "page": page,
        "on": on,
        "changes": [in_words(change) for change in page.changes],
        "acts": [(act.value, ACT_PAGES[act]) for act in page.acts],
        "renamings": with_tags(renamings_of(page.listing.model.product)),
    }
    return render(request, "registrar/listing.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def act_on_listing(request: HttpRequest, listing_id: int, act: str) -> HttpResponse:
    found = listing_to_act_on(listing_id)
    page = ACT_PAGES.get(ListingAct(act)) if act in ListingAct.__members__.values() else None
    if found is None or page is None:
        raise Http404
    initial = {**(page.begin_with(found) if page.begin_with else {}), "seen_version": found.version}
    form = page.form(request.POST or None, initial=initial)
    product = found.model.product
    context: dict[str, Any] = {
        "listing": found,
        "title": page.label,
        "lead": page.explained,
        "ends_it": page.ends_it,
        "eyebrow": f"Listing {found.pk}: {product.name}"
        + (f", model {found.model.model_number}" if found.model.model_number else ""),
    }
    if "classification" in form.fields:
        form.fields["classification"].widget.attrs["list"] = "classifications"
        context["classifications"] = known_classifications()

    def do() -> None:
        listing_as_seen(found, seen_version=form.cleaned_data["seen_version"])
        page.do(*given())

    def given() -> tuple[Listing, dict[str, Any], str, User]:
        return found, form.cleaned_data, form.public_reason, registrar(request)

    def describing(describe: Callable[[Listing, dict[str, Any], str, User], Renaming]) -> Callable[[], Renaming]:
        return lambda: describe(*given())

    def done(performed: Performed) -> HttpResponse:
        assert performed.first is not None  # noqa: S101 - every act on a listing changes a listing
        what = in_words(performed.first).what
        messages.success(request, format_html("{}. {}", what, numbers_of(performed)))
        return redirect("registrar:listing", performed.first.listing_id if _makes_another(act) else found.pk)

    def refused(error: RegisterError) -> None:
        """Who came second sees what the first did, and keeps what was typed: the next try is of the new version."""
        seen = form.cleaned_data["seen_version"]
        if seen != found.version:
            context["since"] = [in_words(change) for change in changes_since(found.pk, version=seen)]
            send_along(form, seen_version=str(found.version))

    return step_through(
        request,
        form=form,
        act=do,
        done=done,
        context=context,
        refused=refused,
        described=describing(page.describe) if page.describe else None,
    )


def _makes_another(act: str) -> bool:
    return act in {ListingAct.REINSTATE, ListingAct.RECODE}
