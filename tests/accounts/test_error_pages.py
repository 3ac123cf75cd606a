from typing import Any

import pytest
from django.template.loader import render_to_string
from django.test import Client, RequestFactory, override_settings
from django.urls import reverse

from accounts.models import Role
from tests.factories.accounts import contractor_person

pytestmark = pytest.mark.django_db


def test_an_unknown_address_is_told_so(client: Client) -> None:
    answer = client.get("/no-such-page/")
    assert answer.status_code == 404
    assert "There is no such page" in answer.content.decode()


def test_a_page_of_another_role_is_refused_in_words(client: Client) -> None:
    client.force_login(contractor_person(Role.REVIEWER))
    answer = client.get(reverse("admin:index"))
    assert answer.status_code == 403
    assert "You may not open this page" in answer.content.decode()


def test_a_failure_needs_nothing_that_could_have_failed(django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(0):
        page = render_to_string("500.html")
    assert "Something went wrong on our side" in page


def test_a_malformed_request_is_told_so(client: Client) -> None:
    with override_settings(ALLOWED_HOSTS=["testserver"]):
        answer = client.get("/accounts/login/", headers={"host": "evil.example"})
    assert answer.status_code == 400


@pytest.mark.parametrize(
    "template", ["400.html", "403.html", "404.html", "503.html", "errors/403_csrf.html", "errors/413.html"]
)
def test_each_page_says_what_to_do(rf: RequestFactory, template: str) -> None:
    page = render_to_string(template, request=rf.get("/"))
    assert "<h1>" in page
