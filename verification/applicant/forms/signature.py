from django import forms

from verification.applicant.forms.section_form import SectionForm
from verification.models import Application
from verification.services import drafts


class SignatureForm(SectionForm):
    signed_name = forms.CharField(
        label="Name of the signer",
        max_length=150,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    signed_title = forms.CharField(
        label="Title of the signer",
        help_text="For example: Director of Regulatory Affairs.",
        max_length=150,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "organization-title"}),
    )
    attested = forms.BooleanField(
        label="I attest that everything in this application is true and complete.", required=False
    )

    def save(self, *, seen_version: int) -> Application:
        return drafts.save_section(
            application=self.application, section="signature", values=self.cleaned_data, seen_version=seen_version
        )
