"""What is wrong is refused by name, and nothing typed is lost."""

from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from tests.applicant.pages import save, words
from tests.factories.verification import again, code, draft
from verification.models import Application

# A field of the section that takes any text.
BESIDE = {
    "product": "description",
    "manufacturer": "manufacturer_name",
    "questions": "sensors",
    "reason": "previous_dcn",
}


@pytest.fixture
def application(maker: User) -> Application:
    code()
    return draft(maker)


@pytest.mark.parametrize(
    ("section", "field", "typed", "said"),
    [
        ("product", "codes", "K1032", "K1032 ended: its last day was December 31, 2023."),
        ("product", "codes", "K1007 Z9999", "Z9999 is not a HCPCS code that this register knows."),
        ("product", "codes", " ".join(f"A{n:04}" for n in range(21)), "These are 21 codes."),
        ("product", "first_marketed", "0001-01-01", "0001-01-01 is not a plausible date."),
        ("product", "first_marketed", "9999-12-31", "9999-12-31 is not a plausible date."),
        ("product", "first_marketed", "2025-02-30", "as in 2026-03-31."),
        ("product", "model_numbers", "SO-100\n---", "“---” has no letter or digit."),
        ("product", "model_numbers", "x" * 121, "is longer than 120 characters."),
        ("product", "model_numbers", "\n".join(f"M{n}" for n in range(501)), "These are 501 model numbers."),
        ("product", "fda_submission_number", "yes", "This is not a number as FDA gives them"),
        ("product", "fda_status", "maybe", "Select a valid choice."),
        ("product", "product_name", "a\x00b", "Null characters are not allowed."),
        ("manufacturer", "contact_email", "dana at stride", "Enter a valid email address."),
        ("manufacturer", "contact_phone", "call me", "A telephone number has at least 7 digits"),
        ("manufacturer", "fda_establishment_number", "FEI", "An establishment number has only digits"),
        ("reason", "reason", "because", "Select a valid choice."),
        ("questions", "weight", "heavy", "“heavy” is not a number. Write it in digits, like 12.5."),
        ("questions", "weight", "0", "0 is too little: it must be at least 0.1."),
        ("questions", "weight", "nan", "“nan” is not a number."),
        ("questions", "weight", "1e999", "“1e999” is not a number."),
        ("questions", "expected-life", "51", "51 is too much: it can be 50 at most."),
    ],
)
def test_a_wrong_format_is_named_and_everything_typed_is_kept(
    client: Client, application: Application, *, section: str, field: str, typed: str, said: str
) -> None:
    before = again(application)

    response = save(client, application, section, {field: typed, BESIDE[section]: "Kept beside it."})

    assert response.status_code == 422
    assert said in words(response)
    form = response.context["form"]
    assert (form[field].value(), form[BESIDE[section]].value()) == (typed, "Kept beside it.")
    assert list(form.errors) == [field]
    assert again(application).version == before.version


def test_an_error_links_to_its_field(client: Client, application: Application) -> None:
    response = save(client, application, "product", {"codes": "K1032"})

    assert b'href="#id_codes"' in response.content


def test_an_ended_code_saves_nothing_of_the_section(client: Client, application: Application) -> None:
    save(client, application, "product", {"codes": "K1007, K1032", "product_name": "StrideOne", "model_numbers": "S-1"})

    kept = again(application)
    assert (kept.product_name, kept.models.count(), kept.requested_codes.count()) == ("", 0, 0)


def test_markup_is_shown_as_it_was_typed(client: Client, application: Application) -> None:
    save(client, application, "product", {"product_name": "<script>alert(1)</script>"})

    page: Any = client.get(application.get_absolute_url())
    assert b"<script>alert(1)" not in page.content
    assert b"&lt;script&gt;alert(1)&lt;/script&gt;" in page.content
