"""What an application says, section by section, in words: the same for its applicant, its reviewer and its paper.

Documents stand apart: they are attached, not said.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from django.utils.dateformat import format as format_date

from verification.models import Application, AppliesAs, RequestedCode
from verification.product_groups import reasons


@dataclass(frozen=True)
class Part:
    section: str
    """The key of the applicant's section."""
    title: str
    facts: tuple[tuple[str, str], ...]
    """What was asked, and what was said; an empty text where nothing was."""


def what_was_said(application: Application) -> list[Part]:
    """Every part in the order of the form; one that does not concern this application is left out."""
    parts = (Part(key, title(application), tuple(facts(application))) for key, title, facts in PARTS)
    return [part for part in parts if part.facts]


def _reason(application: Application) -> Iterator[tuple[str, str]]:
    reason = reasons().for_application(application.reason)
    yield "Reason for the application", reason.label if reason else application.reason
    yield "Earlier document control number", application.previous_dcn


def _manufacturer(application: Application) -> Iterator[tuple[str, str]]:
    yield "Manufacturer", application.manufacturer_name
    yield "Address", application.manufacturer_address
    yield "FDA establishment number", application.fda_establishment_number
    yield "Point of contact", application.contact_name
    yield "E-mail address", application.contact_email
    yield "Telephone", application.contact_phone


def _distributor(application: Application) -> Iterator[tuple[str, str]]:
    if not (application.distributor_name or application.applies_as == AppliesAs.DISTRIBUTOR):
        return
    yield "Distributor", application.distributor_name
    yield "Address", application.distributor_address
    yield "Point of contact", application.distributor_contact_name
    yield "E-mail address", application.distributor_contact_email
    yield "Telephone", application.distributor_contact_phone


def _representative(application: Application) -> Iterator[tuple[str, str]]:
    if application.made_by_id is None:
        return
    yield "Designated representative", application.representative_name
    yield "Address", application.representative_address
    yield "Point of contact", application.representative_contact_name
    yield "E-mail address", application.representative_contact_email
    yield "Telephone", application.representative_contact_phone


def _product(application: Application) -> Iterator[tuple[str, str]]:
    yield "Product", application.product_name
    yield "Model numbers", ", ".join(model.model_number for model in application.models.all())
    yield "Description", application.description
    yield "First marketed", format_date(application.first_marketed, "F j, Y") if application.first_marketed else ""
    yield "Status with FDA", application.get_fda_status_display()
    yield "Number of FDA's clearance", application.fda_submission_number
    # Ordered here, so that a page that fetched them already needs no other query.
    yield "HCPCS codes requested", ", ".join(sorted(row.code.code for row in _requested(application)))


def _requested(application: Application) -> list[RequestedCode]:
    fetched = "requested_codes" in getattr(application, "_prefetched_objects_cache", {})
    rows = application.requested_codes
    return list(rows.all() if fetched else rows.select_related("code"))


def _answers(application: Application) -> Iterator[tuple[str, str]]:
    for question in application.group.questions:
        if question.is_asked(application.answers):
            yield question.label, question.in_words(application.answers.get(question.key))


def _signature(application: Application) -> Iterator[tuple[str, str]]:
    yield "Signed by", ", ".join(part for part in (application.signed_name, application.signed_title) if part)
    yield "Attested", "That everything in the application is true and complete." if application.attested else ""


Title = Callable[[Application], str]
Facts = Callable[[Application], Iterator[tuple[str, str]]]
PARTS: tuple[tuple[str, Title, Facts], ...] = (
    ("reason", lambda _: "Reason for the application", _reason),
    ("manufacturer", lambda _: "A.1 Manufacturer", _manufacturer),
    ("distributor", lambda _: "A.2 Distributor", _distributor),
    ("representative", lambda _: "A.3 Designated representative", _representative),
    ("product", lambda _: "B. Product and codes", _product),
    ("questions", lambda application: f"C. {application.group.title}", _answers),
    ("signature", lambda _: "D. Signature", _signature),
)
