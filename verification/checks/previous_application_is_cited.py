from collections.abc import Iterator

from verification.checks.gap import Gap
from verification.models import Application
from verification.product_groups import reasons


def check(application: Application) -> Iterator[Gap]:
    """A reason that refers to an earlier review needs its document control number."""
    reason = reasons().for_application(application.reason)
    if reason and reason.needs_previous_dcn and not application.previous_dcn:
        yield Gap("reason", "Give the document control number of the earlier application.", "previous_dcn")
