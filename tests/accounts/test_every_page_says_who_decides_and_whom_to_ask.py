import pytest
from django.test import Client

from pcl.models import Helpline

pytestmark = pytest.mark.django_db


def words(client: Client) -> str:
    return " ".join(client.get("/accounts/login/").content.decode().split())


def test_the_helpline_with_its_hours(client: Client) -> None:
    Helpline.objects.create(name="PDAC Contact Center", phone="(877) 735-1326", hours="9:30 a.m. to 5 p.m. ET")
    page = words(client)
    for said in ("PDAC Contact Center", "(877) 735-1326", "9:30 a.m. to 5 p.m. ET"):
        assert said in page


def test_a_register_without_a_helpline_says_so(client: Client) -> None:
    Helpline.objects.all().delete()
    assert "This register names no helpline." in words(client)


def test_listed_is_not_covered_stands_on_every_page(client: Client) -> None:
    page = words(client)
    assert "Listed is not covered." in page
    assert "42 CFR 414.40" in page
