"""A manufacturer or distributor, and what it has on the list."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from pcl.public.paging import shown_page
from pcl.queries.listing_filter import ORDERS
from pcl.queries.listing_shown import shown_listings
from pcl.queries.organizations import listings_of, public_organizations


@require_safe
def organization(request: HttpRequest, slug: str) -> HttpResponse:
    found = get_object_or_404(public_organizations().select_related("merged_into"), slug=slug)
    listings, on = listings_of(found), timezone.localdate()
    page = shown_page(request, listings, order=ORDERS["code"], rows_of=shown_listings(on=on))
    context = {"organization": found, "names": list(found.names.all()), "page": page, "on": on}
    return render(request, "public/organization.html", context, status=400 if page.error else 200)
