from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from hcpcs.services.release_imports import ask_for_import
from pcl.registrar.areas import AREAS
from tests.factories.discrepancies import report_on
from tests.factories.register import publish
from tests.factories.verification import submitted, waiting_manufacturer
from tests.registrar.conftest import upload
from tests.reviewer.page import main_of, text_of

pytestmark = pytest.mark.django_db
HOME = "/review/register/"


def test_what_waits_is_counted(as_reese: Client, reese: User) -> None:
    empty = text_of(as_reese.get(HOME))
    assert "0 open discrepancy reports" in empty
    assert "0 people waiting for confirmation" in empty
    assert "0 release imports under way" in empty

    report_on(publish(begins=date(2024, 1, 1)))
    organization = submitted().organization
    waiting_manufacturer(organization)
    waiting_manufacturer(organization)
    ask_for_import(by=reese, upload=upload(b"x"))
    full = text_of(as_reese.get(HOME))
    assert "1 open discrepancy report " in full
    assert "2 people waiting for confirmation" in full
    assert "1 release import under way" in full


def test_every_area_with_a_page_is_named_with_what_it_is_for(as_reese: Client) -> None:
    text = text_of(as_reese.get(HOME))
    there = [area for area in AREAS if area.address]
    assert [area.view for area in there if f"{area.name} {area.purpose}" not in text] == []
    assert {"registrar:releases", "registrar:discrepancies", "review:representations"} <= {area.view for area in there}


@pytest.mark.parametrize("name", ["registrar:discrepancies", "registrar:releases", "review:representations"])
def test_the_areas_stand_beside_each_page_and_the_own_one_is_marked(as_reese: Client, name: str) -> None:
    main = " ".join(main_of(as_reese.get(reverse(name))).split())
    assert f'<a href="{reverse(name)}" class="usa-current" aria-current="page">' in main
    # Twice: folded on a phone, beside the page elsewhere.
    assert main.count('class="usa-current"') == main.count(f'href="{reverse(name)}" class="usa-current"') == 2
    assert f'href="{reverse("registrar:home")}"' in main


def test_the_header_marks_the_register_on_pages_below_it(as_reese: Client) -> None:
    report = report_on(publish())
    header = " ".join(as_reese.get(report.get_absolute_url()).content.decode().split("<main")[0].split())
    assert f'<a href="{HOME}" aria-current="true">Register</a>' in header
