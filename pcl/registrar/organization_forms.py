"""What is asked for each act on an organization."""

from typing import Any

from django import forms

from pcl.models import Organization
from pcl.registrar.fields import Text
from pcl.registrar.reason_form import ReasonForm, day_field, name_field, source_field


class NewOrganizationForm(forms.Form):
    name = name_field("Name of the organization")
    may_look_alike = forms.BooleanField(label="It is another organization, though the names look alike", required=False)
    look_alike = False


class OrganizationActForm(ReasonForm):
    seen_name = forms.CharField(widget=forms.HiddenInput, max_length=300)


class RenameOrganizationForm(OrganizationActForm):
    name = name_field("New name")
    since = day_field("Called so since", help_text="The former name stays findable, until the day before.")
    source = source_field()


class MergeForm(OrganizationActForm):
    since = day_field("Merged since", help_text="The first day on which the two are one.")
    source = source_field()
    typed_name = Text(label="Name of the organization that disappears", max_length=300)

    def __init__(self, *args: Any, merged: Organization, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.merged = merged
        self.fields["typed_name"].help_text = "A merger cannot be taken back. Type the name as it stands above."

    def clean_typed_name(self) -> str:
        typed: str = self.cleaned_data["typed_name"]
        if " ".join(typed.split()).casefold() != self.merged.name.casefold():
            raise forms.ValidationError(f"This is not its name. Type “{self.merged.name}”, if that is what you mean.")
        return typed
