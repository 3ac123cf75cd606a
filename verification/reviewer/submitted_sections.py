"""What an applicant submitted, section by section, in words."""

from dataclasses import dataclass
from typing import Any

from verification.models import Application, Submission
from verification.queries.said import said_sections
from verification.queries.submitted import version_note


@dataclass(frozen=True)
class Section:
    key: str
    title: str
    facts: list[tuple[str, str]]
    """What was asked, and the answer; an empty answer was left empty."""
    note: str = ""
    """What to know of the section as a whole today, such as that another version of it is in force."""


def submitted_sections(application: Application, sent: Submission | None) -> list[Section]:
    """Everything but the documents, in the order of the form, as it was `sent` last.

    Without that - what was submitted before submissions were kept - as the application says it.
    """
    said = sent.sections if sent else said_sections(application)
    notes = {"questions": version_note(application)}
    return [
        Section(
            section["key"],
            section["title"],
            [_line(field) for field in section["fields"]],
            notes.get(section["key"], ""),
        )
        for section in said
    ]


def _line(field: dict[str, Any]) -> tuple[str, str]:
    return field["label"], field["text"]
