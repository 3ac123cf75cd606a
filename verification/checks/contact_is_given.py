from collections.abc import Iterator

from verification.checks.gap import Gap
from verification.models import Application


def check(application: Application) -> Iterator[Gap]:
    """Somebody has to be reachable for questions during the review."""
    if not application.contact_name:
        yield Gap("manufacturer", "Name the point of contact.", "contact_name")
    if not application.contact_email:
        yield Gap("manufacturer", "Give the contact's e-mail address.", "contact_email")
    if not application.contact_phone:
        yield Gap("manufacturer", "Give the contact's telephone number.", "contact_phone")
