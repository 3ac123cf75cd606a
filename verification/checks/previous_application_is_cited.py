from collections.abc import Iterator

from verification.checks.gap import Gap
from verification.models import Application
from verification.product_groups import reasons


def check(application: Application) -> Iterator[Gap]:
    """A reason that refers to an earlier review needs its document control number."""
    reason = reasons().for_application(application.reason)
    if reason is None or not reason.needs_previous_dcn or application.previous_dcn:
        return
    if not reason.or_listing:
        yield Gap("reason", "Give the document control number of the earlier application.", "previous_dcn")
    elif not application.concerned.exists():
        yield Gap(
            "reason",
            "Give the document control number of the earlier application, or choose the listing from your own.",
            "previous_dcn",
        )
