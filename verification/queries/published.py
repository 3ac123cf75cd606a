"""What was published of a determination."""

from typing import NamedTuple

from django.db.models import Prefetch
from django.utils import timezone

from pcl.models import RegisterEntry
from verification.models import Determination, DeterminedCode, Letter, LetterCorrection


class PublishedListing(NamedTuple):
    assigned: DeterminedCode
    entry: RegisterEntry | None
    """What the list shows now."""
    status: str
    """`current`, `ended` or `future` today."""


def published_listings(determination: Determination) -> list[PublishedListing]:
    """Each model and code with its listing as the list has it now: two queries, however many."""
    rows = list(determination.codes.select_related("model", "code").defer("code__search").order_by("model", "pk"))
    entries = {
        entry.listing_id: entry for entry in RegisterEntry.objects.filter(listing__in=[row.listing_id for row in rows])
    }
    today = timezone.localdate()
    return [
        PublishedListing(row, entry, entry.status_on(today) if entry else "")
        for row in rows
        for entry in [entries.get(row.listing_id or 0)]
    ]


def letters_of(determination: Determination) -> list[Letter]:
    """Its letters, the one that holds first; each with what was corrected in it, and by whom."""
    corrections = LetterCorrection.objects.select_related("proposed_by", "decided_by").order_by("pk")
    return list(
        determination.letters.select_related(
            "replaces", "replaced_by", "correction__proposed_by", "correction__decided_by"
        )
        .prefetch_related(Prefetch("corrections", corrections))
        .order_by("-pk")
    )
