from django import forms

from verification.applicant.forms.fields import PastDayField


class LetterForm(forms.Form):
    """What stands at the head of a letter."""

    dcn = forms.CharField(
        label="Document control number",
        help_text="As in CVR-2026-000123, at the head of the letter.",
        max_length=40,
        error_messages={"required": "Give the document control number that stands in the letter."},
    )
    letter_date = PastDayField(
        label="Date of the letter", error_messages={"required": "Give the date that stands at the head of the letter."}
    )

    def clean_dcn(self) -> str:
        return "".join(str(self.cleaned_data["dcn"]).upper().split())
