"""What an applicant submitted, section by section, in words."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.utils.dateformat import format as format_date

from verification.models import Application
from verification.product_groups import Question, reasons


@dataclass(frozen=True)
class Section:
    title: str
    lines: list[tuple[str, str]]
    """What was asked, and the answer; an empty answer was left empty."""


def submitted_sections(application: Application) -> list[Section]:
    """Everything but the documents, in the order of the form."""
    reason = reasons().for_application(application.reason)
    return [
        Section(
            "Reason",
            [
                ("Reason for the application", reason.label if reason else application.reason),
                ("Earlier document control number", application.previous_dcn),
            ],
        ),
        Section(
            "A. Manufacturer",
            [
                ("Manufacturer", application.manufacturer_name),
                ("Address", application.manufacturer_address),
                ("FDA establishment number", application.fda_establishment_number),
                ("Point of contact", application.contact_name),
                ("E-mail", application.contact_email),
                ("Telephone", application.contact_phone),
                ("Distributor", application.distributor_name),
            ],
        ),
        Section(
            "B. Product",
            [
                ("Product", application.product_name),
                ("Model numbers", ", ".join(model.model_number for model in application.models.all())),
                ("HCPCS codes requested", ", ".join(row.code.code for row in application.requested_codes.all())),
                ("Description", application.description),
                (
                    "First marketed",
                    format_date(application.first_marketed, "F j, Y") if application.first_marketed else "",
                ),
                ("FDA status", application.get_fda_status_display()),
                ("FDA submission number", application.fda_submission_number),
            ],
        ),
        Section(f"C. {application.group.title}", list(_answers(application))),
        Section(
            "D. Signature",
            [
                ("Signed by", ", ".join(part for part in (application.signed_name, application.signed_title) if part)),
                ("Attested as true and complete", "Yes" if application.attested else "No"),
            ],
        ),
    ]


def _answers(application: Application) -> Iterator[tuple[str, str]]:
    for question in application.group.questions:
        if question.is_asked(application.answers):
            yield question.label, answer_in_words(question, application.answers.get(question.key))


def answer_in_words(question: Question, answer: Any) -> str:
    """The answer as its question words it: the label of a choice, a number with its unit."""
    if answer in (None, ""):
        return ""
    if question.kind == "choice":
        return dict(question.options).get(str(answer), str(answer))
    if question.kind == "yes_no":
        return {"yes": "Yes", "no": "No"}.get(str(answer), str(answer))
    if question.kind == "number":
        number = f"{answer:g}" if isinstance(answer, int | float) else str(answer)
        return f"{number} {question.unit}".strip()
    return str(answer)
