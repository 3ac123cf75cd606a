from django import forms

from pcl.text_field import Text


class MessageForm(forms.Form):
    # The last message on the page on which it was written; 0 for none.
    seen_up_to = forms.IntegerField(widget=forms.HiddenInput, min_value=0, required=False)
    text = Text(
        label="Message to the applicant",
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text="The applicant reads it and gets a mail that says so. Your name is not told.",
    )


class RemarkForm(forms.Form):
    text = Text(
        label="Internal remark",
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="Only the contractor’s people read it. It cannot be changed or taken back.",
    )
