from django import forms

from verification.applicant.forms.fields import LineBreaksField, TelephoneField
from verification.applicant.forms.section_form import SectionForm
from verification.models import Application
from verification.services import drafts


class RepresentativeForm(SectionForm):
    representative_name = forms.CharField(
        label="Representative's name",
        help_text="The independent company that the manufacturer has assigned to represent it.",
        max_length=300,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "organization"}),
    )
    representative_address = LineBreaksField(
        label="Representative's address",
        max_length=600,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4, "autocomplete": "street-address"}),
    )
    representative_contact_name = forms.CharField(
        label="Name of the contact",
        max_length=150,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    representative_contact_email = forms.EmailField(
        label="Contact's e-mail address",
        required=False,
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    representative_contact_phone = TelephoneField(label="Contact's telephone", required=False)

    headings = {"representative_contact_name": "Point of contact"}

    def save(self, *, seen_version: int) -> Application:
        return drafts.save_section(
            application=self.application, section="representative", values=self.cleaned_data, seen_version=seen_version
        )
