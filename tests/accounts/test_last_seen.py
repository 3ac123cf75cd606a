"""When a person was here last: kept to the hour, at no cost in between."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import AccountEvent, User
from tests.factories.accounts import UserFactory

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 3, 2, 17, tzinfo=UTC)


def test_it_is_written_at_most_once_an_hour(client: Client) -> None:
    person = UserFactory()
    with time_machine.travel(NOON, tick=False) as clock:
        client.force_login(person)
        clock.shift(timedelta(minutes=59))
        with CaptureQueriesContext(connection) as asked:
            client.get("/accounts/api-keys/")
        assert not [query for query in asked.captured_queries if 'last_seen_at" =' in query["sql"]]
        assert User.objects.get(pk=person.pk).last_seen_at == NOON
        clock.shift(timedelta(minutes=1))
        client.get("/accounts/api-keys/")
        assert User.objects.get(pk=person.pk).last_seen_at == NOON + timedelta(hours=1)


def test_a_sign_in_is_logged(client: Client) -> None:
    person = UserFactory()
    client.force_login(person)
    event = AccountEvent.objects.get()
    assert (event.kind, event.by, event.person) == ("signed_in", person, person)


def test_a_stranger_is_nobody(client: Client) -> None:
    person = UserFactory()
    client.get("/")
    assert User.objects.get(pk=person.pk).last_seen_at is None
