"""Codes, requirements, organizations and publications, each with its contract."""

from datetime import date
from typing import Any

import pytest
import time_machine
from django.test import Client

from hcpcs.models import Release
from hcpcs.services.load_seed_codes import load_seed_codes
from pcl.services.load_seed_register import load_seed_register
from tests.factories.register import make_code, make_publication, publish, require, some_organization

pytestmark = pytest.mark.django_db


@pytest.fixture
def seed() -> None:
    load_seed_codes()
    load_seed_register()


def get(client: Client, address: str) -> Any:
    response = client.get(f"/api/v1/{address}")
    assert response.status_code == 200, response.content
    return response.json()


def names(client: Client, address: str, key: str) -> list[str]:
    return [row[key] for row in get(client, address)["results"]]


@pytest.mark.usefixtures("seed")
def test_a_code_has_every_field_of_the_record_with_its_meaning(client: Client) -> None:
    assert get(client, "codes/k1032/?on=2024-01-01") == {
        "code": "K1032",
        "kind": "code",
        "added": "2022-04-01",
        "terminated": "2023-12-31",
        "action_effective": "2024-01-01",
        "action_code": {"value": "N", "meaning": "No maintenance for this code"},
        "status": "ended",
        "long_description": "Non-pneumatic sequential compression garment, full leg",
        "short_description": "Non pneum seq comp full leg",
        "pricing_indicators": [
            {
                "value": "36",
                "meaning": "Capped rental DME (price subject to floors and ceilings). Durable Medical Equipment, "
                "Prosthetics, Orthotics, Supplies and Surgical Dressings",
            }
        ],
        "multiple_pricing_indicator": {
            "value": "A",
            "meaning": "Not applicable as HCPCS priced under one methodology",
        },
        "cim_references": [],
        "mcm_references": [],
        "statute": "",
        "lab_certifications": [],
        "cross_references": [],
        "coverage": {"value": "C", "meaning": "Carrier judgment"},
        "asc_group": None,
        "asc_effective": None,
        "mog_group": "",
        "mog_indicator": None,
        "mog_effective": None,
        "processing_note": "",
        "betos": {"value": "D1E", "meaning": "Other DME"},
        "types_of_service": [{"value": "R", "meaning": "Rental of DME"}],
        "anesthesia_base_units": 0,
        "url": "http://testserver/codes/K1032/",
        "as_of": {
            "release": Release.objects.get().pk,
            "label": "January 2024, revision 1, excerpt",
            "in_force_from": "2024-01-01",
            "covers_day": True,
            "added": "2022-04-01",
            "terminated": "2023-12-31",
        },
        "other_meanings": [],
    }


@pytest.mark.usefixtures("seed")
def test_the_status_of_a_code_is_that_of_the_day(client: Client) -> None:
    def status(on: str) -> str:
        return str(get(client, f"codes/K1032/?on={on}")["status"])

    assert [status(on) for on in ("2022-03-31", "2022-04-01", "2023-12-31", "2024-01-01")] == [
        "future",
        "current",
        "current",
        "ended",
    ]


@pytest.mark.usefixtures("seed")
def test_codes_are_found_as_on_the_page(client: Client) -> None:
    assert names(client, "codes/?on=2023-12-31", "code") == ["K1007", "K1032"]
    assert names(client, "codes/?on=2024-01-01", "code") == ["K1007"]
    assert names(client, "codes/?on=2024-01-01&status=ended", "code") == ["K1032"]
    assert names(client, "codes/?q=compress&status=all", "code") == ["K1032"]
    assert names(client, "codes/?q=k10&status=all&limit=1", "code") == ["K1007"]
    following = get(client, "codes/?q=k10&status=all&limit=1")["next"]
    assert [row["code"] for row in client.get(following).json()["results"]] == ["K1032"]


def test_a_code_used_again_is_told_by_its_day(client: Client) -> None:
    make_code("Q2040", added=date(2010, 1, 1), terminated=date(2015, 12, 31), long_description="A toxin")
    make_code("Q2040", added=date(2018, 1, 1), long_description="A cell therapy")

    then, now = (get(client, f"codes/Q2040/?on={on}") for on in ("2012-01-01", "2020-01-01"))

    assert (then["long_description"], then["status"]) == ("A toxin", "current")
    assert then["other_meanings"] == [{"added": "2018-01-01", "terminated": None, "long_description": "A cell therapy"}]
    assert (now["long_description"], now["status"]) == ("A cell therapy", "current")


@pytest.mark.usefixtures("seed")
def test_requirements_are_those_of_the_day(client: Client) -> None:
    """DOMAIN 7, case 2."""
    assert get(client, "requirements/?on=2024-05-31")["results"] == []
    (requirement,) = get(client, "requirements/?on=2024-06-01")["results"]
    assert requirement | {"code_description": ""} == {
        "code": "K1007",
        "code_description": "",
        "product_group": "powered-orthoses",
        "product_group_name": "Powered orthoses",
        "in_force_from": "2024-06-01",
        "in_force_to": None,
        "presumed": False,
        "policy_article": "",
        "lcd": "",
        "exception_text": "",
        "fallback_code": "",
        "publication": {
            "slug": "powered-lower-extremity-exoskeleton-correct-coding",
            "title": "Powered Lower Extremity Exoskeleton - Correct Coding",
            "url": "http://testserver/publications/powered-lower-extremity-exoskeleton-correct-coding/",
        },
        "source": "Powered Lower Extremity Exoskeleton - Correct Coding, posted December 28, 2023",
        "snapshot_date": "2023-12-28",
        "url": "http://testserver/codes/K1007/",
    }


def test_the_last_day_of_a_requirement_counts(client: Client) -> None:
    require(make_code("A5512"), begins=None, ends=date(2024, 7, 1))

    assert names(client, "requirements/?on=2024-06-30", "code") == ["A5512"]
    assert names(client, "requirements/?on=2024-07-01", "code") == []
    assert get(client, "requirements/?on=2024-06-30")["results"][0]["in_force_to"] == "2024-06-30"


def test_organizations_are_found_under_former_names(client: Client) -> None:
    publish(manufacturer="ReWalk Robotics")
    publish(manufacturer="Ekso Bionics")
    some_organization("ReWalk Robotics").names.create(name="Argo Medical", used=(None, date(2014, 1, 1)), source="SEC")

    assert names(client, "organizations/", "name") == ["Ekso Bionics", "ReWalk Robotics"]
    (found,) = get(client, "organizations/?q=argo")["results"]
    assert found == {
        "slug": "rewalk-robotics",
        "name": "ReWalk Robotics",
        "other_names": [
            {"name": "Argo Medical", "used_from": None, "used_to": "2013-12-31", "source": "SEC"},
        ],
        "merged_into": None,
        "url": "http://testserver/organizations/rewalk-robotics/",
    }


def test_publications_are_newest_first_page_by_page(client: Client) -> None:
    for year in (2021, 2023, 2022):
        make_publication(f"of-{year}", posted=date(year, 1, 1), last_updated=date(year, 1, 1))

    first = get(client, "publications/?limit=2")
    second = client.get(first["next"]).json()

    assert [row["slug"] for row in first["results"] + second["results"]] == ["of-2023", "of-2022", "of-2021"]
    assert list(first["results"][0]) == [
        "slug",
        "title",
        "publishers",
        "posted",
        "last_updated",
        "status",
        "codes",
        "citations",
        "history",
        "body",
        "url",
    ]


@time_machine.travel("2026-11-21 15:00Z")
@pytest.mark.parametrize(
    "address", ["codes/?status=all", "requirements/", "organizations/", "publications/", "changes/"]
)
def test_a_longer_list_costs_no_more_queries(client: Client, address: str, count_queries: Any) -> None:
    def add(number: int) -> None:
        code = make_code(f"E000{number}")
        publication = make_publication(f"publication-{number}")
        publication.codes.set([code])
        publication.history.create(changed_on=date(2024, 1, 1), description="Posted")
        require(code, begins=date(2020, 1, 1), publication=publication)
        publish(code=code, manufacturer=f"Maker {number}")

    add(1)
    with_one = count_queries(f"/api/v1/{address}")
    add(2)
    add(3)

    assert count_queries(f"/api/v1/{address}") == with_one
