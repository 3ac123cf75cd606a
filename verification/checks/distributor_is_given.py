from collections.abc import Iterator

from verification.checks.gap import Gap
from verification.models import Application, AppliesAs


def check(application: Application) -> Iterator[Gap]:
    """Section A.2 is needed of a distributor that applies; of others all of it, once something of it is said."""
    said = (
        ("distributor_name", "Give the distributor's name.", application.distributor_name),
        ("distributor_address", "Give the distributor's address.", application.distributor_address),
        ("distributor_contact_name", "Name the distributor's contact.", application.distributor_contact_name),
        ("distributor_contact_email", "Give that contact's e-mail address.", application.distributor_contact_email),
        ("distributor_contact_phone", "Give that contact's telephone number.", application.distributor_contact_phone),
    )
    if application.applies_as == AppliesAs.DISTRIBUTOR or any(text for _, _, text in said):
        yield from (Gap("distributor", message, field) for field, message, text in said if not text)
