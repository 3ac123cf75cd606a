"""Listings as pages show them: the API's answer with days as days, and the last day that the code leaves."""

from collections.abc import Callable
from datetime import date
from typing import Any

from django.db.models import QuerySet

from pcl.models import RegisterEntry
from pcl.queries.keyset import Row
from pcl.queries.listing_columns import listing_rows

FURTHER = ("code_meaning__short_description", "code_meaning__terminated")


def shown_listings(*, on: date) -> Callable[[QuerySet[RegisterEntry]], list[Row]]:
    """Rows of a page's table. `last_day` is the last day to bill: the listing's, or the code's where it is earlier."""
    rows_of = listing_rows(on=on, site="", further=FURTHER)

    def shown(entries: QuerySet[RegisterEntry]) -> list[Row]:
        return [row | _days(row) for row in rows_of(entries)]

    return shown


def _days(row: Row) -> dict[str, Any]:
    first = date.fromisoformat(row["effective_from"])
    own_end = date.fromisoformat(row["effective_to"]) if row["effective_to"] else None
    code_end: date | None = row["code_meaning_terminated"]
    ends_with_code = code_end is not None and (own_end is None or code_end < own_end)
    return {"first_day": first, "last_day": code_end if ends_with_code else own_end, "ends_with_code": ends_with_code}
