"""The chain of changes: the one place that numbers, hashes and writes them."""

import hashlib
import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from django.db import connection
from django.utils import timezone

from pcl.models import Listing, ListingChange
from pcl.models.listing_change import ChangeKind
from pcl.services.entries import refresh_entry

if TYPE_CHECKING:
    from accounts.models import User

FIRST_PREVIOUS_HASH = "0" * 64
# Any number will do, as long as nothing else locks it: 0x50434C is "PCL".
CHAIN_LOCK = 0x50434C


@dataclass(frozen=True)
class ChainHead:
    seq: int
    hash: str


def stand_at_the_chain() -> ChainHead:
    """The last change, with the right to write the next one until the transaction ends.

    One writer at a time makes the numbers gapless and their order the order of commit.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [CHAIN_LOCK])
    last = ListingChange.objects.order_by("-seq").values_list("seq", "hash").first()
    return ChainHead(*last) if last else ChainHead(0, FIRST_PREVIOUS_HASH)


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


def public_listing(listing: Listing) -> dict[str, Any]:
    """What the register says of a listing, as a change keeps it: names as they are at this moment."""
    product = listing.model.product
    return {
        "id": listing.pk,
        "code": listing.code.code,
        "manufacturer": product.manufacturer.name,
        "distributor": product.distributor.name if product.distributor else None,
        "product": product.name,
        "model_number": listing.model.model_number or None,
        "classification": product.classification,
        "effective_from": listing.effective_from.isoformat(),
        "effective_to": listing.effective_to.isoformat() if listing.effective_to else None,
        "origin": listing.origin,
        "comment": listing.comment,
    }


def record_change(
    *,
    listing: Listing,
    kind: ChangeKind,
    before: dict[str, Any] | None,
    reason: str,
    by: "User | None",
) -> ListingChange:
    """Append the change that made `listing` what it is now, and bring what the register shows up to date.

    To be called in the transaction that changed the listing; the database refuses a commit without it.
    """
    head = stand_at_the_chain()
    said: dict[str, Any] = {
        "seq": head.seq + 1,
        "at": timezone.now(),
        "kind": str(kind),
        "before": before,
        "after": public_listing(listing),
        "reason": reason,
        "previous_hash": head.hash,
    }
    change = ListingChange.objects.create(
        **said, listing=listing, version=listing.version, by=by, hash=hash_of_change(**said, listing=listing.pk)
    )
    refresh_entry(listing, at=change.at)
    return change
