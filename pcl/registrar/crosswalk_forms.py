"""What is asked to begin a crosswalk, to look through it, and for each of its listings."""

from typing import Any

from django import forms
from django.http import QueryDict

from pcl.models import CrosswalkTarget
from pcl.queries.crosswalk_page import ENDS, SHOWN
from pcl.queries.listing_filter import CODE_FORM
from pcl.queries.parameters import LARGEST_NUMBER
from pcl.registrar.reason_form import ReasonForm, code_field, day_field
from pcl.services.crosswalks import Choice


class NewCrosswalkForm(ReasonForm):
    from_code = code_field("Code that ends")
    to_codes = forms.CharField(
        label="Codes that follow it",
        max_length=200,
        help_text="One or several, with blanks between them, such as L8701 L8702.",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    begins = day_field(
        "First day to bill under the new codes", help_text="The listings of the old code end on the day before."
    )

    def clean_to_codes(self) -> list[str]:
        codes = self.cleaned_data["to_codes"].replace(",", " ").replace(";", " ").split()
        for code in codes:
            try:
                CODE_FORM(code)
            except forms.ValidationError as error:
                raise forms.ValidationError(f"“{code[:20]}”: {error.message}") from error
        return list(dict.fromkeys(code.upper() for code in codes))


class ChoiceFilter(forms.Form):
    show = forms.ChoiceField(label="Show listings", choices=SHOWN, required=False)
    q = forms.CharField(label="Words of product, manufacturer or model number", required=False, max_length=400)


def shown_in(given: QueryDict, *, usual: str) -> tuple[ChoiceFilter, str, str]:
    """The filter as a form, filled in; which listings are shown, and the words looked for."""
    form = ChoiceFilter(given)
    valid = form.is_valid()
    show = (form.cleaned_data.get("show") or usual) if valid else usual
    q = form.cleaned_data.get("q", "") if valid else ""
    return ChoiceFilter({"show": show, "q": q}) if valid else form, show, q


def choices_in(given: QueryDict) -> dict[int, Choice]:
    """What stands in the rows of a posted page, by listing. A row that cannot be read is left out."""
    chosen: dict[int, Choice] = {}
    for name in given:
        if name.startswith("seen-"):
            pk, version = _number(name.removeprefix("seen-")), _number(given.get(name, ""))
            if pk is not None and version is not None:
                values = given.getlist(f"listing-{pk}")
                chosen[pk] = Choice(
                    targets=targets_in(values),
                    ends=ENDS in values,
                    seen_version=version,
                    was=given.get(f"was-{pk}", ""),
                )
    return chosen


def targets_in(values: list[str]) -> frozenset[int]:
    return frozenset(number for value in values if value != ENDS and (number := _number(value)) is not None)


def boxes(pk: str, targets: list[CrosswalkTarget], ticked: list[str]) -> list[dict[str, Any]]:
    """The boxes of one row, or of the choice for all."""
    offered = [(str(target.pk), target.code.code) for target in targets] + [(ENDS, "none: it just ends")]
    return [
        {"id": f"choice-{pk}-{value}", "value": value, "label": label, "is_ticked": value in ticked}
        for value, label in offered
    ]


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 and int(text) < LARGEST_NUMBER else None
