from collections.abc import Iterator

from verification.checks.gap import Gap
from verification.models import Application


def check(application: Application) -> Iterator[Gap]:
    """Section B: the product's name, models and narrative description, and its status with FDA."""
    if not application.product_name:
        yield Gap("product", "Give the product's name.", "product_name")
    if not application.models.exists():
        yield Gap("product", "Give at least one model number.", "model_numbers")
    if not application.description:
        yield Gap("product", "Describe the product: what it does and how it is made.", "description")
    if not application.fda_status:
        yield Gap("product", "State the product's status with FDA.", "fda_status")
