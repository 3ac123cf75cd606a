"""Whether the chain of changes is what it was: every edit of history is found, and where it begins."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection

from pcl.models import ListingChange
from pcl.services.changes import FIRST_PREVIOUS_HASH, hash_of_change

READ_AT_ONCE = 2000
FIELDS = ("seq", "at", "kind", "listing", "before", "after", "reason", "previous_hash", "hash")


@dataclass(frozen=True)
class Fault:
    seq: int
    """The number of the change at which it shows, or that should stand where something else does."""
    what: str


@dataclass(frozen=True)
class KnownHash:
    """The fingerprint of a change, as somebody noted it earlier."""

    seq: int
    hash: str


def stored_changes() -> Iterator[dict[str, Any]]:
    """All changes in order, a few at a time: memory stays flat however many there are."""
    rows: Any = ListingChange.objects.order_by("seq").values_list(*FIELDS)
    for row in rows.iterator(chunk_size=READ_AT_ONCE):
        yield dict(zip(FIELDS, row, strict=True))


def faults_in(changes: Iterable[dict[str, Any]], *, known: Iterable[KnownHash] = ()) -> Iterator[Fault]:
    """What is wrong with a chain that is told in order: gaps, strangers, edited fields, links that do not hold.

    `known` are fingerprints noted earlier: they find a chain that was calculated anew from some change on, or cut.
    """
    noted = {each.seq: each.hash for each in known}
    expected, previous_hash, latest = 1, FIRST_PREVIOUS_HASH, None
    for change in changes:
        seq = change["seq"]
        yield from _out_of_place(seq, expected)
        if _hash(change) != change["hash"]:
            yield Fault(seq, f"Change {seq} was altered: its fields do not have the fingerprint that it carries.")
        if change["previous_hash"] != previous_hash:
            yield Fault(seq, f"Change {seq} does not carry the fingerprint of the change told before it.")
        if latest is not None and change["at"] < latest:
            yield Fault(seq, f"Change {seq} says that it was made before the change told before it.")
        if noted.pop(seq, change["hash"]) != change["hash"]:
            yield Fault(seq, f"Change {seq} does not have the fingerprint that was noted of it: history was rewritten.")
        expected, previous_hash, latest = max(expected, seq + 1), change["hash"], change["at"]
    for seq in sorted(noted):
        yield Fault(seq, f"Change {seq}, of which a fingerprint was noted, is missing.")


def _out_of_place(seq: int, expected: int) -> Iterator[Fault]:
    if seq > expected:
        missing = f"Change {expected} is" if seq == expected + 1 else f"Changes {expected} to {seq - 1} are"
        yield Fault(expected, f"{missing} missing, or told later than {seq}.")
    elif seq < expected:
        yield Fault(expected, f"Where change {expected} should stand, {seq} is told a second time or too late.")


def _hash(change: dict[str, Any]) -> str:
    said: dict[str, Any] = {name: change[name] for name in FIELDS if name != "hash"}
    at: datetime = said.pop("at")
    return hash_of_change(at=at, **said)


# What the register says today must be what its newest change says. Compared where it lies: only differences come out.
_NOT_WHAT_THE_CHANGE_SAYS = """
    SELECT listing.id, listing.version, change.seq, last.seq, last.version,
        coalesce(change.after @> jsonb_build_object(
            'id', listing.id, 'code', code.code, 'manufacturer', maker.name, 'distributor', distributor.name,
            'product', product.name, 'model_number', nullif(model.model_number, ''),
            'classification', product.classification,
            'effective_from', lower(listing.effective), 'effective_to', upper(listing.effective) - 1,
            'origin', listing.origin, 'comment', listing.comment
        ), false) AS listing_agrees,
        coalesce(
            entry.code = change.after->>'code'
            AND entry.manufacturer = change.after->>'manufacturer'
            AND entry.distributor = coalesce(change.after->>'distributor', '')
            AND entry.product = change.after->>'product'
            AND entry.model_number = coalesce(change.after->>'model_number', '')
            AND entry.classification = change.after->>'classification'
            AND lower(entry.effective) = (change.after->>'effective_from')::date
            AND upper(entry.effective) - 1 IS NOT DISTINCT FROM (change.after->>'effective_to')::date
            AND entry.origin = change.after->>'origin'
            AND entry.comment = change.after->>'comment',
        false) AS entry_agrees
    FROM pcl_listing listing
    JOIN hcpcs_code code ON code.id = listing.code_id
    JOIN pcl_productmodel model ON model.id = listing.model_id
    JOIN pcl_product product ON product.id = model.product_id
    JOIN pcl_organization maker ON maker.id = product.manufacturer_id
    LEFT JOIN pcl_organization distributor ON distributor.id = product.distributor_id
    LEFT JOIN pcl_listingchange change ON change.listing_id = listing.id AND change.version = listing.version
    LEFT JOIN pcl_registerentry entry ON entry.listing_id = listing.id
    LEFT JOIN LATERAL (
        SELECT seq, version FROM pcl_listingchange
        WHERE listing_id = listing.id ORDER BY version DESC LIMIT 1
    ) last ON true
"""
_FAULTY_LISTINGS = f"""
    SELECT * FROM ({_NOT_WHAT_THE_CHANGE_SAYS}) AS compared (
        listing, version, seq, last_seq, last_version, listing_agrees, entry_agrees
    )
    WHERE seq IS NULL OR last_version <> version OR NOT listing_agrees OR NOT entry_agrees
    ORDER BY listing
"""  # noqa: S608 - put together from constants


def listings_unlike_their_changes() -> Iterator[Fault]:
    """Where a listing, or what search shows of it, is not what its newest change says. `seq` is that change, or 0."""
    with connection.cursor() as cursor:
        cursor.execute(_FAULTY_LISTINGS)
        for listing, version, seq, last_seq, last_version, listing_agrees, _ in cursor:
            if seq is None:
                what = f"Listing {listing} has had {version} changes, and the last of them is missing."
            elif last_version != version:
                what = (
                    f"Listing {listing} counts {version} changes, but its newest, change {last_seq}, "
                    f"is number {last_version}."
                )
            elif not listing_agrees:
                what = f"Listing {listing} is not what change {seq}, its newest, says."
            else:
                what = f"What search shows of listing {listing} is not what change {seq}, its newest, says."
            yield Fault(seq or last_seq or 0, what)
