"""What is in force, on one page, as the files and settings have it."""

from typing import Any

from django.test import Client

from tests.reviewer.page import text_of
from verification.product_groups import reasons
from verification.product_groups.loader import groups


def test_it_says_what_is_in_force(as_robin: Client, settings: Any) -> None:
    settings.INVITATION_DAYS = 3
    text = text_of(as_robin.get("/review/configuration/"))
    assert "An invitation may be accepted for 3 days" in text
    assert [group.title for group in groups() if group.title not in text] == []
    said = reasons()
    assert [reason.label for reason in (*said.rejection, *said.application) if reason.label not in text] == []
    assert [reason.text for reason in said.rejection if reason.text not in text] == []
