"""Everything that an application says, section by section, with the labels under which it was asked."""

from collections.abc import Iterator
from typing import Any

from verification.letters.compose import in_words
from verification.models import Application
from verification.product_groups import reasons


def said_sections(application: Application) -> list[dict[str, Any]]:
    """As plain data, in the order of the form: sections with `key`, `title` and `fields`.

    A field has `key`, `label`, `value` as stored, and `text` as a person reads it; empty where nothing was said.
    """
    return [
        _section("reason", "Reason", _reason(application)),
        _section("manufacturer", "A. Manufacturer", _manufacturer(application)),
        _section("product", "B. Product", _product(application)),
        _section("questions", f"C. {application.group.title}", _answers(application)),
        _section("signature", "D. Signature", _signature(application)),
    ]


def _section(key: str, title: str, fields: Iterator[dict[str, Any]]) -> dict[str, Any]:
    return {"key": key, "title": title, "fields": list(fields)}


def _field(key: str, label: str, value: Any, text: str | None = None) -> dict[str, Any]:
    return {"key": key, "label": label, "value": value, "text": str(value or "") if text is None else text}


def _plain(application: Application, fields: dict[str, str]) -> Iterator[dict[str, Any]]:
    return (_field(name, label, getattr(application, name)) for name, label in fields.items())


def _reason(application: Application) -> Iterator[dict[str, Any]]:
    reason = reasons().for_application(application.reason)
    yield _field("kind", "Kind of application", application.kind, application.get_kind_display())
    yield _field(
        "reason", "Reason for the application", application.reason, reason.label if reason else application.reason
    )
    yield from _plain(application, {"previous_dcn": "Earlier document control number"})


def _manufacturer(application: Application) -> Iterator[dict[str, Any]]:
    return _plain(
        application,
        {
            "manufacturer_name": "Manufacturer",
            "manufacturer_address": "Address",
            "fda_establishment_number": "FDA establishment number",
            "contact_name": "Point of contact",
            "contact_email": "E-mail",
            "contact_phone": "Telephone",
            "distributor_name": "Distributor",
        },
    )


def _product(application: Application) -> Iterator[dict[str, Any]]:
    numbers = [model.model_number for model in application.models.all()]
    codes = [requested.code.code for requested in application.requested_codes.all()]
    marketed = application.first_marketed
    yield from _plain(application, {"product_name": "Product"})
    yield _field("model_numbers", "Model numbers", numbers, ", ".join(numbers))
    yield _field("codes", "HCPCS codes requested", codes, ", ".join(codes))
    yield from _plain(application, {"description": "Description"})
    yield _field(
        "first_marketed",
        "First marketed",
        marketed.isoformat() if marketed else None,
        in_words(marketed) if marketed else "",
    )
    yield _field("fda_status", "FDA status", application.fda_status, application.get_fda_status_display())
    yield from _plain(application, {"fda_submission_number": "FDA submission number"})


def _answers(application: Application) -> Iterator[dict[str, Any]]:
    for question in application.group.questions:
        if question.is_asked(application.answers):
            answer = application.answers.get(question.key)
            yield _field(question.key, question.label, answer, question.in_words(answer))


def _signature(application: Application) -> Iterator[dict[str, Any]]:
    signer = ", ".join(part for part in (application.signed_name, application.signed_title) if part)
    yield _field("signed_name", "Signed by", signer)
    yield _field(
        "attested", "Attested as true and complete", application.attested, "Yes" if application.attested else "No"
    )
