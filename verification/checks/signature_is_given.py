from collections.abc import Iterator

from verification.checks.gap import Gap
from verification.models import Application


def check(application: Application) -> Iterator[Gap]:
    """Section D: somebody attests, by name and title, that all of it is true."""
    if not application.signed_name:
        yield Gap("signature", "Give the name of who signs.", "signed_name")
    if not application.signed_title:
        yield Gap("signature", "Give the title of who signs.", "signed_title")
    if not application.attested:
        yield Gap("signature", "Attest that what the application says is true and complete.", "attested")
