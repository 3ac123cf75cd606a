"""Discrepancy reports for tests, filed through the service that the public pages use."""

import uuid
from typing import Any

from pcl.models import DiscrepancyKind, DiscrepancyReport, Listing
from pcl.services.discrepancies import file_report


def report_on(listing: Listing | None, **given: Any) -> DiscrepancyReport:
    """An open report; on something missing where there is no listing."""
    said: dict[str, Any] = {
        "submission": uuid.uuid4(),
        "kind": DiscrepancyKind.WRONG_DATES if listing else DiscrepancyKind.MISSING,
        "text": "The label says otherwise.",
        "about": "" if listing else "ReWalk 7 · RW-7 · Argo",
        **given,
    }
    return file_report(listing=listing, **said)
