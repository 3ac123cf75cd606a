"""The contractor's people need a second factor; a lost one is taken off by an administrator, with a record."""

import re
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import (
    TOTP,
    format_hotp_value,
    generate_totp_secret,
    hotp_value,
    yield_hotp_counters_from_time,
)
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import OutgoingMail, Role, SecondFactorReset, User
from accounts.services.second_factor import ResetRefused, reset_second_factor
from tests.factories.accounts import PASSWORD, UserFactory, contractor_person

pytestmark = pytest.mark.django_db
EXPLANATION = "your work here needs more than a password"


@pytest.fixture(autouse=True)
def required(settings: Any) -> None:
    settings.REQUIRE_SECOND_FACTOR = True


def with_app(user: User) -> User:
    TOTP.activate(user, generate_totp_secret())
    return user


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def code_of(secret: str) -> str:
    return format_hotp_value(hotp_value(secret, next(iter(yield_hotp_counters_from_time()))))


@pytest.mark.parametrize("role", Role.values)
def test_without_one_they_reach_only_the_pages_that_set_it_up(role: str) -> None:
    person = contractor_person(Role(role))
    if role == Role.ADMINISTRATOR:
        User.objects.filter(pk=person.pk).update(is_superuser=True)
    client = signed_in(person)
    kept_out = [
        "/review/",
        "/review/listings/",
        "/admin/",
        "/accounts/home/",
        "/accounts/api-keys/",
        "/accounts/email/",
        "/apply/",
    ]

    for method in (client.get, client.post):
        answers = {path: method(path) for path in kept_out}
        assert {(answer.status_code, answer.url.split("?")[0]) for answer in answers.values()} == {
            (302, "/accounts/second-factor/")
        }
    page = client.get("/accounts/second-factor/?next=/review/")
    assert EXPLANATION in page.content.decode()
    # Reauthentication first, and then the page itself.
    assert client.get("/accounts/2fa/").status_code == 200
    assert client.get("/accounts/2fa/totp/activate/").url.startswith("/accounts/reauthenticate/")
    # The public register stays what it is for everybody.
    assert client.get("/").status_code == 200
    assert client.post("/accounts/logout/").status_code == 302


@pytest.mark.parametrize("kind", [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN])
def test_with_one_they_go_on(kind: str) -> None:
    person = contractor_person(Role.REVIEWER)
    Authenticator.objects.create(user=person, type=kind, data={})
    client = signed_in(person)

    assert client.get("/review/").status_code == 200
    assert client.get("/accounts/second-factor/?next=/review/?whose=mine").url == "/review/?whose=mine"
    assert client.get("/accounts/second-factor/?next=https://elsewhere.example/").url == "/accounts/home/"


def test_recovery_codes_alone_are_none() -> None:
    person = contractor_person(Role.REVIEWER)
    Authenticator.objects.create(user=person, type=Authenticator.Type.RECOVERY_CODES, data={})

    assert signed_in(person).get("/review/").status_code == 302


def test_somebody_elses_is_none() -> None:
    with_app(contractor_person(Role.REVIEWER))

    assert signed_in(contractor_person(Role.REVIEWER)).get("/review/").status_code == 302


def test_applicants_may_and_need_not(settings: Any) -> None:
    client = signed_in(UserFactory())

    assert client.get("/apply/").url == "/apply/organization/"
    page = client.get("/accounts/second-factor/").content.decode()
    assert ("More than a password protects your account" in page, EXPLANATION in page) == (True, False)
    assert client.get("/accounts/2fa/").status_code == 200


def test_where_it_is_not_required_they_go_on_without(settings: Any) -> None:
    settings.REQUIRE_SECOND_FACTOR = False

    assert signed_in(contractor_person(Role.REVIEWER)).get("/review/").status_code == 200


def test_from_the_password_to_the_work() -> None:
    person = contractor_person(Role.REVIEWER)
    client = Client()
    client.post("/accounts/login/", {"login": person.email, "password": PASSWORD})
    assert client.get("/review/").url == "/accounts/second-factor/?next=%2Freview%2F"

    page = client.get("/accounts/2fa/totp/activate/", follow=True)
    if "password" in page.content.decode() and "authenticator_secret" not in page.content.decode():
        page = client.post(
            page.request["PATH_INFO"] + "?next=/accounts/2fa/totp/activate/", {"password": PASSWORD}, follow=True
        )
    found = re.search(r'value="([A-Z2-7]{16,})"', page.content.decode())
    assert found
    codes = client.post("/accounts/2fa/totp/activate/", {"code": code_of(found[1])}, follow=True)

    assert "10 codes are left" in codes.content.decode()
    assert client.get("/review/").status_code == 200
    # Signed in anew, the password alone does not do.
    client = Client()
    answer = client.post("/accounts/login/", {"login": person.email, "password": PASSWORD})
    assert answer.url == "/accounts/2fa/authenticate/"
    assert client.get("/review/").url.startswith("/accounts/login/")
    recovery = re.search(r"<code>(\d{8})</code>", codes.content.decode())
    assert recovery
    client.post("/accounts/2fa/authenticate/", {"code": recovery[1]})
    assert client.get("/review/").status_code == 200
    again = Client()
    again.post("/accounts/login/", {"login": person.email, "password": PASSWORD})
    assert "Incorrect code." in again.post("/accounts/2fa/authenticate/", {"code": recovery[1]}).content.decode()


def test_the_only_one_is_not_removed_while_it_is_required() -> None:
    person = contractor_person(Role.REVIEWER)
    client = Client()
    client.post("/accounts/login/", {"login": person.email, "password": PASSWORD})
    secret = generate_totp_secret()
    TOTP.activate(person, secret)
    client.post("/accounts/2fa/reauthenticate/", {"code": code_of(secret)})

    answer = client.post("/accounts/2fa/totp/deactivate/")

    assert "Add another one first" in answer.content.decode()
    assert Authenticator.objects.filter(user=person).count() == 1


def test_a_lost_one_is_taken_off_with_a_record_and_a_mail() -> None:
    ari = with_app(contractor_person(Role.ADMINISTRATOR, name="Ari"))
    robin = with_app(contractor_person(Role.REVIEWER, name="Robin"))
    Authenticator.objects.create(user=robin, type=Authenticator.Type.RECOVERY_CODES, data={})
    client = signed_in(ari)
    assert "Take off" in client.get("/accounts/second-factors/").content.decode()
    path = f"/accounts/second-factors/{robin.pk}/reset/"
    assert client.post(path, {"reason": "  "}).status_code == 400
    assert Authenticator.objects.filter(user=robin).count() == 2

    client.post(path, {"reason": "Lost telephone, called back."})

    assert Authenticator.objects.filter(user=robin).count() == 0
    assert Authenticator.objects.filter(user=ari).count() == 1
    kept = SecondFactorReset.objects.get()
    assert (kept.user, kept.by, kept.reason) == (robin, ari, "Lost telephone, called back.")
    mail = OutgoingMail.objects.get()
    assert (mail.to, mail.subject) == ([robin.email], "Your second factor was reset")
    assert "Ari" not in mail.text
    assert signed_in(robin).get("/review/").status_code == 302
    page = client.get("/accounts/second-factors/").content.decode()
    assert "by Ari: Lost telephone, called back." in " ".join(page.split())
    with pytest.raises(DatabaseError, match="Cannot update or delete"):
        SecondFactorReset.objects.all().delete()


def test_a_double_click_takes_off_once() -> None:
    client = signed_in(with_app(contractor_person(Role.ADMINISTRATOR)))
    robin = with_app(contractor_person(Role.REVIEWER))
    path = f"/accounts/second-factors/{robin.pk}/reset/"

    assert [client.post(path, {"reason": "Lost."}).status_code for _ in range(2)] == [302, 400]
    assert SecondFactorReset.objects.count() == 1


@pytest.mark.parametrize("role", [Role.REVIEWER, Role.APPROVER, Role.REGISTRAR])
def test_nobody_else_takes_one_off(role: Role) -> None:
    robin = with_app(contractor_person(Role.REVIEWER))
    client = signed_in(with_app(contractor_person(role)))

    assert client.post(f"/accounts/second-factors/{robin.pk}/reset/", {"reason": "x"}).status_code == 403
    assert client.get("/accounts/second-factors/").status_code == 403
    assert Authenticator.objects.filter(user=robin).count() == 1


def test_nobody_takes_off_their_own() -> None:
    ari = with_app(contractor_person(Role.ADMINISTRATOR))

    answer = signed_in(ari).post(f"/accounts/second-factors/{ari.pk}/reset/", {"reason": "Lost."})

    assert (answer.status_code, "Ask another administrator" in answer.content.decode()) == (400, True)
    assert Authenticator.objects.filter(user=ari).count() == 1


def test_the_command_for_when_no_administrator_can() -> None:
    ari = with_app(contractor_person(Role.ADMINISTRATOR))

    call_command("reset_second_factor", ari.email.upper(), reason="Only administrator, lost telephone.")

    assert SecondFactorReset.objects.get().by is None
    for email, why in ((ari.email, "has no second factor"), ("nobody@x.example", "no account")):
        with pytest.raises(CommandError, match=why):
            call_command("reset_second_factor", email, reason="Lost.")


def test_it_says_why() -> None:
    with pytest.raises(ResetRefused, match="Say why"):
        reset_second_factor(user=with_app(UserFactory()), by=contractor_person(Role.ADMINISTRATOR), reason=" ")


def test_the_page_asks_the_database_as_often_for_three_as_for_one() -> None:
    client = signed_in(with_app(contractor_person(Role.ADMINISTRATOR)))

    def visit() -> int:
        with CaptureQueriesContext(connection) as asked:
            client.get("/accounts/second-factors/")
        return len(asked)

    def more(count: int) -> None:
        for _ in range(count):
            with_app(contractor_person(Role.REVIEWER))
            robin = with_app(contractor_person(Role.REVIEWER))
            reset_second_factor(user=robin, by=None, reason="Lost.")

    more(1)
    one = visit()
    more(2)
    assert visit() == one


def test_people_are_found_by_name_and_address() -> None:
    client = signed_in(with_app(contractor_person(Role.ADMINISTRATOR)))
    UserFactory(name="Dana Maker", email="dana@maker.example")

    assert "Dana Maker" not in client.get("/accounts/second-factors/").content.decode()
    assert "Dana Maker" in client.get("/accounts/second-factors/?q=DANA@").content.decode()
    assert "Nobody found" in client.get("/accounts/second-factors/?q=%00zzz").content.decode()
