"""What is on the list under a code on a day, with names that begin as those that somebody gave."""

from datetime import datetime
from typing import Any

from pcl.models import RegisterEntry
from pcl.queries.check.line import Line
from pcl.queries.listing_filter import ListingFilter

MOST = 5
SHOWN = ("product", "manufacturer", "model_number")


def listed_alike(line: Line, *, as_published: datetime | None) -> list[dict[str, Any]]:
    """At most MOST listings, as `product`, `manufacturer` and `model_number`; none where the line names nothing.

    The check compares whole names, so that it never takes one product for another; somebody who wrote a part of a name
    finds here what may have been meant. One query, and one for the words.
    """
    named = {"organization": line.manufacturer, "product": line.product, "model_number": line.model_number}
    if not any(named.values()):
        return []
    asked = {
        **{name: value for name, value in named.items() if value},
        "code": line.code,
        "on": line.day.isoformat(),
        "as_published": as_published.isoformat() if as_published else "",
    }
    found = ListingFilter(asked, RegisterEntry.objects.all())
    return list(found.qs.order_by("product", "model_number").values(*SHOWN)[:MOST]) if found.is_valid() else []
