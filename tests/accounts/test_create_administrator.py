from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from accounts.models import Role, User
from tests.factories.accounts import PASSWORD, UserFactory

pytestmark = pytest.mark.django_db


def test_a_new_person_becomes_administrator_and_opens_the_reference_data(monkeypatch: Any, client: Client) -> None:
    monkeypatch.setattr("getpass.getpass", lambda _prompt: PASSWORD)
    call_command("create_administrator", "ada@contractor.example", name="Ada Admin", verbosity=0)
    user = User.objects.get(email="ada@contractor.example")
    assert user.roles == {Role.ADMINISTRATOR}
    client.force_login(user)
    assert client.get("/admin/").status_code == 200


def test_a_known_person_keeps_the_password() -> None:
    user = UserFactory(email="known@contractor.example")
    call_command("create_administrator", "KNOWN@contractor.example", verbosity=0)
    again = User.objects.get(pk=user.pk)
    assert (again.roles, again.check_password(PASSWORD)) == ({Role.ADMINISTRATOR}, True)


def test_a_weak_password_creates_nobody(monkeypatch: Any) -> None:
    monkeypatch.setattr("getpass.getpass", lambda _prompt: "12345")
    with pytest.raises(CommandError, match="too short"):
        call_command("create_administrator", "ada@contractor.example", name="Ada Admin")
    assert not User.objects.exists()


def test_a_new_person_needs_a_name() -> None:
    with pytest.raises(CommandError, match="--name"):
        call_command("create_administrator", "ada@contractor.example")
    assert not User.objects.exists()
