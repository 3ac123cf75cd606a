from collections.abc import Iterator

from pcl.models import Listing
from verification.checks.gap import Gap
from verification.models import Application


def check(application: Application) -> Iterator[Gap]:
    """The new model numbers, none of which is listed for the product under these codes already."""
    numbers = {model.normalized: model.model_number for model in application.models.all()}
    if not numbers:
        yield Gap("product", "Give at least one new model number.", "model_numbers")
        return
    concerned = application.concerned.select_related("listing__model").first()
    if concerned is None:
        return
    listed = Listing.objects.filter(
        model__product=concerned.listing.model.product_id,
        model__normalized__in=numbers,
        code__in=application.requested_codes.values("code"),
        effective__endswith=None,
    )
    for normalized in listed.order_by("model__normalized").values_list("model__normalized", flat=True).distinct():
        yield Gap("product", f"{numbers[normalized]} is listed already. Take it out.", "model_numbers")
    if application.answers.get("same-product") == "no":
        yield Gap(
            "questions",
            "What is not the same product as the listed one needs a new application, not an attestation.",
            "same-product",
        )
