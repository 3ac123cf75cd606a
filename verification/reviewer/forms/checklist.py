"""The checklist as a form: for each requirement whether it is met, and where that is shown."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django import forms

from hcpcs.models import Code
from verification.models import Application, Document, Met
from verification.queries.checklist import Row
from verification.services.review import FoundThis

# How many places of evidence a requirement may have.
MOST_PLACES = 5
LAST_PAGE = 9_999
NOT_LOOKED_AT = ("", "Still open")


@dataclass(frozen=True)
class FormRow:
    row: Row
    met: forms.BoundField
    evidence: forms.BoundField
    places: list[tuple[forms.BoundField, forms.BoundField]]
    """Document and page of each place; the last one is empty, for another."""
    differs: bool
    """Whether what is typed is not what is saved; told after somebody else saved in between."""


class ChecklistForm(forms.Form):
    seen_version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    def __init__(self, *args: Any, application: Application, rows: list[Row], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.rows = rows
        self.fields["seen_version"].initial = application.version
        documents = [document for document in application.documents.all() if document.removed_at is None]
        for row in rows:
            self._add_places(row, documents)
            self.fields[f"met-{row.name}"] = forms.ChoiceField(
                label=f"{row.code.code}: {row.requirement}" if row.code else row.requirement,
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

    def _add_places(self, row: Row, documents: list[Document]) -> None:
        choices = [("", "No document"), *((str(document.pk), document.name) for document in documents)]
        # What was typed is shown again, also where somebody else saved fewer places in between.
        typed = [number + 1 for number in range(MOST_PLACES) if self.data.get(self._names(row, number)[0])]
        most = min(max(len(row.shown_in) + 1, *typed, 0), MOST_PLACES) if documents else 0
        for number in range(most):
            place = row.shown_in[number] if number < len(row.shown_in) else None
            document, page = self._names(row, number)
            self.fields[document] = forms.ChoiceField(
                label=f"Shown in, for {row.requirement}",
                choices=choices,
                required=False,
                initial=str(place.document.pk) if place else "",
            )
            self.fields[page] = forms.IntegerField(
                label=f"Page, for {row.requirement}",
                min_value=1,
                max_value=LAST_PAGE,
                required=False,
                initial=place.page if place else None,
            )

    @staticmethod
    def _names(row: Row, number: int) -> tuple[str, str]:
        return f"document-{row.name}-{number}", f"page-{row.name}-{number}"

    def clean(self) -> dict[str, Any]:
        said = super().clean() or self.cleaned_data
        for row in self.rows:
            for number in range(MOST_PLACES):
                document, page = self._names(row, number)
                if said.get(page) and not said.get(document) and document in self.fields:
                    self.add_error(document, "Choose the document of this page, or leave the page out.")
        return said

    def findings(self) -> dict[str, FoundThis]:
        """By row name, as the service takes them."""
        said = self.cleaned_data
        return {
            row.name: FoundThis(said[f"met-{row.name}"], said[f"evidence-{row.name}"], self._shown_in(row))
            for row in self.rows
        }

    def _shown_in(self, row: Row) -> tuple[tuple[int, int | None], ...]:
        names = [self._names(row, number) for number in range(MOST_PLACES)]
        places = [(self.cleaned_data.get(document), self.cleaned_data.get(page)) for document, page in names]
        return tuple((int(document), page) for document, page in places if document)

    def by_code(self) -> Iterator[tuple[Code | None, list[FormRow]]]:
        for code, rows in groupby(self.rows, key=lambda row: row.code):
            yield code, [self._form_row(row) for row in rows]

    def _form_row(self, row: Row) -> FormRow:
        met, evidence = self[f"met-{row.name}"], self[f"evidence-{row.name}"]
        saved = (row.finding.met, row.finding.evidence.strip()) if row.finding else ("", "")
        names = [self._names(row, number) for number in range(MOST_PLACES)]
        places = [(self[document], self[page]) for document, page in names if document in self.fields]
        differs = ((met.value() or ""), (evidence.value() or "").strip()) != saved
        return FormRow(row, met, evidence, places, differs)
