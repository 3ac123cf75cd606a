"""Before there is an application: for whom, and for what kind of product."""

from typing import TYPE_CHECKING, Any

from django import forms

from pcl.models import Organization
from verification.product_groups import ProductGroup, groups
from verification.queries.representation import organizations_of

if TYPE_CHECKING:
    from accounts.models import User


class OrganizationForm(forms.Form):
    name = forms.CharField(
        label="Name of your organization",
        help_text="The manufacturer, distributor or designated representative for whom you apply.",
        max_length=300,
        widget=forms.TextInput(attrs={"autocomplete": "organization"}),
    )


class StartForm(forms.Form):
    organization = forms.ModelChoiceField(
        label="For which organization?",
        queryset=Organization.objects.none(),
        widget=forms.RadioSelect,
        empty_label=None,
        error_messages={"required": "Choose the organization.", "invalid_choice": "Choose one of your organizations."},
    )
    product_group = forms.ChoiceField(
        label="To which product group does the product belong?",
        widget=forms.RadioSelect,
        error_messages={"required": "Choose the product group.", "invalid_choice": "Choose one of the product groups."},
    )

    def __init__(self, data: Any = None, *, by: "User", suggested: ProductGroup | None = None) -> None:
        """`suggested`: the group that is chosen at first."""
        super().__init__(data)
        self.own = list(organizations_of(by))
        if len(self.own) == 1:
            # One organization is no choice.
            del self.fields["organization"]
        else:
            self.fields["organization"].queryset = organizations_of(by)  # type: ignore[attr-defined]
        known = groups()
        self.fields["product_group"].choices = [(group.slug, _in_words(group)) for group in known]  # type: ignore[attr-defined]
        if suggested:
            self.fields["product_group"].initial = suggested.slug

    @property
    def chosen_organization(self) -> Organization:
        chosen: Organization = self.cleaned_data.get("organization") or self.own[0]
        return chosen


def _in_words(group: ProductGroup) -> str:
    return f"{group.title}. {group.about} Codes: {group.codes_in_short}."
