"""Whole files: what there is, and the listings as CSV."""

from collections.abc import Iterator
from itertools import islice

from django.http import StreamingHttpResponse
from django.utils import timezone
from rest_framework.request import Request
from rest_framework.response import Response

from pcl.api.listings import FILTERS, asked_filter
from pcl.api.read_view import ReadView, site_of
from pcl.api.schema import documented, documented_csv
from pcl.api.serializers import ManifestSerializer
from pcl.queries.listing_export import SCHEMA_VERSION, extent_of_everything, listings_as_csv
from pcl.services.changes import instant_text


@documented(
    ManifestSerializer,
    "The files that can be downloaded",
    "Files are made when they are asked for, so their size and digest are known only to who has received them.",
)
class Exports(ReadView):
    def get(self, request: Request) -> Response:
        extent = extent_of_everything()
        listings = {
            "url": f"{site_of(request)}/api/v1/exports/listings.csv?status=all",
            "noun": "listings",
            "format": "csv",
            "rows": extent.rows,
            "bytes": None,
            "sha256": None,
            "schema_version": SCHEMA_VERSION,
            "generated_at": instant_text(timezone.now()),
            "change_seq": extent.change_seq,
        }
        return Response({"files": [listings]})


@documented_csv
class ListingsCsv(ReadView):
    parameters = FILTERS

    def get(self, request: Request) -> StreamingHttpResponse:
        asked = asked_filter(request.GET)
        pieces = listings_as_csv(asked.qs, order=asked.order, on=asked.day, site=site_of(request))
        if request.method == "HEAD":
            pieces = iter(())
        return StreamingHttpResponse(
            begun(pieces),
            content_type="text/csv; charset=utf-8; header=present",
            headers={"Content-Disposition": 'attachment; filename="listings.csv"'},
        )


def begun(pieces: Iterator[bytes]) -> Iterator[bytes]:
    """`pieces` with the first ones drawn already, so that a query that fails is an error and not an empty file."""
    first = list(islice(pieces, 2))

    def all_of_them() -> Iterator[bytes]:
        yield from first
        yield from pieces

    return all_of_them()
