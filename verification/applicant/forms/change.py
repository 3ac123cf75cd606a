from typing import Any

from django import forms

from verification.kinds import changes_to_choose


class ChangeForm(forms.Form):
    """What happened to a listed product."""

    change = forms.ChoiceField(
        label="What changed?",
        widget=forms.RadioSelect,
        error_messages={"required": "Choose what changed.", "invalid_choice": "Choose one of these."},
    )
    use_required_attribute = False

    def __init__(self, data: Any = None) -> None:
        super().__init__(data)
        self.fields["change"].choices = changes_to_choose()  # type: ignore[attr-defined]
