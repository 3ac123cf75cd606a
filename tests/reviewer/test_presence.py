"""Two people at one dossier: each is told of the other, and who types; after a while nobody is."""

from datetime import timedelta

import time_machine
from django.test import Client
from django.utils import timezone

from accounts.models import User
from tests.factories.verification import in_review
from tests.reviewer.page import main_of, text_of
from verification.models import Presence


def ask(client: Client, application_id: int, **said: str) -> object:
    return client.post(f"/review/{application_id}/presence/", {"page": "checklist", **said})


def test_the_second_is_told_of_the_first_and_that_something_is_typed(
    robin: User, as_robin: Client, as_avery: Client
) -> None:
    application = in_review(reviewed_by=robin)
    assert ask(as_robin, application.pk).status_code == 204
    first = ask(as_avery, application.pk).content.decode()
    assert "<strong>Robin Reviewer</strong>" in first
    assert "has this application open, too" in first

    ask(as_robin, application.pk, is_typing="1")
    shown = f"{robin.pk}-"
    typing = ask(as_avery, application.pk, shown=shown).content.decode()
    assert "is writing something that is not saved yet" in typing
    assert f'value="{robin.pk}+"' in typing
    # Said already: nothing is read out twice.
    assert ask(as_avery, application.pk, shown=f"{robin.pk}+").status_code == 204
    assert Presence.objects.count() == 2


def test_who_left_is_forgotten(robin: User, as_robin: Client, as_avery: Client) -> None:
    application, other = in_review(reviewed_by=robin), in_review(reviewed_by=robin)
    ask(as_robin, application.pk)
    assert ask(as_avery, other.pk).status_code == 204
    with time_machine.travel(timezone.now() + timedelta(seconds=61)):
        assert ask(as_avery, application.pk).status_code == 204


def test_only_who_may_write_is_present(as_reese: Client, robin: User, as_robin: Client) -> None:
    application = in_review(reviewed_by=robin)
    assert ask(as_reese, application.pk).status_code == 403
    assert ask(as_robin, 999_999).status_code == 404
    assert Presence.objects.count() == 0


def test_the_pages_on_which_something_is_written_ask(robin: User, as_robin: Client, as_reese: Client) -> None:
    application = in_review(reviewed_by=robin)
    for part in ("", "checklist/", "determination/", "messages/", "act/reject/"):
        html = main_of(as_robin.get(f"/review/{application.pk}/{part}"))
        assert f'hx-post="/review/{application.pk}/presence/"' in html
    assert "presence" not in main_of(as_reese.get(f"/review/{application.pk}/"))
    assert "Checklist" in text_of(as_robin.get(f"/review/{application.pk}/checklist/"))
