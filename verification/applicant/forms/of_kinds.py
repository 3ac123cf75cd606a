"""Sections of which an application that follows a determination asks only a part: the rest is known."""

from collections.abc import Mapping
from typing import Any, ClassVar

from verification.applicant.forms.fields import Condition, shortened
from verification.applicant.forms.manufacturer import ManufacturerForm
from verification.applicant.forms.product import ProductForm
from verification.models import Application
from verification.queries.listed_by_others import listed_by_others
from verification.services import drafts


class ContactForm(ManufacturerForm):
    """Whom to ask, and where the letter goes. Who makes the product is known."""

    known = ("manufacturer_name", "fda_establishment_number")
    headings: Mapping[str, str] = {}

    def __init__(self, data: Any = None, *, application: Application) -> None:
        super().__init__(data, application=application)
        for name in self.known:
            del self.fields[name]
        self.fields["manufacturer_address"].label = "Address to which the letter goes"
        self.order_fields(["contact_name", "contact_email", "contact_phone", "manufacturer_address"])

    def save(self, *, seen_version: int) -> Application:
        known = {name: getattr(self.application, name) for name in drafts.SECTION_FIELDS["manufacturer"]}
        return drafts.save_section(
            application=self.application,
            section="manufacturer",
            values={**known, **self.cleaned_data},
            seen_version=seen_version,
        )


class PartOfProductForm(ProductForm):
    asked: ClassVar[tuple[str, ...]] = ()
    conditions: Mapping[str, Condition] = {}
    headings: Mapping[str, str] = {}

    def __init__(self, data: Any = None, *, application: Application) -> None:
        super().__init__(data, application=application)
        for name in [name for name in self.fields if name not in self.asked]:
            del self.fields[name]

    def save(self, *, seen_version: int) -> Application:
        said = {**self.stored(self.application), **self.cleaned_data}
        return drafts.save_product(
            application=self.application,
            values={name: said[name] for name in drafts.SECTION_FIELDS["product"]},
            model_numbers=said["model_numbers"],
            codes=said["codes"],
            seen_version=seen_version,
        )


class CodesForm(PartOfProductForm):
    """The codes that a reconsideration asks for."""

    asked = ("codes",)


class NewModelsForm(PartOfProductForm):
    """The model numbers to be added to a listed product."""

    asked = ("model_numbers",)
    suggested_codes = ()  # type: ignore[assignment]

    def __init__(self, data: Any = None, *, application: Application) -> None:
        super().__init__(data, application=application)
        self.fields["model_numbers"].label = "New model numbers"

    def notes(self) -> list[str]:
        """A number that another company lists is told at once; the contractor decides."""
        said = "{} is also a model number of {} on the list. If that is right, say so where you say what differs."
        others = listed_by_others(self.application)
        return [*super().notes(), *(said.format(shortened(number), maker) for number, maker in others)]
