from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.validators import RegexValidator
from django.utils import timezone

from hcpcs.models import Code
from verification.applicant.forms.fields import (
    CodesField,
    Condition,
    LineBreaksField,
    ModelNumbersField,
    PastDayField,
    said_twice,
)
from verification.applicant.forms.pasted import heading_of
from verification.applicant.forms.section_form import SectionForm
from verification.models import Application
from verification.models.application import FdaStatus
from verification.queries.product_groups import codes_of
from verification.services import drafts

# Each of so many model numbers that were there twice is named; of more their count.
FEW_MERGED = 5


class ProductForm(SectionForm):
    product_name = forms.CharField(
        label="Product name",
        help_text="As on the label. One product per application; colors and sizes of one product count as one.",
        max_length=300,
        required=False,
    )
    model_numbers = ModelNumbersField(
        label="Model numbers",
        help_text=(
            "One per line, or with commas between; a column pasted from a sheet is fine. "
            "The same number written in two ways counts once."
        ),
        max_length=60_000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    description = LineBreaksField(
        label="Narrative description",
        help_text="What the product does, how it works, what it is made of and how it is made. No patient data.",
        max_length=20_000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 8}),
    )
    first_marketed = PastDayField(
        label="Date first marketed (optional)",
        help_text="Leave it empty while it is not on the market.",
        required=False,
    )
    fda_status = forms.ChoiceField(
        label="Status with FDA", choices=FdaStatus.choices, widget=forms.RadioSelect, required=False
    )
    fda_submission_number = forms.CharField(
        label="Number of FDA's clearance",
        help_text="Where the device was cleared: of the 510(k), De Novo or premarket approval, like K123456.",
        max_length=20,
        required=False,
        validators=[
            RegexValidator(
                r"(?i)\A[A-Z]{0,3}[0-9]{4,8}(/[A-Z]?[0-9]{1,4})?\Z",
                "This is not a number as FDA gives them: K123456 for a 510(k), DEN123456 for a De Novo.",
            )
        ],
    )
    codes = CodesField(
        label="HCPCS codes that you request",
        help_text="With blanks or commas between. Each must be in force today.",
        max_length=400,
        required=False,
    )

    conditions: Mapping[str, Condition] = {
        "fda_submission_number": Condition("fda_status", frozenset({FdaStatus.CLEARED.value}))
    }
    headings: Mapping[str, str] = {"fda_status": "FDA", "codes": "HCPCS codes"}

    def __init__(self, data: Any = None, *, application: Application) -> None:
        super().__init__(data, application=application)
        self._merged: list[tuple[str, str]] = []

    @property
    def suggested_codes(self) -> list[Code]:
        """The codes of the product group that are in force today and known to the register."""
        known = codes_of(self.application.group, on=timezone.localdate())
        return [each.meaning for each in known if each.meaning and each.in_force]

    @classmethod
    def stored(cls, application: Application) -> dict[str, Any]:
        plain = {name: getattr(application, name) for name in drafts.SECTION_FIELDS["product"]}
        codes: list[Code] = [row.code for row in application.requested_codes.select_related("code")]
        return {**plain, "model_numbers": [model.model_number for model in application.models.all()], "codes": codes}

    def clean_model_numbers(self) -> list[str]:
        numbers, self._merged = said_twice(self.cleaned_data["model_numbers"])
        return numbers

    def clean_fda_submission_number(self) -> str:
        return str(self.cleaned_data["fda_submission_number"]).upper()

    def notes(self) -> list[str]:
        notes = []
        if heading := heading_of(str(self.data.get("model_numbers", ""))):
            notes.append(f"“{heading}” was taken for the heading of the column and left out.")
        if len(self._merged) > FEW_MERGED:
            some = ", ".join(dict.fromkeys(first for _, first in self._merged[:FEW_MERGED]))
            return [
                *notes,
                f"{len(self._merged)} model numbers were there more than once; each is kept once, such as {some}.",
            ]
        return notes + [
            f"{again} and {first} are the same model number; it is kept once, as {first}."
            for again, first in self._merged
        ]

    def save(self, *, seen_version: int) -> Application:
        said = self.cleaned_data
        return drafts.save_product(
            application=self.application,
            values={name: said[name] for name in drafts.SECTION_FIELDS["product"]},
            model_numbers=said["model_numbers"],
            codes=said["codes"],
            seen_version=seen_version,
        )
