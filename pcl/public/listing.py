"""The permanent page of a listing."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from pcl.public.forms import asked_day
from pcl.queries.change_words import in_words
from pcl.queries.listing_page import listing_page


@require_safe
def listing(request: HttpRequest, listing_id: int) -> HttpResponse:
    form, on = asked_day(request.GET)
    page = listing_page(listing_id, on=on)
    if page is None:
        return render(request, "public/no_such_listing.html", {"listing_id": listing_id}, status=404)
    context = {
        "page": page,
        "form": form,
        "on": on,
        "changes": [in_words(change) for change in reversed(page.changes)],
        "permanent_url": request.build_absolute_uri(page.entry.get_absolute_url()),
    }
    return render(request, "public/listing.html", context, status=200 if form.is_valid() else 400)
