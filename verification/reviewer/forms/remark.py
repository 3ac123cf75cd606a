from django import forms

from verification.models import Visibility


class RemarkForm(forms.Form):
    text = forms.CharField(label="Remark", max_length=20_000, widget=forms.Textarea(attrs={"rows": 4}))
    visibility = forms.ChoiceField(
        label="Who reads it",
        choices=[(visibility.value, visibility.label) for visibility in (Visibility.INTERNAL, Visibility.APPLICANT)],
        initial=Visibility.INTERNAL.value,
        widget=forms.RadioSelect,
        help_text="A remark cannot be changed or taken back.",
    )
