"""Who loses a role or a second factor is signed out on every machine; nobody else is."""

from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.test import Client

from accounts.models import Role, User
from accounts.services.roles import deactivate, grant_role, revoke_role
from accounts.services.second_factor import reset_second_factor
from tests.factories.accounts import PASSWORD, contractor_person

pytestmark = pytest.mark.django_db
HOME = "/accounts/home/"


def signed_in(user: User) -> Client:
    client = Client()
    answer = client.post("/accounts/login/", {"login": user.email, "password": PASSWORD})
    assert answer.status_code == 302
    return client


def is_in(client: Client) -> bool:
    answer = client.get(HOME)
    return not (answer.status_code == 302 and answer.url.startswith("/accounts/login/"))


@pytest.fixture
def ari() -> User:
    return contractor_person(Role.ADMINISTRATOR, name="Ari Administrator")


def test_a_role_that_ends_ends_every_sign_in_of_the_person(ari: User) -> None:
    person, other = contractor_person(Role.REVIEWER, Role.APPROVER), contractor_person(Role.REVIEWER)
    clients = [signed_in(person), signed_in(person), signed_in(other)]
    assert [is_in(client) for client in clients] == [True, True, True]
    grant_role(user=person, role=Role.REGISTRAR, reason="Helps out.", by=ari)
    assert [is_in(client) for client in clients] == [True, True, True]
    revoke_role(user=person, role=Role.APPROVER, reason="No longer.", by=ari)
    assert [is_in(client) for client in clients] == [False, False, True]
    # The same person signs in again, with what is left.
    again = signed_in(person)
    assert is_in(again)
    revoke_role(user=person, role=Role.REGISTRAR, reason="No longer.", by=ari)
    assert not is_in(again)


def test_an_account_that_was_closed_and_opened_has_no_sign_in_left(ari: User) -> None:
    person = contractor_person(Role.REVIEWER)
    client = signed_in(person)
    deactivate(user=person, reason="Leave.", by=ari)
    User.objects.filter(pk=person.pk).update(is_active=True)
    assert not is_in(client)


def test_a_second_factor_taken_off_ends_every_sign_in(ari: User) -> None:
    person = contractor_person(Role.REVIEWER)
    client = signed_in(person)
    TOTP.activate(person, generate_totp_secret())
    reset_second_factor(user=person, by=ari, reason="Lost telephone, called back.")
    assert not is_in(client)


def test_who_takes_off_their_own_stays_here_and_nowhere_else(settings: Any) -> None:
    settings.ACCOUNT_REAUTHENTICATION_TIMEOUT = 3600
    person = contractor_person(Role.REVIEWER)
    here, elsewhere = signed_in(person), signed_in(person)
    TOTP.activate(person, generate_totp_secret())
    here.post("/accounts/reauthenticate/", {"password": PASSWORD})
    here.post("/accounts/2fa/totp/deactivate/")
    assert not Authenticator.objects.filter(user=person).exists()
    assert (is_in(here), is_in(elsewhere)) == (True, False)
