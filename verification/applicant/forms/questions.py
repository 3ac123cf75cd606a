"""Section C: a form made from the product group's file."""

from collections.abc import Iterator
from typing import Any

from django.utils.html import escape

from verification.applicant.forms.fields import Condition
from verification.applicant.forms.question_fields import DocumentChoice, field_for
from verification.applicant.forms.section_form import SectionForm
from verification.models import Application
from verification.product_groups import ProductGroup, Question
from verification.product_groups.question import WEIGHTS, WHOLE, WITH_EVIDENCE, weights_sum
from verification.queries.evidence import attached_documents
from verification.queries.product_groups import when_in_words
from verification.queries.submitted import version_note
from verification.services import drafts
from verification.services.pdf_pages import pages_of

WEIGHTS_RULE = (
    "Percent by weight, with at most two digits behind the point; together exactly 100. Where rounding makes it a "
    "little more or less, put the difference to the largest component."
)
EVIDENCE_RULE = (
    "If yes, choose the document and the page that show it. Documents are attached in the section Documents."
)


class QuestionsForm(SectionForm):
    def __init__(self, data: Any = None, *, application: Application) -> None:
        super().__init__(data, application=application)
        group = application.group
        asks_evidence = any(question.kind == WITH_EVIDENCE for question in group.questions)
        self.documents = DocumentChoice(attached_documents(application) if asks_evidence else ())
        for question in group.questions:
            field = field_for(question, self.documents)
            field.label = question.label if question.required else f"{question.label} (optional)"
            # Help is printed as it is; a file of configuration is text, not markup.
            field.help_text = escape(" ".join(hint for hint in _hints(question, group) if hint))
            if question.when:
                field.condition = Condition.of((each.question, each.equals) for each in question.when)  # type: ignore[attr-defined]
            if question.heading:
                field.heading = question.heading  # type: ignore[attr-defined]
            self.fields[question.key] = field

    @property
    def version_note(self) -> str:
        return version_note(self.application)

    @classmethod
    def stored(cls, application: Application) -> dict[str, Any]:
        return dict(application.answers)

    def clean(self) -> dict[str, Any]:
        """Answers to questions that are not asked, given the other answers, are dropped, right or wrong."""
        kept: dict[str, Any] = {}
        for question in self.application.group.questions:
            if not question.is_asked(kept):
                self.errors.pop(question.key, None)
                self.cleaned_data[question.key] = None
            elif self.cleaned_data.get(question.key) not in (None, "", [], {}):
                kept[question.key] = self.cleaned_data[question.key]
                self._check_page(question, kept[question.key])
        self.answers = kept
        return self.cleaned_data

    def _check_page(self, question: Question, answer: Any) -> None:
        if question.kind == WITH_EVIDENCE and (message := page_that_is_not_there(self.documents, answer)):
            self.add_error(question.key, message)

    def in_words(self, name: str, value: Any) -> str:
        question = next(known for known in self.application.group.questions if known.key == name)
        return question.in_words(value, {each.pk: each.name for each in self.documents.documents})

    def notes(self) -> list[str]:
        return list(self._what_the_weights_lack())

    def _what_the_weights_lack(self) -> Iterator[str]:
        for question in self.application.group.questions:
            rows = self.answers.get(question.key)
            if question.kind == WEIGHTS and rows and (total := weights_sum(rows)) != WHOLE:
                yield f"{question.label}: the percentages sum to {total}; {WHOLE - total} is still missing."

    def save(self, *, seen_version: int) -> Application:
        return drafts.save_answers(application=self.application, answers=self.answers, seen_version=seen_version)


def page_that_is_not_there(documents: DocumentChoice, said: dict[str, Any]) -> str:
    """Why the page cannot be right; empty where it can, or where nobody can tell."""
    document = documents.find(said.get("document"))
    if document is None or not said.get("page"):
        return ""
    pages = pages_of(document)
    if pages is None or said["page"] <= pages:
        return ""
    return f"{document.name} has {pages} page{'' if pages == 1 else 's'}, so there is no page {said['page']}."


def _hints(question: Question, group: ProductGroup) -> Iterator[str]:
    yield question.help
    yield range_in_words(question)
    yield {WEIGHTS: WEIGHTS_RULE, WITH_EVIDENCE: EVIDENCE_RULE, "choices": "Mark all that apply."}.get(
        question.kind, ""
    )
    when = when_in_words(question, group)
    yield f"Answer only if {when}." if when else ""


def range_in_words(question: Question) -> str:
    """In which unit, and from where to where; empty for what is no number."""
    if question.kind != "number":
        return ""
    unit = f" {question.unit}" if question.unit else ""
    least, most = (f"{bound:,}" if bound is not None else "" for bound in (question.minimum, question.maximum))
    if least and most:
        span = f"From {least} to {most}{unit}"
    elif least or most:
        span = f"At {'least' if least else 'most'} {least or most}{unit}"
    else:
        span = f"In{unit}" if unit else "A number"
    return f"{span}{_places_in_words(question.places)}."


def _places_in_words(places: int | None) -> str:
    if places is None:
        return ""
    return (
        ", a whole number"
        if places == 0
        else f", with at most {places} digit{'' if places == 1 else 's'} behind the point"
    )
