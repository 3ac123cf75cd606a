import io

import pypdf
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from PIL import Image

from accounts.models import User
from tests.factories.verification import (
    complete_draft,
    determined,
    in_review,
    information_requested,
    pdf_file,
    reviewed,
    sign,
    submitted,
)
from tests.reviewer.page import main_of, text_of
from verification.letters.jobs import write_letter
from verification.models import Application, Letter
from verification.services.documents import attach_document, attach_to_answer
from verification.workflow.perform import perform


def body(response: HttpResponse) -> bytes:
    return b"".join(response.streaming_content) if response.streaming else response.content  # type: ignore[attr-defined]


def is_safe(response: HttpResponse) -> bool:
    policy = response["Content-Security-Policy"]
    return "sandbox" in policy and "script-src" not in policy and response["X-Content-Type-Options"] == "nosniff"


def test_a_document_is_shown_as_it_is_and_runs_nothing(as_robin: Client) -> None:
    application = submitted()
    document = application.documents.all()[0]
    response = as_robin.get(f"/review/{application.pk}/documents/{document.pk}/")
    assert response.status_code == 200
    assert response["Content-Type"] == "application/pdf"
    assert response["Content-Disposition"] == f'inline; filename="{document.name}"'
    assert is_safe(response)
    assert body(response).startswith(b"%PDF-")


def test_a_picture_and_a_name_that_is_meant_to_break_a_header(as_robin: Client) -> None:
    picture = io.BytesIO()
    Image.new("RGB", (2, 2)).save(picture, "PNG")
    application = complete_draft(signed=False)
    upload = SimpleUploadedFile('x";\r\nSet-Cookie: a=b;.png', picture.getvalue())
    document = attach_document(application=application, kind="photograph", upload=upload, by=application.created_by)
    application.refresh_from_db()
    application = sign(application)
    perform("submit", application=application, by=application.created_by, seen_version=application.version)
    response = as_robin.get(f"/review/{application.pk}/documents/{document.pk}/")
    assert response["Content-Type"] == "image/png"
    assert "Set-Cookie" not in response
    assert body(response) == picture.getvalue()


def test_a_document_of_another_application_is_not_there(as_robin: Client) -> None:
    one, other = submitted(), submitted()
    document = other.documents.all()[0]
    assert as_robin.get(f"/review/{one.pk}/documents/{document.pk}/").status_code == 404


def test_the_contractors_people_read_them_and_nobody_else(as_reese: Client) -> None:
    application = submitted()
    address = f"/review/{application.pk}/documents/{application.documents.all()[0].pk}/"
    response = as_reese.get(address)
    assert response.status_code == 200
    body(response)
    applicant = Client()
    applicant.force_login(application.created_by)
    assert applicant.get(address).status_code == 403
    assert Client().get(address).status_code == 302


def test_a_preview_of_the_letter(robin: User, as_robin: Client, as_avery: Client, as_reese: Client) -> None:
    application = reviewed(reviewed_by=robin)
    address = f"/review/{application.pk}/letter-preview/"
    for client in (as_robin, as_avery):
        response = client.get(address)
        assert response["Content-Type"] == "application/pdf"
        assert is_safe(response)
        text = " ".join(pypdf.PdfReader(io.BytesIO(body(response))).pages[0].extract_text().split())
        assert "This determination has not been made." in text
    assert Letter.objects.count() == 0
    assert as_reese.get(address).status_code == 403


def test_without_a_draft_there_is_no_preview(as_robin: Client) -> None:
    assert as_robin.get(f"/review/{in_review().pk}/letter-preview/").status_code == 404


def test_the_letter_as_sent(as_reese: Client) -> None:
    application = determined()
    address = f"/review/{application.pk}/letter/"
    assert as_reese.get(address).status_code == 404
    assert "The letter is being written." in text_of(as_reese.get(f"/review/{application.pk}/"))
    write_letter(letter_id=Letter.objects.get().pk)
    assert address in main_of(as_reese.get(f"/review/{application.pk}/"))
    response = as_reese.get(address)
    assert is_safe(response)
    with Letter.objects.get().file.open() as kept:
        assert body(response) == kept.read()


@pytest.mark.parametrize("part", ["letter/", "letter-preview/", "checklist/", "determination/", "act/accept/", ""])
def test_what_does_not_exist_is_not_there(as_robin: Client, part: str) -> None:
    assert not Application.objects.exists()
    assert as_robin.get(f"/review/1/{part}").status_code == 404


def test_what_was_attached_after_the_submission_is_marked(as_robin: Client) -> None:
    application = information_requested()
    assert "in answer" not in text_of(as_robin.get(f"/review/{application.pk}/"))
    attach_to_answer(
        application=application, kind="other", upload=pdf_file("battery.pdf", "Battery."), by=application.created_by
    )
    text = text_of(as_robin.get(f"/review/{application.pk}/"))
    assert text.count("for an answer that is not sent yet") == 1

    perform(
        "respond",
        application=application,
        by=application.created_by,
        seen_version=application.version,
        given={"answers": ["2 kg", "Attached."]},
    )

    text = text_of(as_robin.get(f"/review/{application.pk}/"))
    assert text.count("in answer") == 1
    assert "battery.pdf" in text.split("in answer")[0].rsplit("Other", 1)[-1]
