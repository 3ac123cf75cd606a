"""The checklist as a form: for each requirement whether it is met, and where that is shown."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django import forms

from hcpcs.models import Code
from verification.models import Application, Met
from verification.queries.checklist import Row

NOT_LOOKED_AT = ("", "Still open")


@dataclass(frozen=True)
class FormRow:
    row: Row
    met: forms.BoundField
    evidence: forms.BoundField
    differs: bool
    """Whether what is typed is not what is saved; told after somebody else saved in between."""


class ChecklistForm(forms.Form):
    seen_version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    def __init__(self, *args: Any, application: Application, rows: list[Row], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.rows = rows
        self.fields["seen_version"].initial = application.version
        for row in rows:
            self.fields[f"met-{row.name}"] = forms.ChoiceField(
                label=f"{row.code.code}: {row.requirement}",
                choices=[NOT_LOOKED_AT, *Met.choices],
                required=False,
                initial=row.finding.met if row.finding else "",
                widget=forms.RadioSelect,
            )
            self.fields[f"evidence-{row.name}"] = forms.CharField(
                label="Evidence",
                max_length=5_000,
                required=False,
                initial=row.finding.evidence if row.finding else "",
                widget=forms.Textarea(attrs={"rows": 2}),
            )

    def findings(self) -> dict[str, tuple[str, str]]:
        """By row name, as the service takes them."""
        said = self.cleaned_data
        return {row.name: (said[f"met-{row.name}"], said[f"evidence-{row.name}"]) for row in self.rows}

    def by_code(self) -> Iterator[tuple[Code, list[FormRow]]]:
        for code, rows in groupby(self.rows, key=lambda row: row.code):
            yield code, [self._form_row(row) for row in rows]

    def _form_row(self, row: Row) -> FormRow:
        met, evidence = self[f"met-{row.name}"], self[f"evidence-{row.name}"]
        saved = (row.finding.met, row.finding.evidence.strip()) if row.finding else ("", "")
        return FormRow(row, met, evidence, ((met.value() or ""), (evidence.value() or "").strip()) != saved)
