from typing import Any

from django import forms

from verification.applicant.forms.fields import Condition, shortened
from verification.applicant.forms.section_form import SectionForm
from verification.models import Application, ConcernedListing
from verification.product_groups import reasons
from verification.queries.cited import cited_own
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

    @property
    def concerned(self) -> list[ConcernedListing]:
        """The listing that the reason speaks of, where one was chosen."""
        return list(self.application.concerned.select_related("listing__code", "listing__model__product"))

    def notes(self) -> list[str]:
        """What the number means, where it is an own one. Of every other number, nothing is said."""
        dcn = self.cleaned_data.get("previous_dcn", "")
        if not dcn:
            return []
        cited = cited_own(self.application, dcn)
        if cited is None:
            said = (
                f"{shortened(dcn)} is the number of no application of {self.application.organization.name} on this "
                "site. If it is from an older system, that is fine: the contractor looks it up. Otherwise check it."
            )
            return [said]
        return [f"{cited.dcn}: {cited.product_name}, {cited.public_status.lower()}."]

    def clean_previous_dcn(self) -> str:
        return " ".join(str(self.cleaned_data["previous_dcn"]).upper().split())

    def save(self, *, seen_version: int) -> Application:
        return drafts.save_section(
            application=self.application, section="reason", values=self.cleaned_data, seen_version=seen_version
        )
