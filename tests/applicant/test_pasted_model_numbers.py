"""Model numbers as they come from a sheet: with duplicates, tabs, quotes, and the words of the heading."""

import pytest
from django.test import Client

from accounts.models import User
from tests.applicant.pages import save, words
from tests.factories.product_groups import begun_draft_of
from tests.factories.verification import again, draft
from verification.applicant.forms.pasted import SeveralColumnsError, cells_of, heading_of
from verification.models import Application


@pytest.mark.parametrize(
    ("typed", "numbers", "heading"),
    [
        ("A-1\nA-2, A-3", ["A-1", "A-2", "A-3"], ""),
        ("Model number\r\nA-1\r\nA-2\r\n", ["A-1", "A-2"], "Model number"),
        ("Model No.\tName\nA-1\tLeft\nA-2\tRight", ["A-1", "A-2"], "Model No."),
        ("Name\tModel #\nLeft\tA-1\nRight\t", ["A-1"], "Model #"),
        ('"SO-100"\t\n“SO-101”\t\n', ["SO-100", "SO-101"], ""),
        ("\tA-1\n\tA-2", ["A-1", "A-2"], ""),
        ("A-1\tA-2\tA-3", ["A-1", "A-2", "A-3"], ""),
        ('"SO-5"""\nSO-6"\n"SO-7', ['SO-5"', 'SO-6"', "SO-7"], ""),
        ('"A, blue"\nB', ["A, blue", "B"], ""),
        ("SKU, A-1, A-2", ["A-1", "A-2"], "SKU"),
        # What only begins like a heading is a model number.
        ("Model 5\nModel 6", ["Model 5", "Model 6"], ""),
        ("Model", ["Model"], ""),
        (" \n\t\n\n", [], ""),
        (" \n,,\n", [], ""),
    ],
)
def test_cells_are_read_as_a_person_means_them(typed: str, numbers: list[str], heading: str) -> None:
    assert cells_of(typed) == numbers
    assert heading_of(typed) == heading


def test_several_columns_without_a_heading_are_not_guessed_at() -> None:
    with pytest.raises(SeveralColumnsError):
        cells_of("A-1\tLeft\nA-2\tRight")


@pytest.mark.django_db
def test_three_hundred_with_duplicates(client: Client, maker: User) -> None:
    application = draft(maker)
    lines = ["Model Number\tDescription", *(f'"XO-{number:03d}"\tSize {number}' for number in range(250))]
    lines += [f"xo {number:03d}\tagain" for number in range(50)]

    response = save(client, application, "product", {"model_numbers": "\r\n".join(lines)})

    assert [each.model_number for each in again(application).models.all()] == [f"XO-{n:03d}" for n in range(250)]
    page = words(client.get(response.url))
    assert "“Model Number” was taken for the heading of the column and left out." in page
    assert "50 model numbers were there more than once; each is kept once, such as XO-000, XO-001," in page


@pytest.mark.django_db
def test_several_columns_are_refused_and_kept(client: Client, maker: User) -> None:
    application: Application = begun_draft_of("orthotics", by=maker)

    response = save(client, application, "product", {"model_numbers": "A-1\tLeft\nA-2\tRight"})

    assert response.status_code == 422
    assert "These lines have several columns. Paste only the column of the model numbers" in words(response)
    assert "A-1\tLeft" in response.content.decode()
    assert [each.model_number for each in again(application).models.all()] == ["M-1"]
