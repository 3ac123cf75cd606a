"""Listings: `/api/v1/listings/`, one of them, and what happened to it."""

from typing import Any

from django.http import Http404, QueryDict
from django.utils import timezone
from rest_framework.request import Request
from rest_framework.response import Response

from pcl.api.lists import keyset_answer
from pcl.api.read_view import ReadView, list_answer, site_of
from pcl.api.schema import documented
from pcl.api.serializers import ChangeSerializer, ListingSerializer
from pcl.models import RegisterEntry
from pcl.queries.change_feed import change_rows, changes_of
from pcl.queries.keyset import Page
from pcl.queries.listing_columns import listing_rows
from pcl.queries.listing_filter import ListingFilter, shown_as_of
from pcl.queries.parameters import BadParameter, day_in
from pcl.queries.published_instant import instant_in
from pcl.queries.size import size_of

FILTERS = tuple(ListingFilter.base_filters)


def asked_filter(given: QueryDict) -> ListingFilter:
    """The filter that a query string means. Raises BadParameter for the first value that it cannot use."""
    asked = ListingFilter(given, RegisterEntry.objects.all())
    for name, messages in asked.errors.items():
        raise BadParameter(name, " ".join(str(message) for message in messages))
    return asked


@documented(
    ListingSerializer(many=True),
    "Listings that match",
    "Without parameters: all listings that can be billed today.",
)
class Listings(ReadView):
    parameters = (*FILTERS, "limit", "cursor")

    def get(self, request: Request) -> Response:
        asked = asked_filter(request.GET)
        rows = listing_rows(on=asked.day, site=site_of(request))
        if not asked.words:
            return keyset_answer(request, asked.qs, order=asked.order, rows_of=rows)
        size = size_of(asked.qs)
        counted = (size.count, size.is_exact)
        return keyset_answer(request, asked.in_order(size), order=asked.order, rows_of=rows, counted=counted)


@documented(ListingSerializer, "One listing")
class Listing(ReadView):
    parameters = ("on", "as_published")

    def get(self, request: Request, listing_id: int) -> Response:
        instant = instant_in(request.GET, "as_published")
        on = day_in(request.GET, "on", default=timezone.localdate(instant))
        shown = shown_as_of(instant, now=RegisterEntry.objects.all()).filter(listing_id=listing_id)
        rows = listing_rows(on=on, site=site_of(request))(shown)
        if not rows:
            then = " at that moment" if instant else ""
            raise Http404(f"There is no listing {listing_id} on the public list{then}.")
        return Response(rows[0])


@documented(ChangeSerializer(many=True), "What happened to one listing, oldest first")
class ListingHistory(ReadView):
    def get(self, request: Request, listing_id: int) -> Response:
        rows: list[dict[str, Any]] = change_rows(changes_of(listing_id))
        if not rows:
            raise Http404(f"There is no listing {listing_id}.")
        return list_answer(request, Page(rows, None, None), count=len(rows), count_exact=True)
