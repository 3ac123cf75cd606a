"""Whole files: what there is, and the listings of any query as CSV and NDJSON."""

from collections.abc import Callable, Iterator
from itertools import islice

from django.http import StreamingHttpResponse
from rest_framework.request import Request
from rest_framework.response import Response

from pcl.api.listings import FILTERS, asked_filter
from pcl.api.read_view import ReadView, site_of
from pcl.api.schema import documented, documented_csv, documented_ndjson
from pcl.api.serializers import ManifestSerializer
from pcl.models import ExportFile
from pcl.queries.bulk_files.ready import newest_files
from pcl.queries.listing_export import listings_as_csv, listings_as_ndjson
from pcl.services.changes import instant_text


@documented(
    ManifestSerializer,
    "The bulk files that can be downloaded",
    "The newest set, all of one instant; another one is made within minutes when something changed, and every day. The "
    "list is empty while the first set is being made.",
)
class Exports(ReadView):
    def get(self, request: Request) -> Response:
        site = site_of(request)
        return Response({"files": [_told(file, site=site) for file in newest_files()]})


def _told(file: ExportFile, *, site: str) -> dict[str, object]:
    return {
        "url": f"{site}{file.get_absolute_url()}",
        "noun": file.noun,
        "format": file.format,
        "rows": file.rows,
        "bytes": file.bytes,
        "sha256": file.sha256,
        "schema_version": file.schema_version,
        "generated_at": instant_text(file.export_set.generated_at),
        "change_seq": file.export_set.change_seq,
    }


@documented_csv
class ListingsCsv(ReadView):
    parameters = FILTERS

    def get(self, request: Request) -> StreamingHttpResponse:
        return _streamed(request, listings_as_csv, "text/csv; charset=utf-8; header=present", "listings.csv")


@documented_ndjson
class ListingsNdjson(ReadView):
    parameters = FILTERS

    def get(self, request: Request) -> StreamingHttpResponse:
        return _streamed(request, listings_as_ndjson, "application/x-ndjson", "listings.ndjson")


def _streamed(
    request: Request, written: Callable[..., Iterator[bytes]], content_type: str, name: str
) -> StreamingHttpResponse:
    asked = asked_filter(request.GET)
    pieces = written(asked.qs, order=asked.order, on=asked.day, site=site_of(request))
    return StreamingHttpResponse(
        # Nobody would read what PostgreSQL had begun to send.
        begun(pieces) if request.method != "HEAD" else iter(()),
        content_type=content_type,
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def begun(pieces: Iterator[bytes]) -> Iterator[bytes]:
    """`pieces` with the first ones drawn already, so that a query that fails is an error and not an empty file."""
    first = list(islice(pieces, 2))

    def all_of_them() -> Iterator[bytes]:
        yield from first
        yield from pieces

    return all_of_them()
