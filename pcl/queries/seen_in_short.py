"""What a person saw before confirming an act on many listings, short enough to be sent along and kept."""

import hashlib

from django.db.models import QuerySet

from pcl.models import Listing


def seen_in_short(listings: QuerySet[Listing], *said: str) -> str:
    """SHA-256 of which listings they are and in which versions, and of what else was `said` on the page."""
    digest = hashlib.sha256()
    for pk, version in listings.order_by("pk").values_list("pk", "version").iterator(chunk_size=10_000):
        digest.update(f"{pk}:{version};".encode())
    for text in said:
        digest.update(f"{len(text)}:{text};".encode())
    return digest.hexdigest()
