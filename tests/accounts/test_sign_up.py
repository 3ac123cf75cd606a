import re

import pytest
import time_machine
from django.conf import settings as project_settings
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from accounts.models import OutgoingMail, User
from tests.factories.accounts import PASSWORD, UserFactory

pytestmark = pytest.mark.django_db(transaction=True)


def sign_up(client: Client, email: str = "dana@firm.example") -> HttpResponse:
    return client.post(
        reverse("account_signup"),
        {"name": "Dana Maker", "email": email, "password1": PASSWORD, "password2": PASSWORD},
    )


def sign_in(client: Client, email: str, password: str = PASSWORD) -> HttpResponse:
    return client.post(reverse("account_login"), {"login": email, "password": password})


def signed_in_as(client: Client) -> str | None:
    return client.session.get("_auth_user_id")


def link_in(mail: OutgoingMail) -> str:
    return re.search(r"https?://[^/]+(/accounts/confirm-email/\S+)", mail.text)[1]


def test_sign_up_confirm_sign_in(client: Client) -> None:
    answer = sign_up(client)
    assert answer.url == reverse("account_email_verification_sent")
    mail = OutgoingMail.objects.get()
    assert mail.to == ["dana@firm.example"]
    assert mail.delivered_at is None
    assert signed_in_as(client) is None

    page = client.get(link_in(mail))
    assert "dana@firm.example" in page.content.decode()
    client.post(link_in(mail))
    client.cookies.clear()
    assert sign_in(client, "dana@firm.example").url == reverse(project_settings.LOGIN_REDIRECT_URL)
    user = User.objects.get()
    assert signed_in_as(client) == str(user.pk)
    assert (user.name, user.roles) == ("Dana Maker", frozenset())


def test_after_confirming_the_sign_in_page_knows_the_address(client: Client) -> None:
    sign_up(client)
    assert client.get(reverse("account_login")).context["form"]["login"].value() is None
    client.post(link_in(OutgoingMail.objects.get()))

    form = client.get(reverse("account_login")).context["form"]

    assert (form["login"].value(), form["login"].label) == ("dana@firm.example", "E-mail address")


@pytest.mark.parametrize("page", ["account_signup", "account_reset_password"])
def test_the_address_is_called_the_same_everywhere(client: Client, page: str) -> None:
    assert client.get(reverse(page)).context["form"]["email"].label == "E-mail address"


def test_after_five_wrong_passwords_it_is_said_when_to_try_again(client: Client) -> None:
    user = UserFactory(email="dana@firm.example")
    with time_machine.travel("2026-11-02 13:00 -05:00", tick=False) as clock:
        for _ in range(5):
            sign_in(client, user.email, "wrong")
        page = sign_in(client, user.email).content.decode()
        assert "Too many sign-ins failed. Try again at 1:06 p.m. ET" in page
        assert signed_in_as(client) is None
        clock.shift(360)
        sign_in(client, user.email)
        assert signed_in_as(client) == str(user.pk)


def test_looking_at_the_confirmation_link_confirms_nothing(client: Client) -> None:
    sign_up(client)
    client.get(link_in(OutgoingMail.objects.get()))  # as a mail scanner does
    client.cookies.clear()
    sign_in(client, "dana@firm.example")
    assert signed_in_as(client) is None


def test_an_unconfirmed_address_does_not_sign_in_and_gets_a_new_link(client: Client) -> None:
    UserFactory(email="dana@firm.example", confirmed_address=False)
    answer = sign_in(client, "dana@firm.example")
    assert answer.url == reverse("account_email_verification_sent")
    assert signed_in_as(client) is None
    assert OutgoingMail.objects.get().to == ["dana@firm.example"]


def test_the_address_signs_in_in_any_case(client: Client) -> None:
    user = UserFactory(email="dana@firm.example")
    sign_in(client, "Dana@Firm.EXAMPLE")
    assert signed_in_as(client) == str(user.pk)


def test_a_second_account_on_the_same_address_is_not_created_nor_told_apart(client: Client) -> None:
    UserFactory(email="dana@firm.example")
    answer = sign_up(client, email="DANA@firm.example")
    assert answer.url == reverse("account_email_verification_sent")
    assert User.objects.count() == 1


def test_a_wrong_password_says_so_in_the_error_summary(client: Client) -> None:
    UserFactory(email="dana@firm.example")
    page = sign_in(client, "dana@firm.example", "wrong").content.decode()
    assert "register-error-summary" in page
    assert signed_in_as(client) is None


def test_a_closed_account_does_not_sign_in(client: Client) -> None:
    UserFactory(email="dana@firm.example", is_active=False)
    sign_in(client, "dana@firm.example")
    assert signed_in_as(client) is None


def test_the_forms_work_only_with_their_token(client: Client) -> None:
    client.handler.enforce_csrf_checks = True
    UserFactory(email="dana@firm.example")
    answer = sign_in(client, "dana@firm.example")
    assert answer.status_code == 403
    assert "The form was not accepted" in answer.content.decode()
