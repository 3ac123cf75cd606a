"""Applications for tests, at any stage, each brought there through the services that people use.

    maker = manufacturer()                       # acts for an organization of their own
    application = complete_draft(by=maker)       # nothing missing
    application = determined()                   # everything before it happened, too

Every helper returns the application as the database has it now.
"""

import io
import itertools
from collections.abc import Callable, Iterable
from datetime import date, timedelta
from typing import Any

import pikepdf
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from accounts.models import Role, User
from hcpcs.models import Code
from hcpcs.queries.codes import latest_meaning
from hcpcs.services.load_seed_codes import load_seed_codes
from pcl.models import Organization
from tests.factories.accounts import UserFactory, contractor_person
from verification.models import Application, Document, Outcome, Representation, Stands
from verification.queries import checklist
from verification.queries.evidence import attached_documents, elements
from verification.queries.representation import organizations_of
from verification.services import documents, drafts, review
from verification.services.evidence import ElementSaid, save_evidence
from verification.services.represent import name_organization
from verification.workflow.perform import perform

GROUP = "powered-orthoses"
CODE = "K1007"
ENDED_CODE = "K1032"
RATIONALE = "The device is a powered bilateral exoskeleton with a pelvic component."
ANSWERS: dict[str, Any] = {
    "body-part": "lower",
    "joints-powered": "Hip and knee, both sides.",
    "pelvic-component": "yes",
    "uprights": "double",
    "microprocessor": "yes",
    "sensors": "Gyroscopes at trunk and thigh.",
    "custom-fitted": "yes",
    "fitting": "By a certified orthotist, to the patient's measures.",
    "weight": "23.5",
    "battery-time": "4",
    "expected-life": "5",
}
REQUIRED_DOCUMENTS = ("fda-registration", "product-literature", "instructions-for-use")
_numbers = itertools.count(1)


def code(name: str = CODE) -> Code:
    """A code of the seed, loaded when a test first asks for one."""
    found = latest_meaning(name)
    if found is None:
        load_seed_codes()
        found = latest_meaning(name)
    assert found is not None, f"{name} is not in the seed"
    return found


def manufacturer(organization: str = "", **fields: Any) -> User:
    """An applicant who acts for an organization of their own, at once: it is new to the register."""
    user = UserFactory(**fields)
    name_organization(user=user, name=organization or f"Maker {next(_numbers)} Inc.")
    return user


def waiting_manufacturer(organization: Organization, **fields: Any) -> tuple[User, Representation]:
    """An applicant who named an organization that the register knows, so that the contractor has to confirm it."""
    user = UserFactory(**fields)
    return user, name_organization(user=user, name=organization.name)


def reviewer(**fields: Any) -> User:
    return contractor_person(Role.REVIEWER, **fields)


def approver(**fields: Any) -> User:
    return contractor_person(Role.APPROVER, **fields)


def organization_of(user: User) -> Organization:
    return organizations_of(user).get()


def pdf_bytes(text: str = "A page.") -> bytes:
    """A PDF of one page. Another text gives another file: a draft takes the same one only once per kind."""
    pdf = pikepdf.new()
    pdf.add_blank_page()
    pdf.docinfo["/Title"] = text
    content = io.BytesIO()
    pdf.save(content, deterministic_id=True, compress_streams=False)
    return content.getvalue()


def pdf_file(name: str = "evidence.pdf", text: str = "A page.") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, pdf_bytes(text), content_type="application/pdf")


def attached(
    application: Application, kind: str = "other", name: str = "evidence.pdf", text: str = "A page."
) -> Document:
    """`name` attached to a draft, which counts as a change of it."""
    return documents.attach_document(
        application=application, kind=kind, upload=pdf_file(name, text), by=application.created_by
    )


def draft(by: User | None = None, *, behalf: Organization | None = None, **fields: Any) -> Application:
    """Begun and nothing said yet but what is known of the person; `fields` are set as they are.

    With `behalf` it is made for that organization by the one of `by`, as its designated representative.
    """
    by = by or manufacturer()
    own = organization_of(by)
    application = drafts.start_application(
        organization=behalf or own, made_by=own if behalf else None, product_group=GROUP, by=by
    )
    if fields:
        Application.objects.filter(pk=application.pk).update(**fields)
    return again(application)


def complete_draft(
    by: User | None = None,
    *,
    product_name: str = "StrideOne Exoskeleton",
    model_numbers: Iterable[str] = ("SO-100",),
    codes: Iterable[str] = (CODE,),
    distributor_name: str = "",
    behalf: Organization | None = None,
    signed: bool = True,
) -> Application:
    """Nothing is missing; unsigned with `signed=False`; with `behalf`, made for that organization."""
    application = draft(by, behalf=behalf)
    application = say_why_and_who(application)
    if distributor_name:
        application = drafts.save_section(
            application=application,
            section="distributor",
            values=party("distributor", distributor_name),
            seen_version=application.version,
        )
    if application.made_by:
        application = drafts.save_section(
            application=application,
            section="representative",
            values=party("representative", application.made_by.name),
            seen_version=application.version,
        )
    application = drafts.save_product(
        application=application,
        values={
            "product_name": product_name,
            "description": "A powered exoskeleton for both legs. Aluminium frame, four motors, worn over clothing.",
            "first_marketed": date(2025, 3, 1),
            "fda_status": "exempt",
            "fda_submission_number": "",
        },
        model_numbers=model_numbers,
        codes=[code(name) for name in codes],
        seen_version=application.version,
    )
    application = drafts.save_answers(application=application, answers=ANSWERS, seen_version=application.version)
    for kind in REQUIRED_DOCUMENTS:
        attached(application, kind, f"{kind}.pdf", f"{kind} of {product_name}")
    show_evidence(again(application))
    return sign(again(application)) if signed else again(application)


def say_why_and_who(application: Application) -> Application:
    """The reason and section A.1."""
    application = drafts.save_section(
        application=application,
        section="reason",
        values={"reason": "never-reviewed", "previous_dcn": ""},
        seen_version=application.version,
    )
    return say_manufacturer(
        application, manufacturer_name=application.organization.name, fda_establishment_number="3009912345"
    )


def say_manufacturer(application: Application, **said: str) -> Application:
    """Section A.1: what the application knows already or `said`, with an address and its author as the contact."""
    person = application.created_by
    known = {name: getattr(application, name) for name in drafts.SECTION_FIELDS["manufacturer"]}
    contact = {"contact_name": person.name, "contact_email": person.email, "contact_phone": "508 555 0100"}
    return drafts.save_section(
        application=application,
        section="manufacturer",
        values={**known, "manufacturer_address": "1 Gait Way\nMarlborough, MA 01752", **contact, **said},
        seen_version=application.version,
    )


def show_evidence(application: Application, *, page: int = 1) -> Application:
    """Every element of the requested codes is shown on `page` of the first document that is attached."""
    first = attached_documents(application)[0]
    shown = ElementSaid(stands=Stands.SHOWN, document=first, page=page)
    said = {element.key: shown for element in elements(application)}
    return save_evidence(application=application, said=said, seen_version=application.version)


def party(section: str, name: str) -> dict[str, str]:
    """What section A.2 or A.3 says of `name`, complete."""
    return {
        f"{section}_name": name,
        f"{section}_address": "2 Supply Street\nWorcester, MA 01608",
        f"{section}_contact_name": f"Contact of {name}",
        f"{section}_contact_email": f"contact@{section}.example",
        f"{section}_contact_phone": "508 555 0200",
    }


def sign(application: Application) -> Application:
    return drafts.save_section(
        application=application,
        section="signature",
        values={"signed_name": application.created_by.name, "signed_title": "Director", "attested": True},
        seen_version=application.version,
    )


def submitted(by: User | None = None, **said: Any) -> Application:
    application = complete_draft(by, **said)
    return _step("submit", application, application.created_by)


def in_review(by: User | None = None, *, reviewed_by: User | None = None, **said: Any) -> Application:
    return _step("accept", submitted(by, **said), reviewed_by or reviewer())


def information_requested(
    by: User | None = None,
    *,
    items: Iterable[str] = ("The weight of the battery.", "A photograph of the joint."),
    due_in: int = 14,
    **said: Any,
) -> Application:
    """Asked for `items`, to be answered within `due_in` days."""
    application = in_review(by, **said)
    given = {"items": list(items), "due_on": timezone.localdate() + timedelta(days=due_in)}
    return _step("request_information", application, application.reviewer, given)


def reviewed(
    by: User | None = None, *, outcome: Outcome = Outcome.CODES_ASSIGNED, rationale: str = RATIONALE, **said: Any
) -> Application:
    """In review, with the checklist filled and the determination drafted: ready to be recommended."""
    application = in_review(by, **said)
    assert application.reviewer
    application = review.save_findings(
        application=application,
        findings={row.name: ("yes", "Instructions for use, page 3.") for row in checklist.rows(application)},
        by=application.reviewer,
        seen_version=application.version,
    )
    requested = [row.code for row in application.requested_codes.select_related("code")]
    review.draft_determination(
        application=application,
        outcome=outcome,
        codes=requested if outcome == Outcome.CODES_ASSIGNED else [],
        rationale=rationale,
        by=application.reviewer,
        seen_version=application.version,
    )
    return again(application)


def recommended(by: User | None = None, **said: Any) -> Application:
    application = reviewed(by, **said)
    return _step("recommend", application, application.reviewer)


def returned(by: User | None = None, *, reason: str = "The rationale is too short.", **said: Any) -> Application:
    return _step("return", recommended(by, **said), approver(), {"reason": reason})


def approved(
    by: User | None = None,
    *,
    approved_by: User | None = None,
    publish_on: date | None = None,
    begins: date | None = None,
    outcome: Outcome = Outcome.CODES_ASSIGNED,
    **said: Any,
) -> Application:
    """Approved, and waiting for the day on which it is published: in a week, unless that is given."""
    application = recommended(by, outcome=outcome, **said)
    given: dict[str, Any] = {"publish_on": publish_on or timezone.localdate() + timedelta(days=7)}
    if outcome == Outcome.CODES_ASSIGNED:
        given["begins"] = begins or timezone.localdate()
    return _step("approve", application, approved_by or approver(), given)


def determined(
    by: User | None = None,
    *,
    approved_by: User | None = None,
    begins: date | None = None,
    outcome: Outcome = Outcome.CODES_ASSIGNED,
    **said: Any,
) -> Application:
    """Determined and published; the letter is deferred, not written (verification.letters.jobs.write_letter)."""
    application = recommended(by, outcome=outcome, **said)
    given: dict[str, Any] = {"letter_date": timezone.localdate()}
    if outcome == Outcome.CODES_ASSIGNED:
        given["begins"] = begins or timezone.localdate()
    return _step("determine", application, approved_by or approver(), given)


def rejected(by: User | None = None, *, text: str = "The registration page is missing.", **said: Any) -> Application:
    given = {"reason_code": "no-fda-evidence", "text": text}
    return _step("reject", submitted(by, **said), reviewer(), given)


def withdrawn(by: User | None = None, **said: Any) -> Application:
    application = submitted(by, **said)
    return _step("withdraw", application, application.created_by)


# By status, for a test of what is true at every stage.
STAGES: dict[str, Callable[..., Application]] = {
    "draft": complete_draft,
    "submitted": submitted,
    "in_review": in_review,
    "information_requested": information_requested,
    "recommended": recommended,
    "approved": approved,
    "determined": determined,
    "rejected": rejected,
    "withdrawn": withdrawn,
}


def again(application: Application) -> Application:
    """The application as the database has it now."""
    return Application.objects.select_related("organization", "created_by", "reviewer").get(pk=application.pk)


def _step(name: str, application: Application, by: User | None, given: dict[str, Any] | None = None) -> Application:
    perform(name, application=application, by=by, seen_version=application.version, given=given)
    return again(application)
