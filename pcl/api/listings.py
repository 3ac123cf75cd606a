"""Listings: `/api/v1/listings/`, one of them, and what happened to it."""

from datetime import date
from typing import Any

from django.http import Http404, HttpResponseBase, QueryDict
from django.utils import timezone
from rest_framework.request import Request
from rest_framework.response import Response

from pcl.api.forms import FORMS, form_of, told_as
from pcl.api.lists import keyset_answer
from pcl.api.read_view import ReadView, list_answer, site_of
from pcl.api.schema import documented
from pcl.api.serializers import ChangeSerializer, ListingSerializer
from pcl.api.sparse import names_in, narrowed
from pcl.models import RegisterEntry
from pcl.queries.change_feed import change_rows, changes_of
from pcl.queries.keyset import Page, first_page, question_of
from pcl.queries.listing_columns import COLUMN_NAMES, listing_columns
from pcl.queries.listing_expanded import EXPANSIONS, expanded_listing_rows
from pcl.queries.listing_filter import ListingFilter, shown_as_of
from pcl.queries.parameters import BadParameter, day_in, limit_in
from pcl.queries.published_instant import instant_in
from pcl.queries.size import size_of
from pcl.queries.word_search import WordSearch

FILTERS = tuple(ListingFilter.base_filters)


def asked_filter(given: QueryDict) -> ListingFilter:
    """The filter that a query string means. Raises BadParameter for the first value that it cannot use."""
    asked = ListingFilter(given, RegisterEntry.objects.all())
    for name, messages in asked.errors.items():
        raise BadParameter(name, " ".join(str(message) for message in messages))
    return asked


def expand_in(given: QueryDict) -> tuple[str, ...]:
    return names_in(given, "expand", EXPANSIONS, what="part of a listing that can be expanded")


@documented(
    ListingSerializer(many=True),
    "Listings that match",
    "Without parameters: all listings that can be billed today. As JSON in an envelope, as NDJSON or as CSV, by "
    "`format` or `Accept`; the pages are the same, and the next is in the header `Link`.",
    forms=FORMS,
)
class Listings(ReadView):
    parameters = (*FILTERS, "expand", "format", "limit", "cursor")

    def get(self, request: Request) -> Response | HttpResponseBase:
        form = form_of(request)
        expand = expand_in(request.GET)
        if expand and form == "csv":
            raise BadParameter(
                "expand", "A table has no place for what expand adds. Ask for json or ndjson, or leave it out."
            )
        day, answer = _by_words_alone(request, expand) or _by_filter(request, expand)
        if form == "json":
            answer["Vary"] = "Accept"
            return answer
        if self.fields_asked:
            answer.data = narrowed(answer.data, self.fields_asked)
        typed = {column.name for column in listing_columns(on=day, site="") if column.typed}
        told = told_as(form, answer, columns=self.fields_asked or COLUMN_NAMES, typed=typed)
        told["Vary"] = "Accept"
        return told


def _by_filter(request: Request, expand: tuple[str, ...]) -> tuple[date, Response]:
    """The day on which the status is reckoned, and the answer."""
    asked = asked_filter(request.GET)
    rows = expanded_listing_rows(on=asked.day, site=site_of(request), expand=expand, instant=asked.instant)
    found, counted, sorts_many = asked.qs, None, False
    if asked.words:
        size = size_of(asked.qs)
        found, counted, sorts_many = asked.in_order(size), (size.count, size.is_exact), size.is_many
    return asked.day, keyset_answer(
        request, found, order=asked.order, rows_of=rows, counted=counted, sorts_many=sorts_many
    )


def _by_words_alone(request: Request, expand: tuple[str, ...]) -> tuple[date, Response] | None:
    """The same for the first page of what is asked for most, in half of the time."""
    asked = None if expand or request.GET.get("cursor") else WordSearch.meant_by(request.GET)
    if asked is None:
        return None
    limit = limit_in(request.GET)
    size, rows = asked.sized_rows(limit=limit, site=site_of(request))
    page = first_page(rows, order=asked.kind.order, limit=limit, question=question_of(request.path, request.GET))
    return asked.kind.day, list_answer(request, page, count=size.count, count_exact=size.is_exact)


@documented(ListingSerializer, "One listing")
class Listing(ReadView):
    parameters = ("on", "as_published", "expand")

    def get(self, request: Request, listing_id: int) -> Response:
        expand = expand_in(request.GET)
        instant = instant_in(request.GET, "as_published")
        on = day_in(request.GET, "on", default=timezone.localdate(instant))
        shown = shown_as_of(instant, now=RegisterEntry.objects.all()).filter(listing_id=listing_id)
        rows = expanded_listing_rows(on=on, site=site_of(request), expand=expand, instant=instant)(shown)
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
