"""Documents that go with the answers to a request for information: added, never in place of what was submitted."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from accounts.models import User
from tests.applicant.pages import address, words
from tests.factories.verification import again, in_review, information_requested, pdf_file
from verification.models import Application, TransitionLog
from verification.services.documents import remove_from_answer
from verification.workflow.errors import NotAllowed
from verification.workflow.perform import perform

HALF = {"answer-1": "2 kg, typed before", "answer-2": ""}
BOTH = {"answer-1": "2 kg", "answer-2": "Attached."}


@pytest.fixture
def application(maker: User) -> Application:
    return information_requested(maker)


def post(client: Client, application: Application, **said: Any) -> Any:
    return client.post(address("respond", application), {"seen_version": application.version, **said})


def names(application: Application) -> list[str]:
    return [document.name for document in application.documents.filter(kind="other", removed_at=None)]


def test_attaching_keeps_what_is_half_typed_and_sends_nothing(client: Client, application: Application) -> None:
    response = post(client, application, attach_now="1", other=[pdf_file("battery.pdf", "Battery.")], **HALF)

    assert response.status_code == 200
    assert response.context["form"]["answer-1"].value() == "2 kg, typed before"
    assert response.context["form"].errors == {}
    page = words(response)
    assert "1 file attached." in page
    assert "battery.pdf" in page
    assert (names(application), again(application).status) == (["battery.pdf"], "information_requested")


def test_the_submitted_application_stays_as_it_was_signed(client: Client, application: Application) -> None:
    before = Application.objects.filter(pk=application.pk).values()[0]
    submitted = list(application.documents.values())

    post(client, application, attach_now="1", other=[pdf_file("battery.pdf", "Battery.")])

    assert Application.objects.filter(pk=application.pk).values()[0] == before
    assert list(application.documents.values())[: len(submitted)] == submitted
    assert application.documents.count() == len(submitted) + 1


def test_files_and_answers_are_sent_together_and_a_double_click_sends_them_once(
    client: Client, application: Application
) -> None:
    answers = [post(client, application, other=[pdf_file("battery.pdf", "Battery.")], **BOTH) for _ in range(2)]

    assert [response.status_code for response in answers] == [302, 302]
    assert (names(application), again(application).status) == (["battery.pdf"], "in_review")
    assert TransitionLog.objects.filter(application=application, transition="respond").count() == 1
    assert "attached on" in words(client.get(application.get_absolute_url()))


def test_a_file_that_cannot_be_kept_holds_the_answers_back(client: Client, application: Application) -> None:
    files = [SimpleUploadedFile("page.pdf", b"<html>"), pdf_file("battery.pdf", "Battery.")]

    response = post(client, application, other=files, **BOTH)

    page = words(response)
    assert (response.status_code, again(application).status) == (422, "information_requested")
    assert "page.pdf is not a PDF, JPEG, PNG or Word (DOCX) file" in page
    assert response.context["form"]["answer-2"].value() == "Attached."
    assert names(application) == ["battery.pdf"]


def test_an_answer_that_is_missing_keeps_the_files(client: Client, application: Application) -> None:
    response = post(client, application, other=[pdf_file("battery.pdf", "Battery.")], **HALF)

    assert (response.status_code, names(application)) == (422, ["battery.pdf"])
    assert "Answer this item." in words(response)


def test_what_was_attached_now_can_be_removed_and_the_text_stays(client: Client, application: Application) -> None:
    post(client, application, attach_now="1", other=[pdf_file("wrong.pdf", "Wrong."), pdf_file("right.pdf", "Right.")])
    wrong = application.documents.get(name="wrong.pdf")

    response = post(client, application, remove_document=wrong.pk, **HALF)

    assert (response.status_code, names(application)) == (200, ["right.pdf"])
    assert "wrong.pdf was removed." in words(response)
    assert response.context["form"]["answer-1"].value() == "2 kg, typed before"


def test_what_was_submitted_or_sent_before_is_not_removed(client: Client, application: Application) -> None:
    post(client, application, other=[pdf_file("battery.pdf", "Battery.")], **BOTH)
    now = again(application)
    given = {"items": ["Once more.", "And this."], "due_on": timezone.localdate() + timedelta(days=5)}
    perform("request_information", application=now, by=now.reviewer, seen_version=now.version, given=given)
    now = again(application)
    sent = [now.documents.get(name="battery.pdf"), now.documents.filter(kind="fda-registration").get()]

    answers = [post(client, now, remove_document=document.pk, **HALF) for document in sent]

    assert [response.status_code for response in answers] == [409, 409]
    assert "2 kg, typed before" in words(answers[0])
    assert now.documents.filter(removed_at=None).count() == 4
    # Nor does the page offer it.
    assert "remove_document" not in client.get(now.get_absolute_url()).content.decode()
    with pytest.raises(NotAllowed, match="stays with the application"):
        remove_from_answer(document=sent[1])


@pytest.mark.parametrize("wanted", ["0", "x", "9" * 30, ""])
def test_a_document_that_is_not_there_is_not_removed(client: Client, application: Application, wanted: str) -> None:
    assert post(client, application, remove_document=wanted).status_code == 404


def test_the_last_day_counts_and_the_next_does_not(maker: User) -> None:
    with time_machine.travel("2026-11-02 12:00 -05:00", tick=True):
        application = information_requested(maker, due_in=3)
    with time_machine.travel("2026-11-05 23:58 -05:00", tick=True):
        client = Client()
        client.force_login(maker)
        post(client, application, attach_now="1", other=[pdf_file("battery.pdf", "Battery.")])
    document = application.documents.get(name="battery.pdf")
    with time_machine.travel("2026-11-06 00:01 -05:00", tick=True):
        late = post(client, application, attach_now="1", other=[pdf_file("late.pdf", "Late.")], **HALF)
        removed = post(client, application, remove_document=document.pk)

    assert (late.status_code, removed.status_code) == (409, 409)
    assert "The answer was due on November 5, 2026." in words(late)
    assert "2 kg, typed before" in words(late)
    assert names(application) == ["battery.pdf"]


def test_without_a_request_nothing_is_attached(client: Client, maker: User) -> None:
    application = in_review(maker)

    response = post(client, application, attach_now="1", other=[pdf_file("battery.pdf", "Battery.")], **HALF)

    assert (response.status_code, names(application)) == (409, [])


def test_an_incomplete_answer_to_what_is_not_asked_any_more_is_not_lost(client: Client, maker: User) -> None:
    application = information_requested(maker)
    given = {"reason_code": "incomplete", "text": "It took too long."}
    perform("reject", application=application, by=application.reviewer, seen_version=application.version, given=given)

    page = words(post(client, application, **HALF))

    assert "What you typed, which was not sent" in page
    assert "2 kg, typed before" in page
