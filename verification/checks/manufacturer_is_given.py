from collections.abc import Iterator

from verification.checks.gap import Gap
from verification.models import Application


def check(application: Application) -> Iterator[Gap]:
    """Section A.1: who makes the product."""
    if not application.manufacturer_name:
        yield Gap("manufacturer", "Give the manufacturer's name.", "manufacturer_name")
    if not application.manufacturer_address:
        yield Gap("manufacturer", "Give the manufacturer's address.", "manufacturer_address")
