from typing import Any

from django import forms

from verification.models import MailPreference
from verification.queries.told import OPTIONAL


class MailsForm(forms.Form):
    OWN, EVERY = "own", "every"
    whose = forms.ChoiceField(
        label="Of which applications?",
        choices=[
            (OWN, "Applications that I began"),
            (EVERY, "Every application of the organizations for which I act"),
        ],
        widget=forms.RadioSelect,
    )
    wanted = forms.MultipleChoiceField(
        label="Which of these do you want?",
        help_text=(
            "Always mailed: when information is needed from you and when its last day comes near, when an application "
            "is rejected, and when a determination is made."
        ),
        choices=list(OPTIONAL.items()),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )

    def __init__(self, data: Any = None, *, now: MailPreference) -> None:
        initial = {
            "whose": self.EVERY if now.every_application else self.OWN,
            "wanted": [about for about in OPTIONAL if about not in now.unwanted],
        }
        super().__init__(data, initial=initial)
