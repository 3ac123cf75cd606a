from typing import Any

from django import forms

from pcl.text_field import Text
from verification.models import Purpose, SavedReply
from verification.queries.saved_replies import PLACEHOLDERS, wrong_placeholders


class SavedReplyForm(forms.Form):
    seen_version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
    purpose = forms.ChoiceField(label="Used in", choices=Purpose.choices, widget=forms.RadioSelect)
    title = Text(label="Title", max_length=120, help_text="Only reviewers read it: what it is for, in a few words.")
    text = Text(
        label="Text",
        max_length=5_000,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text="The applicant reads it, changed by the reviewer or not. In a request each line is an "
        "item that is answered by itself.",
    )

    def __init__(self, *args: Any, reply: SavedReply | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.placeholders = [(f"{{{name}}}", means) for name, means in PLACEHOLDERS.items()]
        if reply is None:
            self.initial = {"seen_version": 0, "purpose": Purpose.MESSAGE.value}
        else:
            self.initial = {
                "seen_version": reply.version,
                "purpose": reply.purpose,
                "title": reply.title,
                "text": reply.text,
            }

    def clean(self) -> dict[str, Any]:
        said = super().clean() or self.cleaned_data
        if "text" in said and "purpose" in said:
            for wrong in wrong_placeholders(said["text"], said["purpose"]):
                self.add_error("text", wrong)
        return said
