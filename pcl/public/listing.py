"""The permanent page of a listing, on any date of service and as the list stood at any moment."""

from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from pcl.dates import instant_in_words
from pcl.public.listing_timeline import listing_timeline
from pcl.public.moment import asked_clocks, asked_moment, leading_on
from pcl.queries.answer_words import answer_by_the_list_of_then, answer_by_the_list_of_today, said_since
from pcl.queries.change_words import in_words
from pcl.queries.listing_answer import last_day_to_bill
from pcl.queries.listing_page import listing_page
from pcl.queries.published_instant import moment_parameter


@require_safe
def listing(request: HttpRequest, listing_id: int) -> HttpResponse:
    form, on, instant = asked_moment(request.GET)
    page = listing_page(listing_id, on=on, instant=instant)
    if page is None:
        return render(request, "public/no_such_listing.html", {"listing_id": listing_id}, status=404)
    asked = {"on": on.isoformat(), "as_published": moment_parameter(instant or timezone.now())}
    address = request.build_absolute_uri(page.entry.get_absolute_url())
    context = {
        "page": page,
        "answer": page.answer,
        "entry": page.entry,
        "form": form,
        "on": on,
        "instant": instant,
        "by_today": answer_by_the_list_of_today(page.answer, by_others=page.in_force_by_others),
        "by_then": answer_by_the_list_of_then(page.answer, by_others=page.in_force_by_others),
        "had_said_since": said_since(page.answer) if page.answer.instant and page.answer.agrees else "",
        "as_said": instant_in_words(instant) if instant else "",
        "last_day": last_day_to_bill(page.entry),
        "timeline": listing_timeline(page.answer),
        "changes": [in_words(change) for change in reversed(page.changes)],
        "permanent_url": f"{address}?{urlencode(asked)}",
        "same_product": leading_on(request.GET, page.same_product),
        "same_number": leading_on(request.GET, page.same_number),
        "clocks": f"?{clocks}" if (clocks := asked_clocks(request.GET)) else "",
        "given": {"on": on.isoformat(), "as_published": asked["as_published"] if instant else ""},
    }
    return render(request, "public/listing.html", context, status=200 if form.is_valid() else 400)
