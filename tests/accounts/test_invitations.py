"""An invitation to work for the contractor: a link that serves once, for so many days."""

import re
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from allauth.account.models import EmailAddress
from django.test import Client

from accounts.models import AccountEvent, ContractorInvitation, OutgoingMail, Role, User
from accounts.services.invitations import invite, withdraw_invitation
from accounts.services.roles import RoleRefused
from tests.factories.accounts import UserFactory, contractor_person

pytestmark = pytest.mark.django_db
PASSWORD = "a-long-and-quiet-walk"


@pytest.fixture
def ari() -> User:
    return contractor_person(Role.ADMINISTRATOR, name="Ari Administrator")


def invited(by: User, email: str = "New.Person@contractor.example", roles: tuple[Role, ...] = (Role.REVIEWER,)) -> str:
    """The path of the link in the mail."""
    invite(email=email, name="Nell New", roles=roles, reason="Hired for the spring.", by=by)
    found = re.search(r"https?://[^/]+(/accounts/invitation/\S+/)", OutgoingMail.objects.order_by("-id")[0].text)
    assert found
    return found[1]


def accept(client: Client, path: str, password: str = PASSWORD, again: str = "") -> object:
    return client.post(path, {"name": "Nell New", "password": password, "again": again or password})


def test_the_link_makes_an_account_once(client: Client, ari: User) -> None:
    path = invited(ari)
    page = client.get(path)
    assert (page.status_code, page["Referrer-Policy"], page["Cache-Control"]) == (
        200,
        "same-origin",
        "private, no-store",
    )
    assert accept(client, path).url == "/accounts/login/"  # type: ignore[attr-defined]
    person = User.objects.get(email="new.person@contractor.example")
    assert (person.name, set(person.roles), person.is_staff) == ("Nell New", {"reviewer"}, False)
    assert EmailAddress.objects.get(user=person).verified
    assert person.check_password(PASSWORD)
    assert person.role_assignments.get().granted_by == ari
    assert [(each.kind, each.by) for each in AccountEvent.objects.order_by("id")] == [
        ("invited", ari),
        ("role_granted", ari),
        ("invitation_accepted", person),
    ]
    for again in (client.get(path), accept(client, path, "another-password-entirely")):
        assert again.status_code == 410  # type: ignore[attr-defined]
        assert b"accepted already" in again.content  # type: ignore[attr-defined]
    assert User.objects.get(pk=person.pk).check_password(PASSWORD)


def test_it_expires(client: Client, ari: User) -> None:
    with time_machine.travel(datetime(2026, 3, 2, 15, tzinfo=UTC), tick=False) as clock:
        path = invited(ari)
        clock.shift(timedelta(days=7, seconds=-1))
        assert client.get(path).status_code == 200
        clock.shift(timedelta(seconds=1))
        assert client.get(path).status_code == 410
        assert accept(client, path).status_code == 410  # type: ignore[attr-defined]
    assert not User.objects.filter(name="Nell New").exists()


def test_a_newer_one_and_a_withdrawal_end_it(client: Client, ari: User) -> None:
    first, second = invited(ari), invited(ari, roles=(Role.APPROVER,))
    assert (client.get(first).status_code, client.get(second).status_code) == (410, 200)
    open_one = ContractorInvitation.objects.get(withdrawn_at=None)
    withdraw_invitation(invitation=open_one, by=ari)
    assert client.get(second).status_code == 410
    with pytest.raises(RoleRefused, match="over already"):
        withdraw_invitation(invitation=open_one, by=ari)


def test_whoever_has_an_account_is_not_invited(client: Client, ari: User) -> None:
    UserFactory(email="known@firm.example")
    with pytest.raises(RoleRefused, match="has an account already"):
        invited(ari, "Known@Firm.example")
    path = invited(ari, "later@firm.example")
    UserFactory(email="Later@firm.example")
    assert b"There is an account with your address" in client.get(path).content


def test_what_is_typed_wrong_is_said(client: Client, ari: User) -> None:
    path = invited(ari)
    assert b"This is not the same password" in accept(client, path, PASSWORD, "something-else-1").content  # type: ignore[attr-defined]
    short = accept(client, path, "12345")
    assert short.status_code == 400  # type: ignore[attr-defined]
    assert b"too short" in short.content  # type: ignore[attr-defined]
    assert not User.objects.filter(name="Nell New").exists()


def test_an_address_that_was_never_given_out(client: Client) -> None:
    assert client.get("/accounts/invitation/abc/").status_code == 404


def test_the_secret_is_nowhere_but_in_the_mail(client: Client, ari: User) -> None:
    secret = invited(ari).split("/")[3]
    kept = ContractorInvitation.objects.values().get()
    assert secret not in str(kept)
    assert secret not in str(list(AccountEvent.objects.values()))


def test_an_auditor_and_something_else_do_not_go_together(ari: User) -> None:
    with pytest.raises(RoleRefused, match="goes with no other"):
        invited(ari, roles=(Role.AUDITOR, Role.REVIEWER))
    assert not OutgoingMail.objects.exists()
