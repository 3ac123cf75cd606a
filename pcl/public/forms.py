"""What can be asked of the lists that are not listings."""

from datetime import date
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils import timezone

from hcpcs.queries.code_facets import FACETS
from pcl.queries.code_search import chosen_in
from pcl.queries.listing_filter import DayField
from pcl.queries.parameters import BadParameter

CODE_STATUSES = [
    ("current", "In force on that day"),
    ("ended", "Ended before that day"),
    ("future", "Begin after that day"),
    ("all", "All, whenever in force"),
]

NOT_AN_ADDRESS = "This is not an e-mail address. Write one such as billing@supplier.example."


class DayForm(forms.Form):
    on = DayField(label="Date of service", required=False)


def asked_day(given: QueryDict) -> tuple[DayForm, date]:
    """The form, filled in, and the date of service that a page is about: today where none or a bad one is given."""
    form = DayForm(given)
    on = (form.cleaned_data["on"] if form.is_valid() else None) or timezone.localdate()
    if form.is_valid() and not given.get("on"):
        form = DayForm({"on": on.isoformat()})
    return form, on


class ModifierSearchForm(forms.Form):
    q = forms.CharField(label="Modifier, or words of its description", required=False, max_length=400)
    status = forms.ChoiceField(label="Modifiers that are", choices=CODE_STATUSES, required=False)
    on = DayField(label="Date of service", required=False)

    @property
    def search(self) -> dict[str, Any]:
        """What is asked for, of a valid form: `q`, `status` and `on`."""
        return {
            "q": self.cleaned_data["q"].strip(),
            "status": self.cleaned_data["status"] or "current",
            "on": self.cleaned_data["on"] or timezone.localdate(),
        }


class FacetField(forms.CharField):
    """A value chosen among those that the page offers; it goes along when the search is asked again."""

    widget = forms.HiddenInput

    def __init__(self, facet: str) -> None:
        super().__init__(label=FACETS[facet][0], required=False, max_length=20)
        self.facet = facet

    def clean(self, value: Any) -> str:
        try:
            return chosen_in({self.facet: super().clean(value)}, self.facet)
        except BadParameter as fault:
            raise forms.ValidationError(str(fault)) from fault


class CodeSearchForm(ModifierSearchForm):
    q = forms.CharField(label="Code, beginning of a code, or words of the description", required=False, max_length=400)
    status = forms.ChoiceField(label="Codes that are", choices=CODE_STATUSES, required=False)
    group = FacetField("group")
    betos = FacetField("betos")
    pricing = FacetField("pricing")
    coverage = FacetField("coverage")

    @property
    def search(self) -> dict[str, Any]:
        chosen = {name: self.cleaned_data[name] for name in FACETS if self.cleaned_data[name]}
        return {**super().search, "chosen": chosen}
