"""What a product group's file says, once it has been read and checked."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from verification.product_groups.codes import ALL_CODES, in_short
from verification.product_groups.question import QUESTION_KINDS, YES_NO, Question

__all__ = ["ALL_CODES", "QUESTION_KINDS", "YES_NO", "ChecklistRow", "DocumentKind", "ProductGroup", "Question"]

LABELED = "Label it with manufacturer, product name and model number, as in Section B."
PER = {
    "application": "",
    "code": " for each code requested",
    "size": " for each size",
    "size_and_code": " for each size and each code requested for it",
}
SAMPLE_RULES = {"required": "Required", "on_request": "On request", "not_asked": "Not asked for"}


@dataclass(frozen=True)
class DocumentKind:
    key: str
    label: str
    required: bool
    help: str = ""


@dataclass(frozen=True)
class SampleRule:
    """Whether a sample is asked for, of what, how many, and how it is marked."""

    rule: str
    codes: frozenset[str]
    what: str = ""
    per: str = "application"
    labeled: bool = True
    help: str = ""
    text: str = ""
    """Said instead of all of it; files of the first version have only this."""

    @property
    def heading(self) -> str:
        return SAMPLE_RULES[self.rule]

    @property
    def in_words(self) -> str:
        if self.text:
            return self.text
        of_codes = "" if ALL_CODES in self.codes else f" ({in_short(self.codes)})"
        said = {
            "required": f"Send {self.what}{PER[self.per]}{of_codes}.",
            "on_request": f"Send only when the reviewer asks for it: {self.what}{PER[self.per]}{of_codes}.",
            "not_asked": f"No sample is asked for{of_codes}.",
        }[self.rule]
        label = LABELED if self.labeled and self.rule != "not_asked" else ""
        return " ".join(part for part in (said, label, self.help) if part)


@dataclass(frozen=True)
class ChecklistRow:
    key: str
    requirement: str
    source: str
    codes: frozenset[str]
    except_codes: frozenset[str] = frozenset()
    ask: str = ""
    """What the applicant shows for it, in words for the applicant; empty for what only the reviewer looks at."""
    help: str = ""

    def applies_to(self, code: str) -> bool:
        return (ALL_CODES in self.codes or code in self.codes) and code not in self.except_codes


@dataclass(frozen=True)
class SizeBound:
    """The sizes to which codes apply: more than `over`, up to and including `up_to`."""

    codes: frozenset[str]
    over: Decimal | int | None = None
    up_to: Decimal | int | None = None

    def fits(self, size: Decimal) -> bool:
        return (self.over is None or size > self.over) and (self.up_to is None or size <= self.up_to)

    def in_words(self, unit: str) -> str:
        if self.over is None:
            return f"up to {self.up_to} {unit}"
        return f"more than {self.over} {unit}" + (f", up to {self.up_to} {unit}" if self.up_to is not None else "")


@dataclass(frozen=True)
class Sizes:
    """Where one application takes several sizes, each with the codes that are requested for it."""

    unit: str
    what: str
    bounds: tuple[SizeBound, ...] = ()

    def bound_of(self, code: str) -> SizeBound | None:
        return next((bound for bound in self.bounds if code in bound.codes), None)


@dataclass(frozen=True)
class ProductGroup:
    slug: str
    title: str
    version: int
    codes: tuple[str, ...]
    samples: tuple[SampleRule, ...]
    documents: tuple[DocumentKind, ...]
    questions: tuple[Question, ...]
    checklist: tuple[ChecklistRow, ...]
    about: str = ""
    since: date | None = None
    """The day from which new applications are begun with this version."""
    changed: str = ""
    """What differs from the version before, in a sentence or two."""
    sizes: Sizes | None = None

    @property
    def sample(self) -> str:
        return " ".join(rule.in_words for rule in self.samples)

    @property
    def sample_headings(self) -> list[str]:
        """Whether samples are required, in the words of its rules, each once."""
        return list(dict.fromkeys(rule.heading for rule in self.samples))

    @property
    def codes_in_short(self) -> str:
        return in_short(self.codes)

    @property
    def asks_for_evidence(self) -> bool:
        return any(row.ask for row in self.checklist)

    def checklist_for(self, code: str) -> tuple[ChecklistRow, ...]:
        return tuple(row for row in self.checklist if row.applies_to(code))

    def elements_for(self, codes: Iterable[str]) -> list[tuple[ChecklistRow, tuple[str, ...]]]:
        """What the applicant shows for these codes: each element once, with the codes that ask it."""
        wanted = sorted(set(codes))
        rows = ((row, tuple(code for code in wanted if row.applies_to(code))) for row in self.checklist if row.ask)
        return [(row, of) for row, of in rows if of]

    def samples_for(self, code: str) -> tuple[SampleRule, ...]:
        return tuple(rule for rule in self.samples if ALL_CODES in rule.codes or code in rule.codes)

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
