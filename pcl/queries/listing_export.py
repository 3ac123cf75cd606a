"""All listings that a query means, as CSV or NDJSON, straight from PostgreSQL."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from django.db.models import QuerySet

from pcl.queries.keyset import Order
from pcl.queries.listing_columns import listing_columns
from pcl.queries.row_stream import rows_as_csv, rows_as_ndjson


def listings_as_csv(entries: QuerySet[Any], *, order: Order, on: date, site: str) -> Iterator[bytes]:
    """The same rows and columns as the API, sorted alike: see `rows_as_csv`."""
    return rows_as_csv(order.sorted(entries, backward=False), listing_columns(on=on, site=site))


def listings_as_ndjson(entries: QuerySet[Any], *, order: Order, on: date, site: str) -> Iterator[bytes]:
    """The same as the API has them in `results`, one in each line."""
    return rows_as_ndjson(order.sorted(entries, backward=False), listing_columns(on=on, site=site))
