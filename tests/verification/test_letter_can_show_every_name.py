import pytest

from tests.factories.verification import again, complete_draft
from verification.checks import gaps
from verification.models import Application

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("field", "said", "gap"),
    [
        ("product_name", "歩行 One", ("product", "product_name", "歩")),
        ("manufacturer_name", "Strider \U0001f9bf", ("manufacturer", "manufacturer_name", "\U0001f9bf")),
        ("contact_name", "王", ("manufacturer", "contact_name", "王")),
    ],
)
def test_a_name_that_the_letter_cannot_show_is_a_gap(field: str, said: str, gap: tuple[str, str, str]) -> None:
    application = complete_draft()
    Application.objects.filter(pk=application.pk).update(**{field: said})
    section, name, character = gap
    found = [(each.section, each.field, character in each.message) for each in gaps(again(application))]
    assert found == [(section, name, True)]


def test_names_in_other_latin_letters_are_no_gap() -> None:
    application = complete_draft(product_name="Größe Ñandú č™")
    assert gaps(application) == []
