"""A manufacturer or distributor: its names over time, and what it has on the list, on any day and as of any moment."""

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from pcl.dates import instant_in_words
from pcl.public.moment import MomentForm, asked_clocks, asked_moment, leading_on
from pcl.public.paging import address, shown_page
from pcl.queries.listing_filter import ORDERS, STATUSES
from pcl.queries.listing_shown import shown_listings
from pcl.queries.listing_status import with_status
from pcl.queries.names_on_day import with_origin
from pcl.queries.organizations import listings_of, products_of, public_organizations


class OrganizationForm(MomentForm):
    # Unlike in a search, everything it ever had on the list is shown unless somebody narrows it.
    status = forms.ChoiceField(
        label="Listings", choices=[STATUSES[-1], *STATUSES[:-1]], required=False, help_text="By that date of service"
    )


@require_safe
def organization(request: HttpRequest, slug: str) -> HttpResponse:
    found = get_object_or_404(public_organizations().select_related("merged_into"), slug=slug)
    form, on, instant = asked_moment(request.GET, OrganizationForm)
    status = form.cleaned_data.get("status") or "all" if form.is_valid() else "all"
    merged = list(found.merged_organizations.order_by("name"))
    listings = listings_of(found, merged, instant=instant)
    rows_of = shown_listings(on=on)
    page = shown_page(
        request,
        with_status(listings, status, on=on),
        order=ORDERS["code"],
        rows_of=lambda found: leading_on(request.GET, rows_of(found)),
    )
    products, has_more_products = products_of(listings) if page.rows else ([], False)
    names = list(with_origin(found.names.order_by("used")))
    context = {
        "organization": found,
        "merged": [(each, next((name for name in names if name.name == each.name), None)) for each in merged],
        "names": [name for name in names if not name.is_of_merged],
        "form": form,
        "page": page,
        "products": products,
        "has_more_products": has_more_products,
        "on": on,
        "instant": instant,
        "as_said": instant_in_words(instant) if instant else "",
        "status": status,
        "clocks": asked_clocks(request.GET),
        "any_time_url": address(request, status="all"),
    }
    is_bad = page.error or not form.is_valid()
    return render(request, "public/organization.html", context, status=400 if is_bad else 200)
