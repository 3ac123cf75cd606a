"""What a product group's file says, once it has been read and checked."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

YES_NO = (("yes", "Yes"), ("no", "No"))
QUESTION_KINDS = frozenset({"choice", "day", "line", "number", "text", "yes_no"})
ALL_CODES = "*"


@dataclass(frozen=True)
class DocumentKind:
    key: str
    label: str
    required: bool
    help: str = ""


@dataclass(frozen=True)
class Question:
    key: str
    label: str
    kind: str
    required: bool
    help: str = ""
    unit: str = ""
    minimum: float | None = None
    maximum: float | None = None
    options: tuple[tuple[str, str], ...] = ()
    when: tuple[str, frozenset[str]] | None = None
    """Asked only where another question has one of these answers."""

    def is_asked(self, answers: Mapping[str, Any]) -> bool:
        return self.when is None or answers.get(self.when[0]) in self.when[1]

    def in_words(self, answer: Any) -> str:
        """A stored answer as a person reads it, with its unit; empty where there is none."""
        if answer in (None, ""):
            return ""
        if self.kind in ("choice", "yes_no"):
            return dict(self.options or YES_NO).get(str(answer), str(answer))
        if self.kind == "day":
            day = date.fromisoformat(str(answer))
            return f"{day:%B} {day.day}, {day.year}"
        return f"{answer} {self.unit}".strip()


@dataclass(frozen=True)
class ChecklistRow:
    key: str
    requirement: str
    source: str
    codes: frozenset[str]

    def applies_to(self, code: str) -> bool:
        return ALL_CODES in self.codes or code in self.codes


@dataclass(frozen=True)
class ProductGroup:
    slug: str
    title: str
    version: int
    codes: tuple[str, ...]
    sample: str
    documents: tuple[DocumentKind, ...]
    questions: tuple[Question, ...]
    checklist: tuple[ChecklistRow, ...]

    def checklist_for(self, code: str) -> tuple[ChecklistRow, ...]:
        return tuple(row for row in self.checklist if row.applies_to(code))

    def document_label(self, key: str) -> str:
        return next((kind.label for kind in self.documents if kind.key == key), key)


@dataclass(frozen=True)
class Reason:
    key: str
    label: str
    text: str = ""
    needs_previous_dcn: bool = False
    or_listing: bool = False
    """Whether the listing that it speaks of will do in place of the number."""


@dataclass(frozen=True)
class Reasons:
    application: tuple[Reason, ...]
    rejection: tuple[Reason, ...]

    def for_application(self, key: str) -> Reason | None:
        return next((reason for reason in self.application if reason.key == key), None)

    def for_rejection(self, key: str) -> Reason | None:
        return next((reason for reason in self.rejection if reason.key == key), None)
