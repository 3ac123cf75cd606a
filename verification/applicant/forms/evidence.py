"""Codes and evidence: for each element of the requested codes, where it is shown, or why it is not."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.html import escape

from verification.applicant.forms.fields import LineBreaksField
from verification.applicant.forms.question_fields import DocumentChoice, page_field
from verification.applicant.forms.questions import page_that_is_not_there
from verification.applicant.forms.section_form import SectionForm
from verification.models import Application, CodeEvidence, Stands
from verification.queries.evidence import Element, attached_documents, elements
from verification.services import evidence
from verification.services.evidence import ElementSaid

LONGEST_NOTE = 2_000
PREFIX = "evidence-"
NOTHING: Mapping[str, Any] = {"stands": "", "document": None, "page": None, "note": ""}


class ElementWidget(forms.MultiWidget):
    template_name = "verification/widgets/element.html"

    def __init__(self, choices: Sequence[tuple[str, str]]) -> None:
        super().__init__(
            {
                "stands": forms.RadioSelect(choices=Stands.choices),
                "document": forms.Select(choices=choices),
                "page": forms.NumberInput(attrs={"min": 1}),
                "note": forms.Textarea(attrs={"rows": 2}),
            }
        )

    def decompress(self, value: Any) -> list[Any]:
        said = value or NOTHING
        return [said["stands"], said["document"], said["page"], said["note"]]


class ElementField(forms.MultiValueField):
    def __init__(self, documents: DocumentChoice, **kwargs: Any) -> None:
        self.documents = documents
        super().__init__(
            fields=(
                forms.ChoiceField(choices=Stands.choices, required=False),
                documents.field(),
                page_field(),
                LineBreaksField(max_length=LONGEST_NOTE, required=False),
            ),
            widget=ElementWidget(documents.choices),
            required=False,
            require_all_fields=False,
            **kwargs,
        )

    def compress(self, data_list: list[Any]) -> dict[str, Any]:
        stands, document, page, note = data_list or ("", "", None, "")
        if not stands and document:
            # Whoever names a document means that it shows it.
            stands = Stands.SHOWN.value
        shown = stands == Stands.SHOWN
        said = {
            "stands": stands,
            "document": int(document) if document and shown else None,
            "page": page if document and shown else None,
            "note": note,
        }
        if message := page_that_is_not_there(self.documents, said):
            raise forms.ValidationError(message)
        return said


class EvidenceForm(SectionForm):
    def __init__(self, data: Any = None, *, application: Application) -> None:
        self.documents = DocumentChoice(attached_documents(application))
        super().__init__(data, application=application)
        for element in elements(application):
            self.fields[PREFIX + element.key] = ElementField(
                self.documents, label=element.row.ask, help_text=escape(_help(element))
            )

    @classmethod
    def stored(cls, application: Application) -> dict[str, Any]:
        return {PREFIX + element.key: _stored(element.said) for element in elements(application)}

    def in_words(self, name: str, value: Any) -> str:
        said = {**NOTHING, **(value or {})}
        document = self.documents.find(said["document"])
        return CodeEvidence(
            stands=said["stands"], document=document, page=said["page"] if document else None, note=said["note"]
        ).in_words

    def save(self, *, seen_version: int) -> Application:
        said = {
            name.removeprefix(PREFIX): ElementSaid(
                stands=each["stands"],
                document=self.documents.find(each["document"]),
                page=each["page"],
                note=each["note"],
            )
            for name, each in ((name, {**NOTHING, **(each or {})}) for name, each in self.cleaned_data.items())
        }
        return evidence.save_evidence(application=self.application, said=said, seen_version=seen_version)


def _help(element: Element) -> str:
    row = element.row
    parts = (row.requirement, row.help, f"For {', '.join(element.codes)}. Source: {row.source}.")
    return " ".join(part for part in parts if part)


def _stored(said: CodeEvidence | None) -> dict[str, Any]:
    if said is None:
        return dict(NOTHING)
    # A document that was removed has to be chosen again.
    document = said.document_id if said.document and said.document.removed_at is None else None
    return {"stands": said.stands, "document": document, "page": said.page, "note": said.note}
