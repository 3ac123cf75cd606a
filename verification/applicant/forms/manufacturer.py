from collections.abc import Mapping

from django import forms
from django.core.validators import RegexValidator

from verification.applicant.forms.fields import LineBreaksField, TelephoneField
from verification.applicant.forms.section_form import SectionForm
from verification.models import Application
from verification.services import drafts


class ManufacturerForm(SectionForm):
    manufacturer_name = forms.CharField(
        label="Manufacturer's name",
        help_text="As it is to stand on the Product Classification List.",
        max_length=300,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "organization"}),
    )
    manufacturer_address = LineBreaksField(
        label="Manufacturer's address",
        max_length=600,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4, "autocomplete": "street-address"}),
    )
    fda_establishment_number = forms.CharField(
        label="FDA establishment number (optional)",
        help_text="Registration number or FEI; digits only.",
        max_length=20,
        required=False,
        validators=[RegexValidator(r"\A[0-9][0-9 -]*\Z", "An establishment number has only digits, like 3009912345.")],
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
    )
    contact_name = forms.CharField(
        label="Name of the contact",
        help_text="Who answers the reviewer's questions.",
        max_length=150,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    contact_email = forms.EmailField(
        label="Contact's e-mail address",
        required=False,
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    contact_phone = TelephoneField(label="Contact's telephone", required=False)

    headings: Mapping[str, str] = {"contact_name": "Point of contact"}

    def save(self, *, seen_version: int) -> Application:
        return drafts.save_section(
            application=self.application, section="manufacturer", values=self.cleaned_data, seen_version=seen_version
        )
