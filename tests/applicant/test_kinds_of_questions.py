"""Each kind of answer: kept exactly, refused in words, and never lost."""

from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from tests.applicant.pages import address, save, words
from tests.factories.product_groups import begun_draft_of
from tests.factories.verification import again, attached
from verification.checks import gaps
from verification.models import Application

pytestmark = pytest.mark.django_db


@pytest.fixture
def dressing(maker: User) -> Application:
    return begun_draft_of("surgical-dressings", by=maker)


@pytest.fixture
def shoe(maker: User) -> Application:
    return begun_draft_of("therapeutic-shoes", by=maker)


def components(*rows: tuple[str, str]) -> dict[str, str]:
    return {
        f"components-{number}-{part}": value
        for number, row in enumerate(rows)
        for part, value in zip(("component", "percent"), row, strict=True)
    }


def about_components(application: Application) -> list[str]:
    return [gap.message for gap in gaps(again(application)) if gap.field == "components"]


def test_weights_that_sum_to_a_hundred_are_exact(client: Client, dressing: Application) -> None:
    # In binary fractions 33.3 + 33.3 + 33.4 is a little less than a hundred.
    save(client, dressing, "questions", components(("Collagen", "33.3"), ("Alginate", "33.3%"), ("Silver", "33.4")))

    assert again(dressing).answers["components"] == [
        {"component": "Collagen", "percent": "33.3"},
        {"component": "Alginate", "percent": "33.3"},
        {"component": "Silver", "percent": "33.4"},
    ]
    assert about_components(dressing) == []


def test_weights_that_sum_to_less_are_kept_named_and_keep_it_from_being_submitted(
    client: Client, dressing: Application
) -> None:
    response = save(client, dressing, "questions", components(("Collagen", "90"), ("Alginate", "9.9")))

    assert response.status_code == 302
    assert "the percentages sum to 99.9; 0.1 is still missing." in words(client.get(response.url))
    assert about_components(dressing) == [
        "The percentages sum to 99.9, not to 100: Clinically relevant components by weight"
    ]


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ([("Collagen", "101")], "“Collagen”: 101 is not a percentage."),
        ([("Collagen", "-3")], "“Collagen”: -3 is not a percentage."),
        ([("Collagen", "0")], "“Collagen”: 0 is not a percentage."),
        ([("Collagen", "most of it")], "“Collagen”: “most of it” is not a number."),
        ([("Collagen", "1e2")], "“Collagen”: “1e2” is not a number."),
        ([("", "5,0")], "Component 1: “5,0” is not a number."),
        ([("Collagen", "33.333")], "“Collagen”: give 33.333 with at most 2 digits behind the point."),
        (
            [("Collagen", "60"), ("Alginate", "40.01")],
            "The percentages sum to 100.01. Together they must be exactly 100.",
        ),
        ([("Collagen", "60"), ("collagen", "40")], "“collagen” is there twice."),
    ],
)
def test_weights_that_cannot_be_are_refused_and_shown_again(
    client: Client, dressing: Application, rows: list[tuple[str, str]], said: str
) -> None:
    response = save(client, dressing, "questions", {**components(*rows), "left-out": "Kept beside it."})

    assert response.status_code == 422
    assert said in words(response)
    assert "Kept beside it." in response.content.decode()
    assert all(f'value="{percent}"' in response.content.decode() for _, percent in rows)
    assert again(dressing).answers == {}


def test_a_component_without_a_name_or_a_percent_is_missing(client: Client, dressing: Application) -> None:
    save(client, dressing, "questions", components(("Collagen", "60"), ("", "30"), ("Silver", "")))

    about = "Clinically relevant components by weight"
    assert about_components(dressing) == [
        f"Name each component: {about}",
        f"Give the percent of each component: {about}",
    ]


@pytest.mark.parametrize(
    ("typed", "kept"),
    [("3", "3"), ("0.1875", "0.1875"), (".5", "0.5"), ("1.50", "1.50"), (" 2 ", "2"), ("0.10", "0.10")],
)
def test_a_number_is_kept_as_it_was_said(client: Client, shoe: Application, typed: str, kept: str) -> None:
    response = save(client, shoe, "questions", {"what": "depth-shoe", "depth": typed})

    assert response.status_code == 302
    assert again(shoe).answers["depth"] == kept


def test_thousands_have_commas(client: Client, maker: User) -> None:
    surface = begun_draft_of("support-surfaces", by=maker)
    save(client, surface, "questions", {"capacity": "1,000"})
    assert again(surface).answers["capacity"] == "1000"


@pytest.mark.parametrize(
    ("field", "typed", "said"),
    [
        ("depth", "0.18755", "Give 0.18755 with at most 4 digits behind the point."),
        ("depth", "4", "4 is too much: it can be 3 at most."),
        ("depth", "3/16", "“3/16” is not a number. Write it in digits, like 12.5."),
        ("depth", "١٢", "is not a number."),
        ("widths", "2.5", "Give a whole number instead of 2.5."),
        ("first-sold", "0001-01-01", "0001-01-01 is not a plausible day."),
        ("first-sold", "2999-01-01", "2999-01-01 is not a plausible day."),
        ("first-sold", "yesterday", "Enter a valid date."),
        ("what", "sandal", "Select a valid choice. sandal is not one of the available choices."),
        ("closure", "velcro", "Select a valid choice. velcro is not one of the available choices."),
    ],
)
def test_a_wrong_answer_is_refused_in_words(
    client: Client, shoe: Application, field: str, typed: str, said: str
) -> None:
    response = save(client, shoe, "questions", {"what": "depth-shoe", field: typed})

    assert response.status_code == 422
    assert said in words(response)
    assert again(shoe).answers == {}


def test_a_day_and_several_choices_are_kept(client: Client, shoe: Application) -> None:
    said = {"what": "depth-shoe", "closure": ["zipper", "laces"], "first-sold": "2024-02-29"}
    save(client, shoe, "questions", said)

    # Choices as in the form's order would be nicer to read, but what was sent is what is kept.
    assert again(shoe).answers == {"what": "depth-shoe", "closure": ["zipper", "laces"], "first-sold": "2024-02-29"}


def test_a_question_may_depend_on_two_answers(client: Client, shoe: Application) -> None:
    said: dict[str, Any] = {
        "what": "depth-shoe",
        "upper": "equal",
        "upper-equal": "Tears less.",
        "temperature": "300",
    }
    save(client, shoe, "questions", said)
    # The heat source is asked of inserts that are molded directly.
    assert again(shoe).answers == {"what": "depth-shoe", "upper": "equal", "upper-equal": "Tears less."}

    save(client, again(shoe), "questions", {"what": "insert", "insert-made": "direct", "temperature": "300"})
    assert again(shoe).answers == {"what": "insert", "insert-made": "direct", "temperature": "300"}


def evidence_gaps(application: Application) -> list[str]:
    return [gap.message for gap in gaps(again(application)) if gap.field == "sterile"]


def test_a_yes_needs_its_document_and_page(client: Client, dressing: Application) -> None:
    document = attached(dressing, "sterility", "sterility.pdf")
    save(client, again(dressing), "questions", {"sterile_answer": "yes"})
    assert evidence_gaps(dressing) == ["Name the document that shows it: Is it sterile?"]

    save(client, again(dressing), "questions", {"sterile_answer": "yes", "sterile_document": document.pk})
    assert evidence_gaps(dressing) == ["Give the page that shows it: Is it sterile?"]

    said = {"sterile_answer": "yes", "sterile_document": document.pk, "sterile_page": "1"}
    save(client, again(dressing), "questions", said)
    assert evidence_gaps(dressing) == []
    assert again(dressing).answers == {"sterile": {"answer": "yes", "document": document.pk, "page": 1}}


def test_a_no_needs_none(client: Client, dressing: Application) -> None:
    document = attached(dressing, "sterility", "sterility.pdf")
    said = {"sterile_answer": "no", "sterile_document": document.pk, "sterile_page": "1"}

    save(client, again(dressing), "questions", said)

    assert again(dressing).answers == {"sterile": {"answer": "no"}}
    assert evidence_gaps(dressing) == []


def test_a_page_that_the_document_does_not_have_is_refused(client: Client, dressing: Application) -> None:
    document = attached(dressing, "sterility", "sterility.pdf")
    said = {"sterile_answer": "yes", "sterile_document": document.pk, "sterile_page": "2"}

    response = save(client, again(dressing), "questions", said)

    assert response.status_code == 422
    assert "sterility.pdf has 1 page, so there is no page 2." in words(response)


def test_another_applications_document_is_no_evidence(client: Client, dressing: Application, maker: User) -> None:
    elsewhere = begun_draft_of("surgical-dressings", by=maker)
    document = attached(elsewhere, "sterility", "elsewhere.pdf")

    response = save(client, dressing, "questions", {"sterile_answer": "yes", "sterile_document": document.pk})

    assert response.status_code == 422
    assert "That document is not attached any more. Choose another." in words(response)
    assert "elsewhere.pdf" not in client.get(address("section", dressing, "questions")).content.decode()
