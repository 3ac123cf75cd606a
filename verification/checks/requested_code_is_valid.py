from collections.abc import Iterator

from django.utils import timezone

from verification.checks.gap import Gap
from verification.models import Application


def check(application: Application) -> Iterator[Gap]:
    """Section B asks for the HCPCS code or codes; each must be usable today."""
    requested = list(application.requested_codes.select_related("code"))
    if not requested:
        yield Gap("product", "Give the HCPCS code that you request.", "codes")
    for row in requested:
        if not row.code.valid_on(timezone.localdate()):
            yield Gap("product", f"{row.code.code} is not a valid code today. Request another one.", "codes")
