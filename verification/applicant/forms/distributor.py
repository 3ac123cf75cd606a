from django import forms

from verification.applicant.forms.fields import LineBreaksField, TelephoneField
from verification.applicant.forms.section_form import SectionForm
from verification.models import Application
from verification.services import drafts


class DistributorForm(SectionForm):
    distributor_name = forms.CharField(
        label="Distributor's name",
        help_text="Under whose name it is sold. Leave this section empty where that is the manufacturer.",
        max_length=300,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "organization"}),
    )
    distributor_address = LineBreaksField(
        label="Distributor's address",
        max_length=600,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4, "autocomplete": "street-address"}),
    )
    distributor_contact_name = forms.CharField(
        label="Name of the contact",
        max_length=150,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    distributor_contact_email = forms.EmailField(
        label="Contact's e-mail address",
        required=False,
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    distributor_contact_phone = TelephoneField(label="Contact's telephone", required=False)

    headings = {"distributor_contact_name": "Point of contact"}

    def save(self, *, seen_version: int) -> Application:
        return drafts.save_section(
            application=self.application, section="distributor", values=self.cleaned_data, seen_version=seen_version
        )
