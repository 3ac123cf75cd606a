"""People make keys for their programs themselves; a key is shown once and kept nowhere."""

import logging
import re
from datetime import date
from typing import Any

import pytest
import time_machine
from django.core import serializers
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import ApiKey, Role
from accounts.services import api_keys
from accounts.services.api_keys import (
    MOST_KEYS,
    KeyRefused,
    create_api_key,
    forget_remembered_keys,
    recognize_api_key,
    revoke_api_key,
)
from tests.factories.accounts import UserFactory, contractor_person

pytestmark = pytest.mark.django_db
PAGE = "/accounts/api-keys/"


@pytest.fixture(autouse=True)
def _nothing_remembered() -> None:
    forget_remembered_keys()


def shown_key(page: str) -> str:
    (key,) = set(re.findall(r"pcl_[\w-]{43}", page))
    return key


def test_a_key_is_made_shown_once_and_revoked(client: Client) -> None:
    user = UserFactory()
    client.force_login(user)
    assert "No keys yet" in client.get(PAGE).content.decode()

    answer = client.post(PAGE, {"name": "  nightly   mirror "})

    key = shown_key(answer.content.decode())
    assert answer["Cache-Control"] == "private, no-store"
    assert recognize_api_key(key) == ApiKey.objects.get(user=user, name="nightly mirror").pk
    again = client.get(PAGE).content.decode()
    assert key not in again
    assert f"{key[:12]}…" in again
    revoked = client.post(reverse("accounts:revoke_api_key", args=[ApiKey.objects.get().pk]), follow=True)
    assert "The key is revoked" in revoked.content.decode()
    assert recognize_api_key(key) is None
    assert "No keys yet" in client.get(PAGE).content.decode()


def test_the_key_is_kept_nowhere() -> None:
    made = create_api_key(user=UserFactory(), name="mirror")
    kept = serializers.serialize("json", ApiKey.objects.all())
    assert made.text not in kept
    assert made.text.removeprefix("pcl_")[10:] not in kept
    assert len(made.text) == 47


def test_a_form_that_is_sent_again_makes_no_second_key(client: Client) -> None:
    client.force_login(UserFactory())
    client.post(PAGE, {"name": "mirror"})
    again = client.post(PAGE, {"name": "mirror"})
    assert again.status_code == 400
    assert "You have a key named “mirror” already" in again.content.decode()
    assert ApiKey.objects.count() == 1


@pytest.mark.parametrize("name", ["", "   ", "x" * 81, "\x00"])
def test_a_name_that_is_none(client: Client, name: str) -> None:
    client.force_login(UserFactory())
    assert client.post(PAGE, {"name": name}).status_code == 400
    assert not ApiKey.objects.exists()


def test_a_name_is_free_again_after_revoking() -> None:
    user = UserFactory()
    first = create_api_key(user=user, name="mirror")
    with pytest.raises(KeyRefused):
        create_api_key(user=user, name="mirror")
    create_api_key(user=UserFactory(), name="mirror")
    revoke_api_key(user=user, key_id=first.kept.pk)
    assert create_api_key(user=user, name="mirror").text != first.text


def test_not_more_than_so_many() -> None:
    user = UserFactory()
    for number in range(MOST_KEYS):
        create_api_key(user=user, name=str(number))
    with pytest.raises(KeyRefused, match="10 keys in use"):
        create_api_key(user=user, name="one more")


def test_somebody_elses_key_is_not_there(client: Client) -> None:
    made = create_api_key(user=UserFactory(), name="theirs")
    client.force_login(contractor_person(Role.ADMINISTRATOR))
    assert "theirs" not in client.get(PAGE).content.decode()
    assert client.post(reverse("accounts:revoke_api_key", args=[made.kept.pk])).status_code == 404
    assert recognize_api_key(made.text) == made.kept.pk


def test_the_page_asks_the_database_once_for_all_keys(client: Client) -> None:
    user = UserFactory()
    client.force_login(user)
    create_api_key(user=user, name="1")
    counts = []
    for more in ((), ("2", "3")):
        for name in more:
            create_api_key(user=user, name=name)
        with CaptureQueriesContext(connection) as queries:
            client.get(PAGE)
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_use_is_noted_by_the_day_and_costs_nothing_in_between() -> None:
    with time_machine.travel("2026-11-22 04:00Z", tick=False) as clock:  # November 21 in Eastern time
        made = create_api_key(user=UserFactory(), name="mirror")
        with CaptureQueriesContext(connection) as queries:
            for _ in range(5):
                assert recognize_api_key(made.text) == made.kept.pk
        assert len(queries) == 2
        made.kept.refresh_from_db()
        assert made.kept.last_used_on == date(2026, 11, 21)
        clock.shift(61)
        with CaptureQueriesContext(connection) as queries:
            recognize_api_key(made.text)
        assert len(queries) == 1


def test_the_key_of_a_closed_account_is_none() -> None:
    user = UserFactory()
    made = create_api_key(user=user, name="mirror")
    user.is_active = False
    user.save()
    assert recognize_api_key(made.text) is None


def test_guesses_do_not_fill_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(api_keys, "MOST_REMEMBERED", 3)
    for number in range(10):
        assert recognize_api_key(f"pcl_{number}") is None
    assert len(api_keys._remembered) == 3


@pytest.mark.parametrize("status", [200, 400, 500])
def test_no_log_has_it(
    client: Client, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch, settings: Any, status: int
) -> None:
    caplog.set_level(logging.DEBUG)
    key = create_api_key(user=UserFactory(), name="mirror").text
    client.raise_request_exception = False
    if status == 500:
        monkeypatch.setattr("pcl.api.listings.asked_filter", lambda _: 1 / 0)
    query = "?x=1" if status == 400 else ""

    answer = client.get(f"/api/v1/listings/{query}", headers={"authorization": f"Bearer {key}"})

    assert answer.status_code == status
    assert key not in caplog.text
    assert key.encode() not in answer.content
