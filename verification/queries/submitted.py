"""What an application says, section by section, in words: the same for its applicant, its reviewer and its paper.

Documents stand apart: they are attached, not said.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from django.utils.dateformat import format as format_date

from verification.kinds import kind_form
from verification.models import Application, ApplicationKind, AppliesAs, RequestedCode
from verification.product_groups import group, reasons
from verification.product_groups.question import WITH_EVIDENCE
from verification.queries.evidence import elements, sized_models


@dataclass(frozen=True)
class Part:
    section: str
    """The key of the applicant's section."""
    title: str
    facts: tuple[tuple[str, str], ...]
    """What was asked, and what was said; an empty text where nothing was."""
    note: str = ""
    """What to know of the part as a whole, such as the version of the questions."""


def what_was_said(application: Application) -> list[Part]:
    """Every part in the order of the form; one that does not concern this application is left out."""
    parts = (
        Part(key, title(application), tuple(facts(application)), _NOTES.get(key, _no_note)(application))
        for key, title, facts in PARTS
    )
    return [part for part in parts if part.facts]


def _about(application: Application) -> Iterator[tuple[str, str]]:
    """What an application of another kind than the first is about."""
    first = application.reconsiders
    if first is not None:
        yield "Determination to be reconsidered", f"{first.application.dcn}: {first.get_outcome_display()}"
        yield "Date of its letter", format_date(first.letter_date, "F j, Y") if first.letter_date else ""
    for row in application.concerned.select_related("listing__code", "listing__model__product"):
        listing = row.listing
        since = format_date(listing.effective_from, "F j, Y")
        yield (
            f"Listing {listing.pk}",
            f"{listing.model.product.name}, {listing.model}, under {listing.code.code} since {since}",
        )


def _reason(application: Application) -> Iterator[tuple[str, str]]:
    if application.kind != ApplicationKind.INITIAL:
        return
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
    yield from _party(application, "distributor", "Distributor")


def _representative(application: Application) -> Iterator[tuple[str, str]]:
    if application.made_by_id is None:
        return
    yield from _party(application, "representative", "Designated representative")


def _party(application: Application, party: str, label: str) -> Iterator[tuple[str, str]]:
    """Section A.2 or A.3, by the beginning of its fields' names."""
    yield label, getattr(application, f"{party}_name")
    yield "Address", getattr(application, f"{party}_address")
    yield "Point of contact", getattr(application, f"{party}_contact_name")
    yield "E-mail address", getattr(application, f"{party}_contact_email")
    yield "Telephone", getattr(application, f"{party}_contact_phone")


def _product(application: Application) -> Iterator[tuple[str, str]]:
    if application.kind == ApplicationKind.NAME_CHANGE:
        return
    yield "Product", application.product_name
    if application.kind == ApplicationKind.MODEL_ADDITION:
        yield "New model numbers", ", ".join(model.model_number for model in application.models.all())
        return
    if application.kind == ApplicationKind.LISTING_UPDATE:
        return
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


def _sizes(application: Application) -> Iterator[tuple[str, str]]:
    sizes = application.group.sizes
    if sizes is None:
        return
    for model in sized_models(application):
        measure = f"{model.measure.normalize():f} {sizes.unit}" if model.measure is not None else ""
        codes = ", ".join(sorted(code.code for code in model.codes.all()))
        said = [model.size, measure, f"requested: {codes}" if codes else ""]
        yield model.model_number, "; ".join(part for part in said if part)


def _answers(application: Application) -> Iterator[tuple[str, str]]:
    questions = application.group.questions
    documents: dict[int, str] = {}
    if any(question.kind == WITH_EVIDENCE for question in questions):
        documents = {each.pk: each.name for each in application.documents.all()}
    for question in questions:
        if question.is_asked(application.answers):
            yield question.label, question.in_words(application.answers.get(question.key), documents)


def _evidence(application: Application) -> Iterator[tuple[str, str]]:
    for element in elements(application):
        yield f"{', '.join(element.codes)}: {element.row.ask}", element.said.in_words if element.said else ""


def version_note(application: Application) -> str:
    """Which version of the questions was answered, where another one is in force; else empty.

    The first application answers its group's, every other one those of its kind; a name change has no group.
    """
    asked = kind_form(application.kind)
    if asked is None:
        answered, now = application.product_group_version, group(application.product_group).version
    else:
        answered, now = application.kind_version, asked.version
    if answered == now:
        return ""
    return f"Answered version {answered} of the questions; version {now} is in force for new applications."


def _no_note(application: Application) -> str:
    return ""


_NOTES: dict[str, Callable[[Application], str]] = {"questions": version_note}


def _signature(application: Application) -> Iterator[tuple[str, str]]:
    yield "Signed by", ", ".join(part for part in (application.signed_name, application.signed_title) if part)
    yield "Attested", "That everything in the application is true and complete." if application.attested else ""


def _title_of_questions(application: Application) -> str:
    asked = kind_form(application.kind, application.kind_version)
    return asked.title if asked else f"C. {application.group.title}"


Title = Callable[[Application], str]
Facts = Callable[[Application], Iterator[tuple[str, str]]]
PARTS: tuple[tuple[str, Title, Facts], ...] = (
    ("about", lambda application: application.get_kind_display(), _about),
    ("reason", lambda _: "Reason for the application", _reason),
    ("manufacturer", lambda _: "A.1 Manufacturer", _manufacturer),
    ("distributor", lambda _: "A.2 Distributor", _distributor),
    ("representative", lambda _: "A.3 Designated representative", _representative),
    ("product", lambda _: "B. Product and codes", _product),
    ("sizes", lambda _: "B. Sizes and their codes", _sizes),
    ("questions", _title_of_questions, _answers),
    ("evidence", lambda _: "Codes and evidence", _evidence),
    ("signature", lambda _: "D. Signature", _signature),
)
