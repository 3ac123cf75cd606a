from collections.abc import Iterator

from verification.checks.gap import Gap
from verification.models import Application
from verification.product_groups import reasons


def check(application: Application) -> Iterator[Gap]:
    """One of the reasons must be selected for the application to be processed."""
    if reasons().for_application(application.reason) is None:
        yield Gap("reason", "Say why you apply.", "reason")
