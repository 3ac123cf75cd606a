"""Filling a demonstration's application, as its applicant would: everything that is asked, section by section."""

from collections.abc import Mapping
from typing import Any

from accounts.models import User
from hcpcs.models import Code
from hcpcs.queries.codes import latest_meaning
from pcl.models import Organization
from verification.demo.papers import PAGES, paper
from verification.demo.told import Company, DemoProduct
from verification.models import Application, Stands
from verification.product_groups.question import WEIGHTS, WITH_EVIDENCE
from verification.queries.evidence import attached_documents, elements, sized_models
from verification.queries.representation import organizations_of
from verification.services import documents, drafts
from verification.services.evidence import ElementSaid, SizeSaid, save_evidence, save_sizes

MOST_WIDELY_SHOWN = ("test-report", "specification", "instructions-for-use", "label")
"""Where a yes is shown, in this order of preference."""


def begin(told: DemoProduct, *, company: Company, maker: Organization, by: User, complete: bool) -> Application:
    """A draft of `told`; not `complete`: begun, and left before documents were attached."""
    own = organizations_of(by).get()
    application = drafts.start_application(
        organization=maker, made_by=None if own == maker else own, product_group=told.group, by=by
    )
    contact = {"contact_name": company.person, "contact_email": company.email}
    application = _say(application, "reason", {"reason": "never-reviewed", "previous_dcn": ""})
    maker_said = {
        "manufacturer_name": company.name,
        "manufacturer_address": company.address,
        "fda_establishment_number": company.fda_establishment_number,
        "contact_phone": company.phone,
    }
    application = _say(application, "manufacturer", maker_said | contact)
    if application.made_by:
        party = {
            "name": own.name,
            "address": "12 Filing Street\nHartford, CT 06103",
            "contact_name": by.name,
            "contact_email": by.email,
            "contact_phone": "860 555 0170",
        }
        application = _say(
            application, "representative", {f"representative_{key}": said for key, said in party.items()}
        )
    application = drafts.save_product(
        application=application,
        values={
            "product_name": told.name,
            "description": told.description,
            "first_marketed": told.first_marketed,
            "fda_status": "cleared" if told.fda_submission_number else "exempt",
            "fda_submission_number": told.fda_submission_number,
        },
        model_numbers=told.models,
        codes=[known_code(name) for name in told.codes],
        seen_version=application.version,
    )
    if not complete:
        return _answer(application, told.answers)
    for kind in _kinds(application, told):
        _attach(application, kind.key, kind.label, told, by=by)
    application.refresh_from_db()
    application = _answer(application, told.answers)
    application = _sizes(application, told)
    return _show_everything(application)


def sign(application: Application, *, company: Company, by: User) -> Application:
    title = company.title if application.made_by is None else "Consultant"
    return _say(application, "signature", {"signed_name": by.name, "signed_title": title, "attested": True})


def ask_again(application: Application, *, answers: Mapping[str, Any], by: User) -> Application:
    """Fill a reconsideration: its grounds and the new evidence."""
    title = "The new evidence"
    page = [application.product_name, *(str(said) for said in answers.values())]
    upload = paper(name="new-evidence.pdf", title=title, pages=[page] * PAGES)
    documents.attach_document(application=application, kind="new-evidence", upload=upload, by=by)
    application.refresh_from_db()
    return _answer(application, answers)


def known_code(name: str) -> Code:
    found = latest_meaning(name)
    assert found is not None, f"{name} is not in the seed"  # noqa: S101
    return found


def _say(application: Application, section: str, values: Mapping[str, Any]) -> Application:
    return drafts.save_section(
        application=application, section=section, values=values, seen_version=application.version
    )


def _kinds(application: Application, told: DemoProduct) -> list[Any]:
    wanted = {"fda-clearance"} if told.fda_submission_number else set()
    return [kind for kind in application.group.documents if kind.required or kind.key in wanted]


def _attach(application: Application, kind: str, label: str, told: DemoProduct, *, by: User) -> None:
    figures = [
        f"{question.label}: {question.in_words(told.answers[question.key])}"
        for question in application.group.questions
        if question.key in told.answers and question.kind not in {WEIGHTS, WITH_EVIDENCE}
    ]
    pages = [
        [told.name, f"Models: {', '.join(told.models)}", told.description],
        ["Figures", *figures],
        ["Use and care", "Read everything before use. Clean with a damp cloth. Keep these pages."],
    ]
    upload = paper(name=f"{kind}.pdf", title=label, pages=pages)
    documents.attach_document(application=application, kind=kind, upload=upload, by=by)


def _answer(application: Application, answers: Mapping[str, Any]) -> Application:
    asked = {question.key: question for question in application.group.questions}
    said: dict[str, Any] = {}
    for key, answer in answers.items():
        said[key] = answer
        if asked[key].kind == WEIGHTS:
            said[key] = [{"component": name, "percent": percent} for name, percent in answer]
        elif asked[key].kind == WITH_EVIDENCE:
            said[key] = {"answer": answer, "document": _shown_in(application).pk, "page": 2}
    return drafts.save_answers(application=application, answers=said, seen_version=application.version)


def _sizes(application: Application, told: DemoProduct) -> Application:
    if not told.sizes:
        return application
    said = {
        model.pk: SizeSaid(
            size=size["size"], measure=size["measure"], codes=[known_code(name) for name in size["codes"]]
        )
        for model, size in zip(sized_models(application), told.sizes, strict=True)
    }
    return save_sizes(application=application, sizes=said, seen_version=application.version)


def _show_everything(application: Application) -> Application:
    """Each element of the requested codes, on the pages in turn of the documents that show most."""
    shown = attached_documents(application)
    said = {
        element.key: ElementSaid(stands=Stands.SHOWN, document=shown[number % len(shown)], page=1 + number % PAGES)
        for number, element in enumerate(elements(application))
    }
    if not said:
        return application
    return save_evidence(application=application, said=said, seen_version=application.version)


def _shown_in(application: Application) -> Any:
    shown = {document.kind: document for document in attached_documents(application)}
    return next((shown[kind] for kind in MOST_WIDELY_SHOWN if kind in shown), next(iter(shown.values())))
