from collections.abc import Iterator

from verification.checks.gap import Gap
from verification.letters.compose import character_no_letter_can_show
from verification.models import Application


def check(application: Application) -> Iterator[Gap]:
    """The letter names product, maker, contact and models; what it cannot show would stop it after the decision."""
    for section, field, label, text in (
        ("manufacturer", "manufacturer_name", "the manufacturer's name", application.manufacturer_name),
        ("manufacturer", "manufacturer_address", "the manufacturer's address", application.manufacturer_address),
        ("manufacturer", "contact_name", "the contact's name", application.contact_name),
        ("product", "product_name", "the product's name", application.product_name),
        (
            "product",
            "model_numbers",
            "the model numbers",
            " ".join(row.model_number for row in application.models.all()),
        ),
    ):
        character = character_no_letter_can_show(text)
        if character:
            yield Gap(section, f"Write {label} without “{character}”: the letter cannot show it.", field)
