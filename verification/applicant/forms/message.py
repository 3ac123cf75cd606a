from django import forms

from verification.applicant.forms.fields import LineBreaksField


class MessageForm(forms.Form):
    text = LineBreaksField(
        label="Your message",
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 5}),
        error_messages={"required": "Write something, then send it."},
        help_text="The reviewer reads it. It cannot be changed or taken back. No patient data.",
    )
