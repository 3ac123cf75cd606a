"""What cannot be taken back asks once more who it is, where the sign-in lies a while back; nothing typed is lost."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from allauth.mfa.totp.internal.auth import (
    TOTP,
    format_hotp_value,
    generate_totp_secret,
    hotp_value,
    yield_hotp_counters_from_time,
)
from django.test import Client
from django.utils import timezone

from accounts.models import Role, TypedText, User
from tests.factories.accounts import PASSWORD, contractor_person
from tests.factories.verification import again, in_review, recommended
from tests.reviewer.page import text_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _after_half_an_hour(settings: Any) -> None:
    settings.STEP_UP_MINUTES = 30


@pytest.fixture
def avery() -> User:
    return contractor_person(Role.APPROVER, name="Avery Approver")


def signed_in(user: User) -> Client:
    client = Client()
    client.post("/accounts/login/", {"login": user.email, "password": PASSWORD})
    return client


def determination(application: Any) -> tuple[str, dict[str, Any]]:
    today = timezone.localdate().isoformat()
    said = {"seen_version": application.version, "letter_date": today, "begins": today}
    return f"/review/{application.pk}/act/determine/", said


def later(minutes: int) -> Any:
    return time_machine.travel(timezone.now() + timedelta(minutes=minutes), tick=False)


def test_a_fresh_sign_in_is_not_asked_again(avery: User) -> None:
    waits = recommended()
    client = signed_in(avery)
    with later(29):
        address, said = determination(waits)
        assert client.post(address, said).url == f"/review/{waits.pk}/"
    assert again(waits).status == "determined"


def test_an_old_one_shows_who_it_is_and_then_sends_what_was_typed(avery: User) -> None:
    waits = recommended()
    client = signed_in(avery)
    with later(31):
        address, said = determination(waits)
        # To look asks nothing.
        assert client.get(address).status_code == 200
        asked = client.post(address, said, headers={"referer": f"http://testserver{address}"})
        assert asked.url.startswith("/accounts/reauthenticate/?next=%2Faccounts%2Ftyped%2F")
        assert again(waits).status == "recommended"
        page = client.get(asked.url)
        assert "Nothing was done yet" in text_of(page)
        # A wrong password opens nothing.
        assert client.post(asked.url, {"password": "wrong"}).status_code == 200
        assert client.post(address, said).url.startswith("/accounts/reauthenticate/")
        shown = client.post(asked.url, {"password": PASSWORD}, follow=True)
        assert said["letter_date"] in text_of(shown)
        kept = TypedText.objects.earliest("pk")
        assert kept.path == address
        done = client.post(kept.path, {**dict(kept.fields), "typed_text": shown.context["token"]})
        assert done.url == f"/review/{waits.pk}/"
    assert again(waits).status == "determined"


def test_who_has_a_second_factor_shows_that(avery: User) -> None:
    waits = recommended()
    client = signed_in(avery)
    secret = generate_totp_secret()
    TOTP.activate(avery, secret)
    address, said = determination(waits)
    # The password was just given, and is not enough.
    asked = client.post(address, said)
    assert asked.url.startswith("/accounts/2fa/reauthenticate/?next=")
    code = format_hotp_value(hotp_value(secret, next(iter(yield_hotp_counters_from_time()))))
    assert client.post(asked.url, {"code": code}).url.startswith("/accounts/typed/")
    assert client.post(address, said).url == f"/review/{waits.pk}/"


def test_roles_ask_too_and_other_steps_do_not(avery: User) -> None:
    ari, robin = contractor_person(Role.ADMINISTRATOR), contractor_person(Role.REVIEWER)
    application = in_review(reviewed_by=robin)
    as_ari, as_robin = signed_in(ari), signed_in(robin)
    with later(31):
        said = {"act": "grant", "role": "registrar", "reason": "Helps out."}
        assert as_ari.post(f"/review/people/{robin.pk}/", said).url.startswith("/accounts/reauthenticate/")
        assert robin.role_assignments.count() == 1
        text = {"text": "A remark."}
        assert as_robin.post(f"/review/{application.pk}/remarks/", text).url == f"/review/{application.pk}/#remarks"
        as_ari.post("/accounts/reauthenticate/", {"password": PASSWORD})
        as_ari.post(f"/review/people/{robin.pk}/", said)
    assert {each.role for each in robin.role_assignments.all()} == {"reviewer", "registrar"}


def test_it_can_be_switched_off(avery: User, settings: Any) -> None:
    settings.STEP_UP_MINUTES = 0
    waits = recommended()
    client = signed_in(avery)
    with later(600):
        address, said = determination(waits)
        assert client.post(address, said).url == f"/review/{waits.pk}/"
