from collections.abc import Iterator

from verification.checks.gap import Gap
from verification.models import Application


def check(application: Application) -> Iterator[Gap]:
    """Section A.3: who applies for the manufacturer, where it does not do so itself."""
    if application.made_by_id is None:
        return
    if not application.representative_name:
        yield Gap("representative", "Give the representative's name.", "representative_name")
    if not application.representative_address:
        yield Gap("representative", "Give the representative's address.", "representative_address")
    if not application.representative_contact_name:
        yield Gap("representative", "Name the representative's contact.", "representative_contact_name")
    if not application.representative_contact_email:
        yield Gap("representative", "Give that contact's e-mail address.", "representative_contact_email")
    if not application.representative_contact_phone:
        yield Gap("representative", "Give that contact's telephone number.", "representative_contact_phone")
