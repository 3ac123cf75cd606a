"""What happened to the register, change by change, exactly as it was hashed."""

import json
from typing import Any

from django.db.models import QuerySet

from pcl.models import ListingChange
from pcl.queries.keyset import Order, Row
from pcl.services.changes import instant_text

NEWEST_FIRST = Order(columns=("seq",), key=("seq",), falling=True)


def changes_of(listing_id: int) -> QuerySet[ListingChange]:
    """Oldest first."""
    return ListingChange.objects.filter(listing=listing_id).order_by("seq")


def changes_after(seq: int) -> QuerySet[ListingChange]:
    """The changes with a higher number than `seq`, oldest first: what to ask for who has seen `seq`."""
    return ListingChange.objects.filter(seq__gt=seq).order_by("seq")


def last_change() -> ListingChange | None:
    """The newest change: how far the register has come."""
    return ListingChange.objects.order_by("-seq").first()


def change_text(change: ListingChange) -> str:
    """Exactly what is hashed: docs/verifying.md."""
    return json.dumps(
        {
            "seq": change.seq,
            "at": instant_text(change.at),
            "kind": change.kind,
            "listing": change.listing_id,
            "before": change.before,
            "after": change.after,
            "reason": change.reason,
            "previous_hash": change.previous_hash,
        },
        sort_keys=True,
        separators=(",", ":"),
        ensure_ascii=False,
    )


def change_rows(changes: QuerySet[ListingChange]) -> list[Row]:
    """Changes as the API tells them. Who made a change is not public."""
    names = ("seq", "at", "kind", "listing", "before", "after", "reason", "previous_hash", "hash")
    values: Any = changes.values_list(*names)
    rows = [dict(zip(names, row, strict=True)) for row in values]
    for row in rows:
        row["at"] = instant_text(row["at"])
    return rows
