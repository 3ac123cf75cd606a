import re

from django import forms
from django.core.validators import RegexValidator

from verification.applicant.forms.fields import LineBreaksField
from verification.applicant.forms.section_form import SectionForm
from verification.models import Application
from verification.services import drafts

FEWEST_DIGITS = 7


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
    contact_phone = forms.CharField(
        label="Contact's telephone",
        max_length=40,
        required=False,
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel"}),
    )
    distributor_name = forms.CharField(
        label="Distributor's name (optional)",
        help_text="Only where the product is sold under another company's name.",
        max_length=300,
        required=False,
    )

    # With the letters that the paper form has.
    headings = {
        "manufacturer_name": "A.1 Manufacturer",
        "contact_name": "Point of contact",
        "distributor_name": "A.2 Distributor",
    }

    def clean_contact_phone(self) -> str:
        phone: str = self.cleaned_data["contact_phone"]
        if phone and len(re.findall(r"\d", phone)) < FEWEST_DIGITS:
            raise forms.ValidationError(f"A telephone number has at least {FEWEST_DIGITS} digits, like 508 555 0100.")
        return phone

    def save(self, *, seen_version: int) -> Application:
        return drafts.save_section(
            application=self.application, section="manufacturer", values=self.cleaned_data, seen_version=seen_version
        )
