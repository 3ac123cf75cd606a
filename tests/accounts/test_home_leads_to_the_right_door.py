import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Role
from tests.factories.accounts import UserFactory, contractor_person

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("roles", "door"),
    [
        ([], "apply:home"),
        ([Role.REVIEWER], "review:queue"),
        ([Role.APPROVER], "review:queue"),
        ([Role.REVIEWER, Role.ADMINISTRATOR], "review:queue"),
        ([Role.REGISTRAR], "registrar:home"),
        ([Role.ADMINISTRATOR], "review:people"),
        ([Role.AUDITOR], "review:log"),
    ],
)
def test_home_leads_to_the_door_of_the_work(client: Client, roles: list[Role], door: str) -> None:
    client.force_login(contractor_person(*roles) if roles else UserFactory())
    assert client.get(reverse("accounts:home")).url == reverse(door)


def test_a_registrars_pages_have_a_link_each(client: Client) -> None:
    client.force_login(contractor_person(Role.REGISTRAR))
    header = client.get("/review/").content.decode().split("<main")[0]
    assert [f'href="{reverse(name)}"' in header for name in ("review:representations", "registrar:home")] == [
        True,
        True,
    ]
    client.force_login(contractor_person(Role.REVIEWER))
    assert "/representations/" not in client.get("/").content.decode()


def test_home_asks_for_a_sign_in(client: Client) -> None:
    assert client.get(reverse("accounts:home")).url.startswith(reverse("account_login"))
