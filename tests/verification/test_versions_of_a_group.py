"""A new version of a group's file changes nothing in an application that was begun with an earlier one."""

import pytest

from tests.applicant.pages import address, signed_in, words
from tests.factories.verification import (
    ANSWERS,
    again,
    complete_draft,
    draft,
    in_review,
    manufacturer,
    sign,
)
from tests.reviewer.conftest import signed_in as contractor_signed_in
from verification.checks import gaps
from verification.models import Application
from verification.product_groups import group, versions
from verification.queries.product_groups import changes_of, use_of
from verification.queries.submitted import what_was_said
from verification.services.drafts import begin_application, save_answers
from verification.workflow.perform import perform

pytestmark = pytest.mark.django_db
NOTE = "Answered version 1 of the questions; version 2 is in force for new applications."


def begun_with_version_1() -> Application:
    """Complete but for its evidence, which version 1 does not ask."""
    application = complete_draft(signed=False)
    application.code_evidence.all().delete()
    Application.objects.filter(pk=application.pk).update(product_group_version=1)
    return sign(again(application))


def test_there_are_two_versions_and_new_ones_are_begun_with_the_second() -> None:
    assert [each.version for each in versions("powered-orthoses")] == [2, 1]
    assert group("powered-orthoses").version == 2
    assert versions("ladders") == ()
    maker = manufacturer()
    organization = draft(maker).organization
    begun = begin_application(organization=organization, product_group="powered-orthoses", by=maker)
    assert begun.product_group_version == 2


def test_an_application_begun_with_the_first_keeps_its_questions_sections_and_checklist() -> None:
    application = begun_with_version_1()

    assert application.group.version == 1
    assert gaps(application) == []
    page = signed_in(application.created_by).get(application.get_absolute_url())
    assert [each.section.key for each in page.context["progress"]] == [
        *("reason", "manufacturer", "distributor", "product", "questions", "documents", "signature"),
    ]
    perform("submit", application=application, by=application.created_by, seen_version=application.version)
    assert again(application).status == "submitted"
    assert again(application).answers == ANSWERS


def test_answers_that_were_numbers_are_still_read() -> None:
    application = begun_with_version_1()
    answers = {**ANSWERS, "weight": 23.5, "battery-time": 4}
    application = save_answers(application=application, answers=answers, seen_version=application.version)

    said = dict(next(part.facts for part in what_was_said(application) if part.section == "questions"))

    assert said["Weight of the device, ready for use"] == "23.5 kg"
    assert said["Time of use on one charge"] == "4 hours"


def test_the_version_that_was_answered_is_said_to_the_applicant_and_to_the_reviewer() -> None:
    application = in_review()
    pages = {
        "applicant": lambda: signed_in(application.created_by).get(application.get_absolute_url()),
        "reviewer": lambda: contractor_signed_in(application.reviewer).get(f"/review/{application.pk}/"),  # type: ignore[arg-type]
    }
    for page in pages.values():
        assert NOTE not in words(page())

    Application.objects.filter(pk=application.pk).update(product_group_version=1)

    for page in pages.values():
        assert NOTE in words(page())


def test_the_version_is_said_beside_the_questions_of_a_draft() -> None:
    application = begun_with_version_1()
    assert NOTE in words(signed_in(application.created_by).get(address("section", application, "questions")))


def test_the_differences_of_two_versions() -> None:
    (change,) = changes_of("powered-orthoses")
    assert (change.before.version, change.version.version) == (1, 2)
    assert "Requirement added: Custom fabricated for the patient." in change.lines
    assert (
        "Requirement taken out: Powered upper extremity range of motion assist device, as in the code's descriptor."
        in change.lines
    )
    assert "Requirement changed: Includes a pelvic component." in change.lines
    assert not [line for line in change.lines if line.startswith(("Question", "Document", "Codes"))]


def test_applications_are_counted_by_version() -> None:
    begun_with_version_1()
    draft()
    in_review()

    assert [(row.version, row.drafts, row.open, row.closed) for row in use_of("powered-orthoses")] == [
        (2, 1, 1, 0),
        (1, 1, 0, 0),
    ]
    assert [(row.drafts, row.open, row.closed) for row in use_of("orthotics")] == [(0, 0, 0)]
