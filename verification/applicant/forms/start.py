"""Before there is an application: for whom, and for what kind of product."""

from typing import TYPE_CHECKING, Any

from django import forms

from verification.models import AppliesAs
from verification.models.application import ApplicationKind
from verification.product_groups import ProductGroup, groups
from verification.queries.organizations import Behalf, on_whose_behalf

if TYPE_CHECKING:
    from accounts.models import User


class OrganizationForm(forms.Form):
    name = forms.CharField(
        label="Name of your organization",
        error_messages={"required": "Give the name of the organization for which you apply."},
        help_text="The manufacturer, distributor or designated representative for whom you apply.",
        max_length=300,
        widget=forms.TextInput(attrs={"autocomplete": "organization"}),
    )


class StartForm(forms.Form):
    organization = forms.ChoiceField(
        label="For which organization?",
        widget=forms.RadioSelect,
        error_messages={"required": "Choose the organization.", "invalid_choice": "Choose one of your organizations."},
    )
    applies_as = forms.ChoiceField(
        label="Who makes the product?",
        choices=[
            (AppliesAs.MANUFACTURER, "This organization"),
            (AppliesAs.DISTRIBUTOR, "Another company; this organization sells it under a name of its own"),
        ],
        initial=AppliesAs.MANUFACTURER,
        widget=forms.RadioSelect,
        required=False,
    )
    product_group = forms.ChoiceField(
        label="To which product group does the product belong?",
        widget=forms.RadioSelect,
        error_messages={"required": "Choose the product group.", "invalid_choice": "Choose one of the product groups."},
    )

    def __init__(self, data: Any = None, *, by: "User", suggested: ProductGroup | None = None) -> None:
        """`suggested`: the group that is chosen at first."""
        super().__init__(data)
        self.own = on_whose_behalf(by, kind=ApplicationKind.INITIAL)
        if len(self.own) == 1:
            # One organization is no choice.
            del self.fields["organization"]
        else:
            self.fields["organization"].choices = [(each.key, each.label) for each in self.own]  # type: ignore[attr-defined]
        known = groups()
        self.fields["product_group"].choices = [(group.slug, _in_words(group)) for group in known]  # type: ignore[attr-defined]
        if suggested:
            self.fields["product_group"].initial = suggested.slug

    @property
    def chosen(self) -> Behalf:
        """For whom it is started, and through whom."""
        key = self.cleaned_data.get("organization")
        return next((each for each in self.own if each.key == key), self.own[0])

    @property
    def chosen_part(self) -> AppliesAs:
        """In which part the organization applies."""
        return AppliesAs(self.cleaned_data.get("applies_as") or AppliesAs.MANUFACTURER)


def _in_words(group: ProductGroup) -> str:
    return f"{group.title}. {group.about} Codes: {group.codes_in_short}."
