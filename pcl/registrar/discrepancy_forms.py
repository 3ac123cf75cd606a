"""What a registrar looks for among discrepancy reports, and what they decide on one."""

from collections.abc import Sequence
from typing import Any

from django import forms

from pcl.models import DiscrepancyKind, DiscrepancyOutcome, DiscrepancyReport, ListingChange
from pcl.patient_numbers import patient_number_in
from pcl.queries.change_words import in_words
from pcl.queries.discrepancies import report_with_reference
from pcl.text import clean_text

STATES = [("open", "Open"), ("closed", "Closed"), ("all", "All")]


class InboxForm(forms.Form):
    # Chosen by the links above the table.
    state = forms.ChoiceField(choices=STATES, required=False, widget=forms.HiddenInput)
    kind = forms.ChoiceField(
        label="What is wrong", choices=[("", "Anything"), *DiscrepancyKind.choices], required=False
    )
    code = forms.CharField(label="HCPCS code", required=False, max_length=5)
    q = forms.CharField(label="Reference", required=False, max_length=12)

    def clean_code(self) -> str:
        return str(self.cleaned_data["code"]).strip().upper()

    @property
    def asked(self) -> dict[str, Any]:
        given = self.cleaned_data
        return {**given, "state": given["state"] or "open", "q": given["q"].strip()}


class NoteForm(forms.Form):
    """Beside others on one page: so its fields have ids of their own."""

    note = forms.CharField(
        label="Note for your colleagues",
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "Write the note."},
    )
    seen_version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("auto_id", f"{type(self).__name__.lower()}_%s")
        super().__init__(*args, **kwargs)

    def clean_note(self) -> str:
        return clean_text(self.cleaned_data["note"])


class ReopenForm(NoteForm):
    note = forms.CharField(
        label="Why is it opened again?",
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "Write down for your colleagues why."},
    )


class CloseForm(forms.Form):
    outcome = forms.ChoiceField(
        label="How does it end?",
        choices=DiscrepancyOutcome.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose how it ends."},
    )
    changes = forms.MultipleChoiceField(
        label="Changes of the register that resulted",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="Where the list was corrected.",
        error_messages={
            "invalid_choice": "Change %(value)s is not one of these. Choose again among the changes shown."
        },
    )
    duplicate_of = forms.CharField(
        label="Reference of the report that it repeats",
        required=False,
        max_length=20,
        help_text="Where it was reported before, such as D-7K3M-9Q2X.",
    )
    passed_on_to = forms.CharField(
        label="To whom it was passed on",
        required=False,
        max_length=200,
        help_text="Where somebody else must act, such as CMS, a DME MAC or the manufacturer.",
    )
    note = forms.CharField(
        label="Why, for your colleagues",
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Internal. It stays with the report.",
        error_messages={"required": "Write down for your colleagues why."},
    )
    answer = forms.CharField(
        label="Answer to the reporter",
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text="Mailed to the address that they gave. You see the whole mail before it leaves.",
        error_messages={"required": "The reporter asked for an answer. Write it."},
    )
    seen_version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(
        self, *args: Any, report: DiscrepancyReport, to_choose: Sequence[ListingChange], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.report = report
        self.to_choose = {str(change.seq): change for change in to_choose}
        self.fields["changes"].choices = [  # type: ignore[attr-defined]
            (seq, f"Change {seq}: {in_words(change).what}. {change.reason}"[:300])
            for seq, change in self.to_choose.items()
        ]
        if not report.email:
            del self.fields["answer"]
        if not to_choose:
            del self.fields["changes"]

    def clean_duplicate_of(self) -> DiscrepancyReport | None:
        reference: str = self.cleaned_data["duplicate_of"].strip()
        found = report_with_reference(reference) if reference else None
        if reference and found is None:
            raise forms.ValidationError(f"No report has the reference {reference}. Correct it.")
        return found

    def clean_answer(self) -> str:
        answer = clean_text(self.cleaned_data["answer"]).strip()
        if number := patient_number_in(answer):
            raise forms.ValidationError(f"This looks as if it held {number}. Take it out of the answer.")
        return answer

    @property
    def decision(self) -> dict[str, Any]:
        """Of a valid form: what `close_report` is to be told."""
        given = self.cleaned_data
        return {
            "outcome": DiscrepancyOutcome(given["outcome"]),
            "changes": [self.to_choose[seq] for seq in given.get("changes", [])],
            "duplicate_of": given["duplicate_of"],
            "passed_on_to": clean_text(given["passed_on_to"]).strip(),
            "answer": given.get("answer", ""),
        }
