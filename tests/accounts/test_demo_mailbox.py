from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.demo import DEMO_PEOPLE
from accounts.models import OutgoingMail

pytestmark = pytest.mark.django_db


def mail(subject: str, to: str, **fields: Any) -> OutgoingMail:
    return OutgoingMail.objects.create(subject=subject, to=[to], from_email="r@x.example", text="words", **fields)


def subjects(answer: Any) -> list[str]:
    return [mail.subject for mail in answer.context["mails"]]


def test_newest_first_with_their_state(client: Client) -> None:
    mail("First", "a@x.example", delivered_at=timezone.now())
    mail("Second", "b@x.example")
    answer = client.get(reverse("accounts:demo_mailbox"))
    assert subjects(answer) == ["Second", "First"]
    page = answer.content.decode()
    assert page.index("Waiting") < page.index("Delivered")


def test_one_recipient(client: Client) -> None:
    mail("To A", "a@x.example")
    mail("To B", "b@x.example")
    assert subjects(client.get(reverse("accounts:demo_mailbox"), {"to": "A@x.example"})) == ["To A"]


def test_only_the_newest_hundred(client: Client) -> None:
    for number in range(103):
        mail(str(number), "a@x.example")
    assert subjects(client.get(reverse("accounts:demo_mailbox"))) == [str(number) for number in range(102, 2, -1)]


@pytest.mark.parametrize("rows", [1, 3])
def test_as_many_queries_for_three_mails_as_for_one(client: Client, django_assert_num_queries: Any, rows: int) -> None:
    for _ in range(rows):
        mail("Same", "a@x.example")
    # the mails, the helpline of the footer
    with django_assert_num_queries(2):
        client.get(reverse("accounts:demo_mailbox"))


def test_an_empty_mailbox_says_what_fills_it(client: Client) -> None:
    assert "No mail yet" in client.get(reverse("accounts:demo_mailbox")).content.decode()


def test_links_in_a_mail_can_be_followed_and_markup_is_shown_as_text(client: Client) -> None:
    text = "Open http://127.0.0.1/apply/?a=1&b=2 <script>go()</script> javascript:go()"
    row = OutgoingMail.objects.create(subject="<b>S</b>", to=["a@x.example"], from_email="r@x.example", text=text)
    page = client.get(reverse("accounts:demo_mail", args=[row.pk])).content.decode()
    assert 'href="http://127.0.0.1/apply/?a=1&amp;b=2"' in page
    assert "<script>go()" not in page
    assert 'href="javascript:' not in page
    assert "&lt;b&gt;S&lt;/b&gt;" in page


def test_there_is_no_mailbox_outside_demo_mode(client: Client, settings: Any) -> None:
    row = mail("Secret", "a@x.example")
    settings.DEMO = False
    assert client.get(reverse("accounts:demo_mailbox")).status_code == 404
    assert client.get(reverse("accounts:demo_mail", args=[row.pk])).status_code == 404


def test_demo_sign_ins_are_shown_in_demo_mode_only(client: Client, settings: Any) -> None:
    assert DEMO_PEOPLE[0].password in client.get(reverse("account_login")).content.decode()
    settings.DEMO = False
    page = client.get(reverse("account_login")).content.decode()
    assert DEMO_PEOPLE[0].password not in page
    assert DEMO_PEOPLE[0].email not in page
    assert "Demonstration" not in page
