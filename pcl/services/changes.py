"""The chain of changes: the one place that numbers, hashes and writes them."""

import hashlib
import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.db import connection
from django.db.models import Max
from django.utils import timezone

from pcl.models import EntryVersion, Listing, ListingChange
from pcl.models.listing import last_day
from pcl.models.listing_change import ChangeKind
from pcl.services.entries import AT_ONCE, refresh_entries

if TYPE_CHECKING:
    from accounts.models import User

FIRST_PREVIOUS_HASH = "0" * 64
# Any number will do, as long as nothing else locks it: 0x50434C is "PCL".
CHAIN_LOCK = 0x50434C
TICK = timedelta(microseconds=1)
# What is of each change of an act, in this order; the rest is of all.
_OF_EACH = {
    "seq": "bigint",
    "listing_id": "bigint",
    "version": "integer",
    "before": "jsonb",
    "after": "jsonb",
    "previous_hash": "text",
    "hash": "text",
}
_WRITE = f"""
    INSERT INTO pcl_listingchange (at, kind, reason, by_id, {", ".join(_OF_EACH)})
    SELECT %s, %s, %s, %s::bigint, {", ".join(f"{name}::{kind}" for name, kind in _OF_EACH.items())}
    FROM unnest({", ".join(f"%s::{'text' if kind == 'jsonb' else kind}[]" for kind in _OF_EACH.values())})
        AS change ({", ".join(_OF_EACH)})
"""  # noqa: S608  # columns of the model


@dataclass(frozen=True)
class ChainHead:
    seq: int
    hash: str
    at: datetime | None
    """When the last change was made; None while there is none."""


def stand_at_the_chain() -> ChainHead:
    """The last change, with the right to write the next one until the transaction ends.

    One writer at a time makes the numbers gapless and their order the order of commit.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [CHAIN_LOCK])
        # Until the transaction ends, say that no trigger is ignored. Where nothing is said, pgtrigger's own function
        # meets an error each time that a trigger fires, and to come back from it PostgreSQL looks through all that
        # waits for the commit: with 100,000 listings in one act, for hours.
        cursor.execute(
            "SELECT set_config('pgtrigger.ignore',"
            " coalesce(nullif(current_setting('pgtrigger.ignore', TRUE), ''), '{}'), TRUE)"
        )
    last = ListingChange.objects.order_by("-seq").values_list("seq", "hash", "at").first()
    return ChainHead(*last) if last else ChainHead(0, FIRST_PREVIOUS_HASH, None)


def instant_of_change(head: ChainHead) -> datetime:
    """Now; yet after everything that the register has said, though the clock be set back or two acts fall on one tick.

    To be asked while standing at the chain: what the list said when must have one answer.
    """
    shown = EntryVersion.objects.aggregate(latest=Max("changed_at"))["latest"]
    latest = max((at for at in (head.at, shown) if at is not None), default=None)
    return timezone.now() if latest is None else max(timezone.now(), latest + TICK)


def hash_of_change(
    *,
    seq: int,
    at: datetime,
    kind: str,
    listing: int,
    before: dict[str, Any] | None,
    after: dict[str, Any],
    reason: str,
    previous_hash: str,
) -> str:
    """SHA-256, in hexadecimal, of the change's public fields as JSON: keys sorted, no blanks, UTF-8, `at` in UTC."""
    said = {
        "seq": seq,
        "at": instant_text(at),
        "kind": kind,
        "listing": listing,
        "before": before,
        "after": after,
        "reason": reason,
        "previous_hash": previous_hash,
    }
    return hashlib.sha256(
        json.dumps(said, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
    ).hexdigest()


def instant_text(at: datetime) -> str:
    """An instant as changes write it: UTC, always with six decimals, ending in Z."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def public_listings(listing_ids: Collection[int]) -> dict[int, dict[str, Any]]:
    """What the register says of each of these listings, as a change keeps it: names as they are at this moment."""
    rows = Listing.objects.filter(pk__in=listing_ids).values_list(
        "pk",
        "code__code",
        "model__product__manufacturer__name",
        "model__product__distributor__name",
        "model__product__name",
        "model__model_number",
        "model__product__classification",
        "effective",
        "origin",
        "comment",
    )
    return {
        pk: {
            "id": pk,
            "code": code,
            "manufacturer": manufacturer,
            "distributor": distributor,
            "product": product,
            "model_number": model_number or None,
            "classification": classification,
            "effective_from": effective.lower.isoformat(),
            "effective_to": end.isoformat() if (end := last_day(effective)) else None,
            "origin": origin,
            "comment": comment,
        }
        for (
            pk,
            code,
            manufacturer,
            distributor,
            product,
            model_number,
            classification,
            effective,
            origin,
            comment,
        ) in rows.order_by("pk")
    }


def record_changes(
    *,
    kind: ChangeKind,
    before: Mapping[int, dict[str, Any] | None],
    reason: str,
    by: "User | None",
    at: datetime | None = None,
) -> list[ListingChange]:
    """Append the changes that made listings what they are now, and bring what the register shows up to date.

    `before` says, for each listing changed, what the register said until now: null where it said nothing, and of a new
    period or another code the row of the listing that it follows. All are of one act and so of one instant. To be
    called in the transaction that changed the listings; the database refuses a commit without it.

    `at` is for an act that is recorded in several pieces: `instant_of_change`, asked once in the same transaction.
    """
    head = stand_at_the_chain()
    at = at or instant_of_change(head)
    after = public_listings(before.keys())
    versions = dict(Listing.objects.filter(pk__in=before).values_list("pk", "version"))
    rows, seq, previous_hash = [], head.seq, head.hash
    for pk, said_before in before.items():
        seq += 1
        hashed = hash_of_change(
            seq=seq,
            at=at,
            kind=str(kind),
            listing=pk,
            before=said_before,
            after=after[pk],
            reason=reason,
            previous_hash=previous_hash,
        )
        rows.append((seq, pk, versions[pk], said_before, after[pk], previous_hash, hashed))
        previous_hash = hashed
    of_all = {"at": at, "kind": str(kind), "reason": reason, "by_id": by.pk if by else None}
    _write(rows, of_all)
    refresh_entries(before.keys(), at=at)
    changes = [ListingChange(**of_all, **dict(zip(_OF_EACH, row, strict=True))) for row in rows]
    for change in changes:
        change._state.adding = False  # noqa: SLF001 - as bulk_create says that it stands in the database
    return changes


def _write(rows: list[tuple[Any, ...]], of_all: Mapping[str, Any]) -> None:
    """One array for each column of `_OF_EACH`: to write thousands of rows takes a third of what single values take."""
    with connection.cursor() as cursor:
        for first in range(0, len(rows), AT_ONCE):
            columns = dict(zip(_OF_EACH, map(list, zip(*rows[first : first + AT_ONCE], strict=True)), strict=True))
            for name in ("before", "after"):
                columns[name] = [None if said is None else json.dumps(said) for said in columns[name]]
            cursor.execute(_WRITE, [*of_all.values(), *columns.values()])


def record_change(
    *, listing: Listing, kind: ChangeKind, before: dict[str, Any] | None, reason: str, by: "User | None"
) -> ListingChange:
    """`record_changes` of one listing."""
    return record_changes(kind=kind, before={listing.pk: before}, reason=reason, by=by)[0]
