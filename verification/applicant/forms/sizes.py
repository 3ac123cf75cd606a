"""Several sizes of one product: for each model number its size and the codes that are requested for it."""

from decimal import Decimal
from typing import Any

from django import forms

from hcpcs.models import Code
from verification.applicant.forms.question_fields import ExactNumberField
from verification.applicant.forms.section_form import SectionForm
from verification.models import Application, ApplicationModel
from verification.product_groups.group import Sizes
from verification.queries.evidence import sized_models
from verification.services import evidence
from verification.services.evidence import SizeSaid

LARGEST = Decimal(10_000)
SMALLEST = Decimal("0.01")


class SizesForm(SectionForm):
    def __init__(self, data: Any = None, *, application: Application) -> None:
        self.models = sized_models(application)
        self.requested = [row.code for row in application.requested_codes.select_related("code")]
        super().__init__(data, application=application)
        sizes = application.group.sizes
        assert sizes is not None, "the section is asked only where there are sizes"  # noqa: S101
        choices = [(str(code.pk), _with_bound(code, sizes)) for code in self.requested]
        for model in self.models:
            size = forms.CharField(
                label="Size, as on the label", help_text="For example 4 × 4 in.", max_length=120, required=False
            )
            size.heading = model.model_number  # type: ignore[attr-defined]
            self.fields[f"size-{model.pk}"] = size
            self.fields[f"measure-{model.pk}"] = ExactNumberField(
                label=f"{sizes.what[:1].upper()}{sizes.what[1:]}, in {sizes.unit}",
                minimum=SMALLEST,
                maximum=LARGEST,
                places=2,
                required=False,
            )
            self.fields[f"codes-{model.pk}"] = forms.MultipleChoiceField(
                label="Code requested for this size",
                choices=choices,
                widget=forms.CheckboxSelectMultiple,
                required=False,
                error_messages={"invalid_choice": "That code is not requested any more. See section B."},
            )

    @classmethod
    def stored(cls, application: Application) -> dict[str, Any]:
        requested = {row.code_id for row in application.requested_codes.all()}
        said: dict[str, Any] = {}
        for model in sized_models(application):
            said[f"size-{model.pk}"] = model.size
            said[f"measure-{model.pk}"] = "" if model.measure is None else _plain(model.measure)
            said[f"codes-{model.pk}"] = [str(code.pk) for code in model.codes.all() if code.pk in requested]
        return said

    def in_words(self, name: str, value: Any) -> str:
        if name.startswith("codes-"):
            return ", ".join(code.code for code in self.requested if str(code.pk) in (value or ()))
        if name.startswith("measure-"):
            return _plain(Decimal(value)) if value else ""
        return str(value or "")

    def save(self, *, seen_version: int) -> Application:
        return evidence.save_sizes(
            application=self.application,
            sizes={model.pk: self._said(model) for model in self.models},
            seen_version=seen_version,
        )

    def _said(self, model: ApplicationModel) -> SizeSaid:
        said = self.cleaned_data
        measure, codes = said[f"measure-{model.pk}"], said[f"codes-{model.pk}"]
        return SizeSaid(
            size=said[f"size-{model.pk}"],
            measure=Decimal(measure) if measure else None,
            codes=[code for code in self.requested if str(code.pk) in codes],
        )


def _plain(number: Decimal) -> str:
    """Without the zeros that the database puts behind it."""
    return f"{number.normalize():f}"


def _with_bound(code: Code, sizes: Sizes) -> str:
    bound = sizes.bound_of(code.code)
    return f"{code.code} ({bound.in_words(sizes.unit)})" if bound else code.code
