"""Every section is saved as far as it goes, and is there again after leaving."""

from datetime import date
from itertools import pairwise
from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from tests.applicant.pages import address, save, words
from tests.factories.verification import ANSWERS, again, code, complete_draft, draft
from verification.models import Application

PARTIAL: dict[str, dict[str, Any]] = {
    "reason": {"reason": "rejected-before"},
    "manufacturer": {"manufacturer_name": "Stride Robotics", "contact_phone": "508 555 0100"},
    "distributor": {"distributor_name": "Gait Supply LLC"},
    "product": {"product_name": "StrideOne"},
    "questions": {"body-part": "lower", "weight": "23.5"},
    "signature": {"signed_title": "Director"},
}


@pytest.fixture
def application(maker: User) -> Application:
    code()
    return draft(maker)


@pytest.mark.parametrize("section", PARTIAL)
def test_a_section_is_saved_as_far_as_it_goes_and_is_there_again(
    client: Client, application: Application, section: str
) -> None:
    response = save(client, application, section, PARTIAL[section])

    assert response.status_code == 302
    page = client.get(address("section", application, section)).context["form"]
    assert {name: str(page[name].value()) for name in PARTIAL[section]} == PARTIAL[section]


@pytest.mark.parametrize("section", PARTIAL)
def test_an_empty_section_is_saved_too(client: Client, application: Application, section: str) -> None:
    assert save(client, application, section, {}).status_code == 302


def test_all_of_the_product_is_kept(client: Client, application: Application) -> None:
    said = {
        "product_name": "StrideOne",
        "model_numbers": "SO-100\r\nSO-200, SO-300",
        "description": "Two lines\r\nof text.",
        "first_marketed": "2025-03-01",
        "fda_status": "cleared",
        "fda_submission_number": "k123456",
        "codes": "k1007",
    }

    save(client, application, "product", said)

    kept = again(application)
    assert (kept.product_name, kept.description, kept.first_marketed, kept.fda_status, kept.fda_submission_number) == (
        "StrideOne",
        "Two lines\nof text.",
        date(2025, 3, 1),
        "cleared",
        "K123456",
    )
    assert [model.model_number for model in kept.models.all()] == ["SO-100", "SO-200", "SO-300"]
    assert [row.code for row in kept.requested_codes.all()] == [code()]


def test_model_numbers_that_are_the_same_are_merged_and_it_is_said(client: Client, application: Application) -> None:
    response = save(client, application, "product", {"model_numbers": "SO-100\nSO 100\nSO-200"})

    assert [model.model_number for model in application.models.all()] == ["SO-100", "SO-200"]
    assert "SO 100 and SO-100 are the same model number; it is kept once, as SO-100." in words(client.get(response.url))


def test_an_answer_to_a_question_that_is_not_asked_is_dropped(client: Client, application: Application) -> None:
    # Uprights are asked of legs only, and "how is it fitted" of what is fitted; an unreadable number would be refused.
    said = {"body-part": "upper", "uprights": "double", "custom-fitted": "no", "fitting": "By hand.", "weight": "3"}

    save(client, application, "questions", said)

    assert again(application).answers == {"body-part": "upper", "custom-fitted": "no", "weight": "3"}


def test_all_questions_are_shown_with_their_condition_in_words(client: Client, application: Application) -> None:
    page = client.get(address("section", application, "questions"))

    assert list(page.context["form"].fields) == [question.key for question in application.group.questions]
    assert (
        "Answer only if “Which part of the body does the device support?” is "
        "“Both legs: hip, knee, ankle and foot” or “One leg”." in words(page)
    )


def test_every_section_but_the_last_offers_to_continue(client: Client, application: Application) -> None:
    assert "Save and continue" in words(client.get(address("section", application, "reason")))
    assert "Save and continue" not in words(client.get(address("section", application, "signature")))


def test_save_and_continue_goes_through_the_sections_in_their_order(client: Client, application: Application) -> None:
    order = ["reason", "manufacturer", "distributor", "product", "questions", "documents", "evidence", "signature"]
    for here, following in pairwise(order):
        response = client.post(address("section", application, here), {"seen_version": "1", "continue": "1"})
        assert response.url == address("section", application, following)
        Application.objects.filter(pk=application.pk).update(version=1)


def test_every_answer_comes_back_as_it_was_given(client: Client, application: Application) -> None:
    save(client, application, "questions", ANSWERS)

    assert again(application).answers == ANSWERS


def test_a_later_change_takes_the_signature_back(client: Client, maker: User) -> None:
    signed = complete_draft(maker)

    save(client, signed, "reason", {"reason": "modified", "previous_dcn": "CVR-2025-000007"})

    assert (again(signed).attested, again(signed).signed_at) == (False, None)
    assert "A signature given earlier does not count after a change." in words(
        client.get(address("section", signed, "signature"))
    )


def test_saving_without_a_change_leaves_the_signature(client: Client, maker: User) -> None:
    signed = complete_draft(maker)
    form = client.get(address("section", signed, "product")).context["form"]
    shown = {name: form[name].value() for name in form.fields}

    response = save(client, signed, "product", {**shown, "first_marketed": "2025-03-01"})

    assert (response.status_code, again(signed).attested, again(signed).version) == (302, True, signed.version)


def test_an_unknown_section_is_not_there(client: Client, application: Application) -> None:
    assert client.get(address("section", application, "prices")).status_code == 404
