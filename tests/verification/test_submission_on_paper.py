"""All that was submitted as a PDF: whole, accessible, the applicant's own, and with nothing internal in it."""

import io
from datetime import timedelta
from typing import Any

import pikepdf
import pytest
from django.test import Client
from django.utils import timezone
from pypdf import PdfReader

from accounts.models import Role
from tests.factories.accounts import contractor_person
from tests.factories.verification import again, complete_draft, draft, in_review, manufacturer, reviewer, submitted
from verification.letters.submission import submission_pdf
from verification.models import Application, Visibility
from verification.queries.submissions import newest_submission
from verification.queries.submitted import what_was_said
from verification.services import review
from verification.workflow.perform import perform

pytestmark = pytest.mark.django_db


def words(pdf: bytes) -> str:
    text = " ".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages)
    return " ".join(text.replace("\u200b", "").split())


def answered(application: Application) -> Application:
    given: dict[str, Any] = {
        "items": ["A photograph of the pelvis part."],
        "due_on": timezone.localdate() + timedelta(days=9),
    }
    perform(
        "request_information",
        application=application,
        by=application.reviewer,
        seen_version=application.version,
        given=given,
    )
    application = again(application)
    perform(
        "respond",
        application=application,
        by=application.created_by,
        seen_version=application.version,
        given={"answers": ["It is on page 4 of the brochure."]},
    )
    return again(application)


def test_everything_that_was_said_stands_in_it() -> None:
    application = submitted(product_name="Stride Ω Exoskeleton", model_numbers=["SO-100", "SO-200"])
    text = words(submission_pdf(application))
    assert application.dcn is not None
    assert application.dcn in text
    for part in what_was_said(application):
        assert part.title in text
        for asked, said in part.facts:
            assert " ".join(asked.split()) in text
            assert " ".join((said or "not stated").split()) in text
    for document in application.documents.all():
        assert document.name in text


def test_requests_and_answers_and_the_fingerprint_stand_in_it() -> None:
    application = answered(in_review())
    text = words(submission_pdf(application))
    sent = newest_submission(application)
    assert sent is not None
    assert sent.number == 2
    assert "A photograph of the pelvis part. It is on page 4 of the brochure." in text
    assert sent.sha256 in text.replace(" ", "")


def test_it_is_accessible_and_the_same_each_time() -> None:
    application = submitted()
    pdf = submission_pdf(application)
    assert pdf == submission_pdf(application)
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        assert opened.Root.MarkInfo.Marked
        assert str(opened.Root.Lang) == "en-US"
        with opened.open_metadata() as metadata:
            assert metadata["pdfuaid:part"] == "1"
            assert metadata["dc:title"] == f"Application {application.dcn} as submitted"


def test_a_character_that_the_fonts_lack_is_shown_by_its_number() -> None:
    begun = complete_draft()
    Application.objects.filter(pk=begun.pk).update(description="Marked 中 on its frame.")
    begun = again(begun)
    perform("submit", application=begun, by=begun.created_by, seen_version=begun.version)
    assert "Marked [U+4E2D] on its frame." in words(submission_pdf(again(begun)))


def test_nothing_internal_is_in_it_or_its_metadata() -> None:
    rosalind = reviewer(name="Rosalind Hidden")
    application = answered(in_review(reviewed_by=rosalind))
    review.remark(application=application, text="SECRET-REMARK", visibility=Visibility.INTERNAL, by=rosalind)
    pdf = submission_pdf(again(application))
    assert "SECRET" not in words(pdf)
    assert "Rosalind" not in words(pdf)
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        assert "Rosalind" not in str(opened.docinfo)
        assert b"Rosalind" not in bytes(opened.Root.Metadata.read_bytes())


def test_its_applicant_and_the_contractor_have_it_and_nobody_else(client: Client) -> None:
    maker = manufacturer()
    application = submitted(maker)
    for person, door, status in (
        (maker, "apply", 200),
        (manufacturer(), "apply", 404),
        (contractor_person(Role.REVIEWER), "review", 200),
        (contractor_person(Role.REVIEWER), "apply", 403),
        (maker, "review", 403),
    ):
        client.force_login(person)
        answer = client.get(f"/{door}/{application.pk}/submitted.pdf")
        assert (door, answer.status_code) == (door, status)
        if status == 200:
            assert answer["Content-Type"] == "application/pdf"
            assert answer.content == submission_pdf(application)
    client.logout()
    assert client.get(f"/apply/{application.pk}/submitted.pdf").status_code == 302


def test_of_a_draft_nothing_was_submitted(client: Client) -> None:
    maker = manufacturer()
    begun = draft(maker)
    client.force_login(maker)
    assert client.get(f"/apply/{begun.pk}/submitted.pdf").status_code == 404
