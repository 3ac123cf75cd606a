"""Applications of the other kinds, each brought to a stage through the services that people use."""

from datetime import date
from typing import Any

from django.utils import timezone

from accounts.models import User
from pcl.models import Listing
from tests.factories.verification import again, approver, attached, organization_of, reviewer, say_manufacturer, sign
from verification.models import Application, Outcome
from verification.queries import checklist
from verification.services import drafts, review
from verification.services.begin_after import (
    begin_listing_update,
    begin_model_addition,
    begin_name_change,
    begin_reconsideration,
)
from verification.workflow.perform import perform

GROUNDS = {
    "grounds": "new-information",
    "what-is-new": "The pelvic component: instructions for use, page 7.",
    "asked-for": "K1007, since the device has a pelvic component.",
}
SAME_PRODUCT = {"same-product": "yes", "difference": "Color only."}


def filled(application: Application, answers: dict[str, Any], *kinds: str, signed: bool = True) -> Application:
    """Answered, with a contact and a document of each of `kinds`, and signed."""
    application = drafts.save_answers(application=application, answers=answers, seen_version=application.version)
    application = say_manufacturer(application)
    for kind in kinds:
        attached(application, kind, f"{kind}.pdf", f"{kind} of {application.pk}")
    return sign(again(application)) if signed else again(application)


def complete_reconsideration(
    first: Application, by: User | None = None, *, codes: list[Any] | None = None, **answers: Any
) -> Application:
    application = begin_reconsideration(application=first, by=by or first.created_by)
    if codes is not None:
        application.requested_codes.all().delete()
        for code in codes:
            application.requested_codes.create(code=code)
    return filled(again(application), {**GROUNDS, **answers}, "new-evidence")


def complete_addition(listing: Listing, by: User, *, model_numbers: tuple[str, ...] = ("SO-200",)) -> Application:
    application = begin_model_addition(listing=listing, organization=organization_of(by), by=by)
    application = drafts.save_product(
        application=application,
        values={name: getattr(application, name) for name in drafts.SECTION_FIELDS["product"]},
        model_numbers=model_numbers,
        codes=[row.code for row in application.requested_codes.select_related("code")],
        seen_version=application.version,
    )
    return filled(application, SAME_PRODUCT, "attestation")


def complete_renaming(by: User, name: str, *, since: date | None = None) -> Application:
    application = begin_name_change(organization=organization_of(by), by=by)
    answers = {"change": "renamed", "new-name": name, "since": (since or timezone.localdate()).isoformat()}
    return filled(application, answers, "attestation", "proof")


def complete_merger(by: User, into: str, *kinds: str, since: date | None = None) -> Application:
    application = begin_name_change(organization=organization_of(by), by=by)
    answers = {"change": "merged", "into": into, "since": (since or timezone.localdate()).isoformat()}
    return filled(application, answers, "attestation", "proof", *kinds)


def complete_update(listing: Listing, by: User, **said: str) -> Application:
    application = begin_listing_update(listing=listing, organization=organization_of(by), by=by)
    answers = {name.replace("_", "-"): value for name, value in said.items()}
    return filled(application, {**answers, "why": "As the label shows."})


def submit(application: Application) -> Application:
    return _step("submit", application, application.created_by)


def recommend(
    application: Application,
    *,
    outcome: Outcome,
    codes: list[Any] | None = None,
    reviewed_by: User | None = None,
) -> Application:
    """From submitted to recommended, by somebody who had nothing to do with it before."""
    application = _step("accept", application, reviewed_by or reviewer())
    assert application.reviewer
    application = review.save_findings(
        application=application,
        findings={row.name: ("yes", "Attestation, page 1.") for row in checklist.rows(application)},
        by=application.reviewer,
        seen_version=application.version,
    )
    review.draft_determination(
        application=application,
        outcome=outcome,
        codes=codes or [],
        rationale="What was sent shows it.",
        by=application.reviewer,
        seen_version=application.version,
    )
    return _step("recommend", again(application), application.reviewer)


def determine(application: Application, *, begins: date | None = None, by: User | None = None) -> Application:
    given: dict[str, Any] = {"letter_date": timezone.localdate()}
    if begins is not None:
        given["begins"] = begins
    return _step("determine", application, by or approver(), given)


def _step(name: str, application: Application, by: User | None, given: dict[str, Any] | None = None) -> Application:
    perform(name, application=application, by=by, seen_version=application.version, given=given)
    return again(application)
