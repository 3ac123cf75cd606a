"""After submission: where it stands, what is asked, how it was decided."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import OutgoingMail, User
from tests.applicant.pages import address, words
from tests.factories.verification import (
    RATIONALE,
    STAGES,
    again,
    determined,
    in_review,
    information_requested,
    rejected,
    submitted,
)
from verification.letters.compose import in_words
from verification.letters.jobs import write_letter
from verification.models import Application, Letter, Outcome, TransitionLog
from verification.services.clocks import expire_overdue
from verification.workflow.perform import perform


def respond(client: Client, application: Application, *answers: str) -> Any:
    said = {f"answer-{number}": answer for number, answer in enumerate(answers, start=1)}
    return client.post(address("respond", application), {"seen_version": application.version, **said})


@pytest.mark.parametrize("status", [status for status in STAGES if status != "draft"])
def test_everything_submitted_is_there_to_read(client: Client, maker: User, status: str) -> None:
    application = STAGES[status](maker)

    page = words(client.get(application.get_absolute_url()))

    said = [
        application.dcn,
        "The product was never reviewed",
        "1 Gait Way Marlborough, MA 01752",
        "508 555 0100",
        "StrideOne Exoskeleton",
        "SO-100",
        "worn over clothing",
        "March 1, 2025",
        "Both legs: hip, knee, ankle and foot",
        "23.5 kg",
        "fda-registration.pdf",
        f"{maker.name}, Director",
    ]
    assert [text for text in said if text not in page] == []


@pytest.mark.parametrize("status", [status for status in STAGES if status != "draft"])
def test_a_section_cannot_be_opened_any_more(client: Client, maker: User, status: str) -> None:
    application = STAGES[status](maker)

    assert client.get(address("section", application, "product")).url == application.get_absolute_url()


def test_what_is_asked_is_answered_item_by_item(client: Client, maker: User) -> None:
    application = information_requested(maker)
    page = words(client.get(application.get_absolute_url()))
    assert "1. The weight of the battery." in page
    assert "2. A photograph of the joint." in page
    assert in_words(timezone.localdate() + timedelta(days=14)) in page

    response = respond(client, application, "2 kg", "See literature, page 3.")

    after = again(application)
    assert (response.url, after.status, after.reviewer) == (
        application.get_absolute_url(),
        "in_review",
        application.reviewer,
    )
    assert after.last_log().given == {"answers": ["2 kg", "See literature, page 3."]}
    page = words(client.get(application.get_absolute_url()))
    assert "The weight of the battery. 2 kg" in page
    assert "Send the answers" not in page


@pytest.mark.parametrize("answers", [("2 kg", ""), ("2 kg", " \n "), ("2 kg",), ("x" * 20_001, "y")])
def test_an_item_without_an_answer_is_named_and_the_other_answer_is_kept(
    client: Client, maker: User, answers: tuple[str, ...]
) -> None:
    application = information_requested(maker)

    response = respond(client, application, *answers)

    assert (response.status_code, again(application).status) == (422, "information_requested")
    assert response.context["form"]["answer-1"].value() == answers[0]


def test_answering_twice_answers_once(client: Client, maker: User) -> None:
    application = information_requested(maker)

    statuses = [respond(client, application, "2 kg", "Sent.").status_code for _ in range(2)]

    assert statuses[0] == 302
    assert TransitionLog.objects.filter(application=application, transition="respond").count() == 1


def test_an_answer_that_comes_too_late_is_not_lost(client: Client, maker: User) -> None:
    application = information_requested(maker)
    reviewer = application.reviewer
    given = {"reason_code": "incomplete", "text": "It took too long."}
    perform("reject", application=application, by=reviewer, seen_version=application.version, given=given)

    response = respond(client, application, "An answer of an hour.", "Another.")

    page = words(response)
    assert response.status_code == 409
    assert "An answer of an hour." in page
    assert "What you typed, which was not sent" in page
    assert again(application).status == "rejected"


def test_the_last_day_counts_and_the_next_does_not(client: Client, maker: User) -> None:
    with time_machine.travel("2026-11-02 12:00 -05:00", tick=False):
        application = information_requested(maker, due_in=3)
    with time_machine.travel("2026-11-05 23:59 -05:00", tick=False):
        client.force_login(maker)
        assert "Send the answers" in words(client.get(application.get_absolute_url()))
    with time_machine.travel("2026-11-06 00:01 -05:00", tick=False):
        page = words(client.get(application.get_absolute_url()))
        assert "The answer was due on November 5, 2026." in page
        assert "Send the answers" not in page
        assert respond(client, application, "2 kg", "Sent.").status_code == 409
        assert again(application).status == "information_requested"


def test_why_it_was_rejected(client: Client, maker: User) -> None:
    application = rejected(maker, text="The page of FDA's website is missing.")

    page = words(client.get(application.get_absolute_url()))

    assert "Rejected as incomplete" in page
    assert "No evidence of FDA registration The page of FDA's website is missing." in page
    assert f"A new application is needed, which cites {application.dcn}." in page
    assert "Start again from this one" in page
    assert f"kept until {in_words(timezone.localdate() + timedelta(days=30))}" in page
    assert "Withdraw the application" not in page


def test_why_it_was_closed_for_want_of_an_answer(client: Client, maker: User) -> None:
    application = information_requested(maker, due_in=3)
    with time_machine.travel(timezone.now() + timedelta(days=5), tick=False):
        expire_overdue()

    page = words(client.get(application.get_absolute_url()))

    assert "No answer by the day on which it was due" in page
    assert "did not arrive by the day on which it was due" in page


def test_the_determination_and_its_listing(client: Client, maker: User) -> None:
    application = determined(maker, model_numbers=["SO-100", "SO-200"])

    response = client.get(application.get_absolute_url())

    page = words(response)
    assert "Determination: HCPCS code assigned" in page
    assert RATIONALE in page
    assert f"First date of service: {in_words(timezone.localdate())}" in page
    assert f"until {in_words(timezone.localdate() + timedelta(days=45))}: 45 days left" in page
    assert "Ask for a reconsideration" in page
    assert "Listed is not covered." in page
    listings = application.determination.codes.values_list("listing_id", flat=True)
    assert [f'href="/listings/{listing}/"' in response.content.decode() for listing in listings] == [True, True]


def test_no_code_assigned_is_said_and_nothing_is_listed(client: Client, maker: User) -> None:
    application = determined(maker, outcome=Outcome.NO_CODE)

    page = words(client.get(application.get_absolute_url()))

    assert "Determination: No HCPCS Code Assigned" in page
    assert "Public listing" not in page


def test_the_letter_waits_and_is_then_sent(client: Client, maker: User) -> None:
    application = determined(maker)
    assert "The letter is being written" in words(client.get(address("letter", application)))
    assert "The letter is being written." in words(client.get(application.get_absolute_url()))

    write_letter(letter_id=Letter.objects.get().pk)

    response = client.get(address("letter", application))
    assert b"".join(response)[:5] == b"%PDF-"
    assert response["Content-Disposition"] == f'attachment; filename="Determination {application.dcn}.pdf"'
    assert "Download the letter (PDF)" in words(client.get(application.get_absolute_url()))


@pytest.mark.parametrize("status", [status for status in STAGES if status != "determined"])
def test_there_is_no_letter_before_the_determination(client: Client, maker: User, status: str) -> None:
    assert client.get(address("letter", STAGES[status](maker))).status_code == 404


@pytest.mark.parametrize("status", ["submitted", "in_review", "information_requested", "recommended"])
def test_withdrawing_asks_first_and_is_then_done_once(client: Client, maker: User, status: str) -> None:
    application = STAGES[status](maker)
    url = address("withdraw", application)
    OutgoingMail.objects.all().delete()
    assert "This cannot be undone" in words(client.get(url))
    assert again(application).status == status

    answers = [client.post(url, {"seen_version": application.version}) for _ in range(2)]

    assert [response.url for response in answers] == [application.get_absolute_url()] * 2
    assert again(application).status == "withdrawn"
    assert OutgoingMail.objects.count() == 1
    assert "ecommend" not in client.get(url, follow=True).content.decode()


@pytest.mark.parametrize("status", ["draft", "determined", "rejected", "withdrawn"])
def test_what_cannot_be_withdrawn_offers_no_page_for_it(client: Client, maker: User, status: str) -> None:
    application = STAGES[status](maker)

    answers = [client.get(address("withdraw", application)), client.post(address("withdraw", application))]

    assert [response.url for response in answers] == [application.get_absolute_url()] * 2
    assert again(application).status == status


@pytest.mark.parametrize("stage", [submitted, in_review, determined])
def test_a_page_asks_the_database_as_often_for_three_models_as_for_one(client: Client, maker: User, stage: Any) -> None:
    def visit(models: list[str], name: str) -> int:
        application = stage(maker, model_numbers=models, product_name=name)
        with CaptureQueriesContext(connection) as asked:
            assert client.get(application.get_absolute_url()).status_code == 200
        return len(asked)

    visit(["SO-0"], "What is kept for an hour is asked for once")
    assert visit(["SO-1"], "One") == visit(["SO-2", "SO-3", "SO-4"], "Three")
