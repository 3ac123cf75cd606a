"""Everything that was submitted, section by section, to read and to print."""

from dataclasses import dataclass

from verification.applicant.forms.questions import answer_in_words
from verification.applicant.sections import BY_KEY
from verification.letters.compose import in_words
from verification.models import Application
from verification.product_groups import reasons


@dataclass(frozen=True)
class Part:
    title: str
    facts: tuple[tuple[str, str], ...]
    """Term and text; the text is empty where nothing was said."""


def summary(application: Application) -> list[Part]:
    reason = reasons().for_application(application.reason)
    return [
        Part(
            BY_KEY["reason"].title,
            (
                ("Reason", reason.label if reason else application.reason),
                ("Earlier document control number", application.previous_dcn),
            ),
        ),
        Part(
            BY_KEY["manufacturer"].title,
            (
                ("Manufacturer", application.manufacturer_name),
                ("Address", application.manufacturer_address),
                ("FDA establishment number", application.fda_establishment_number),
                ("Contact", application.contact_name),
                ("E-mail address", application.contact_email),
                ("Telephone", application.contact_phone),
                ("Distributor", application.distributor_name),
            ),
        ),
        Part(
            BY_KEY["product"].title,
            (
                ("Product", application.product_name),
                ("Model numbers", ", ".join(model.model_number for model in application.models.all())),
                ("Description", application.description),
                ("First marketed", in_words(application.first_marketed) if application.first_marketed else ""),
                ("Status with FDA", application.get_fda_status_display()),
                ("Number of FDA's clearance", application.fda_submission_number),
                ("Codes requested", _codes(application)),
            ),
        ),
        Part(
            f"C. Questions on the product group {application.group.title}",
            tuple(
                (question.label, answer_in_words(question, application.answers.get(question.key)))
                for question in application.group.questions
            ),
        ),
        Part(
            BY_KEY["signature"].title,
            (
                ("Signed by", ", ".join(part for part in (application.signed_name, application.signed_title) if part)),
                (
                    "Attested",
                    "That everything in the application is true and complete." if application.attested else "",
                ),
            ),
        ),
    ]


def _codes(application: Application) -> str:
    return ", ".join(row.code.code for row in application.requested_codes.select_related("code"))
