"""Listings as pages show them: the API's answer with days as days, and the last day that the code leaves."""

from collections.abc import Callable
from datetime import date
from functools import lru_cache
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse

from pcl.models.listing import last_day
from pcl.queries.keyset import Row
from pcl.queries.listing_columns import listing_rows

STATUS_SHOWN = {"current": ("good", "In force"), "future": ("info", "Not yet in force"), "ended": ("past", "Ended")}
FURTHER = ("code_meaning__short_description", "in_force")


def shown_listings(*, on: date) -> Callable[[QuerySet[Any]], list[Row]]:
    """Rows of a page's table, of RegisterEntry or EntryVersion.

    `first_day` is the first day to bill: the listing's, or the code's where CMS dates it later.
    `last_day` is the last day to bill: the listing's, or the code's where it is earlier (`ends_with_code`). It is None
    while no end is set, and where there never was a day (`is_never_in_force`), since the code had ended before.
    """
    rows_of = listing_rows(on=on, site="", further=FURTHER)

    def shown(entries: QuerySet[Any]) -> list[Row]:
        return with_days(rows_of(entries))

    return shown


def with_days(rows: list[Row]) -> list[Row]:
    """Of rows that have what is `FURTHER`."""
    return [row | _days(row) for row in rows]


def _days(row: Row) -> dict[str, Any]:
    own_end = date.fromisoformat(row["effective_to"]) if row["effective_to"] else None
    end = None if row["in_force"].isempty else last_day(row["in_force"])
    return {
        "first_day": date.fromisoformat(row["effective_from"]) if row["in_force"].isempty else row["in_force"].lower,
        "last_day": end,
        "ends_with_code": end is not None and end != own_end,
        "is_never_in_force": row["in_force"].isempty,
        "status_kind": STATUS_SHOWN[row["status"]][0],
        "status_words": STATUS_SHOWN[row["status"]][1],
        "code_url": _code_url(row["code"]),
    }


@lru_cache(maxsize=1024)
def _code_url(code: str) -> str:
    return reverse("public:code", args=[code])
