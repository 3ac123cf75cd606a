from typing import Any

from django import forms

from verification.applicant.forms.fields import Condition
from verification.applicant.forms.section_form import SectionForm
from verification.models import Application
from verification.product_groups import reasons
from verification.services import drafts


class ReasonForm(SectionForm):
    reason = forms.ChoiceField(label="Why do you apply?", widget=forms.RadioSelect, required=False)
    previous_dcn = forms.CharField(
        label="Earlier document control number",
        help_text="Of the review or application that the reason speaks of. It stands on the letter or notice.",
        max_length=40,
        required=False,
    )

    def __init__(self, data: Any = None, *, application: Application) -> None:
        known = reasons().application
        self.conditions = {
            "previous_dcn": Condition("reason", frozenset(reason.key for reason in known if reason.needs_previous_dcn))
        }
        super().__init__(data, application=application)
        self.fields["reason"].choices = [(reason.key, reason.label) for reason in known]  # type: ignore[attr-defined]

    def save(self, *, seen_version: int) -> Application:
        return drafts.save_section(
            application=self.application, section="reason", values=self.cleaned_data, seen_version=seen_version
        )
