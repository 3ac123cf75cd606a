"""Requirements by group: the page, the API and the CSV answer alike, and say what is not known."""

import csv
import io
from datetime import date
from typing import Any

import pytest
import time_machine
from django.test import Client

from pcl.services.import_requirements import import_requirements
from pcl.services.requirements import RequirementSaid, revise_requirement
from tests.factories.register import make_code, make_publication, require
from tests.pcl.test_public_pages import page

pytestmark = pytest.mark.django_db
KNOWN = {"product_group": "knee-orthoses", "lcd": "Knee Orthoses"}


@pytest.fixture
def register() -> None:
    make_code("A5512", long_description="Insert for a shoe")
    import_requirements(
        text="HCPCS,LCD\nA5512,Therapeutic Shoes\n", source="The May list", snapshot_date=date(2025, 5, 1)
    )
    require(make_code("L1843", long_description="Knee brace, single upright"), begins=date(2024, 12, 1), **KNOWN)
    require(make_code("L1832", long_description="Brace of the knee"), begins=date(2020, 1, 1), **KNOWN)
    ended = make_code("K0009", long_description="Wheelchair base")
    require(ended, begins=date(2013, 4, 1), ends=date(2020, 1, 2), product_group="manual-wheelchair-bases")


def from_csv(client: Client, query: str) -> list[dict[str, str]]:
    response = client.get(f"/requirements.csv?{query}")
    assert (response.status_code, response["Content-Type"]) == (200, "text/csv; charset=utf-8; header=present")
    return list(csv.DictReader(io.StringIO(b"".join(response).decode(), newline="")))


def from_api(client: Client, query: str) -> list[dict[str, Any]]:
    return list(client.get(f"/api/v1/requirements/?{query}").json()["results"])


@pytest.mark.usefixtures("register")
@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("on=2025-05-01", ["L1832", "L1843", "A5512"]),
        ("on=2024-11-30", ["L1832", "A5512"]),
        ("on=2020-01-01", ["L1832", "K0009", "A5512"]),
        ("on=2020-01-02", ["L1832", "A5512"]),
        ("on=2025-05-01&group=knee-orthoses", ["L1832", "L1843"]),
        ("on=2025-05-01&code=%20l1843", ["L1843"]),
        ("on=2025-05-01&q=knee+upright", ["L1843"]),
        ("on=2025-05-01&q=therap", ["A5512"]),
        ("on=2025-05-01&q=l18", ["L1832", "L1843"]),
        ("on=2025-05-01&q=%25", []),
        ("on=2025-05-01&q=wheelchair", []),
    ],
)
def test_the_page_the_api_and_the_csv_answer_alike(client: Client, query: str, found: list[str]) -> None:
    """DOMAIN 7, case 2, among others: a requirement holds from its first date of service to its last."""
    assert [row["code"] for row in from_api(client, query)] == found
    assert [row["code"] for row in from_csv(client, query)] == found
    html = client.get(f"/requirements/?{query}").content.decode()
    places = [html.index(f">{code}</a>") for code in found]
    assert (places, html.count('class="register-code"')) == (sorted(places), len(found))


@pytest.mark.usefixtures("register")
@pytest.mark.parametrize(
    ("query", "parameter", "why"),
    [
        ("on=2024-02-30", "on", "“2024-02-30” is not a date that exists."),
        ("on=1850-01-01", "on", "1850-01-01 is not a plausible date."),
        ("group=nothing", "group", "“nothing” is no product group of a requirement."),
        ("code=12345", "code", "Write the code as one letter and four digits"),
        ("q=a&q=b", "q", "Give it once."),
        ("q=" + "x" * 10_000, "q", "at most 400 characters"),
    ],
)
def test_a_value_that_cannot_be_used_is_refused_everywhere(
    client: Client, query: str, parameter: str, why: str
) -> None:
    api = client.get(f"/api/v1/requirements/?{query}")

    assert (api.status_code, api.json()["parameter"]) == (400, parameter)
    assert why in page(client, f"/requirements/?{query}", status=400)
    answer = client.get(f"/requirements.csv?{query}")
    assert (answer.status_code, why in answer.content.decode()) == (400, True)


@pytest.mark.usefixtures("register")
def test_an_unknown_begin_is_said_in_words_and_presumed_before_the_list(client: Client) -> None:
    words = "The list of May 1, 2025 names this code; since when is not known"
    presumed = "1 of them is known only from a list made after April 30, 2025"

    assert words in page(client, "/requirements/?on=2025-05-01")
    assert "Presumed" not in page(client, "/requirements/?on=2025-05-01")
    before = page(client, "/requirements/?on=2025-04-30")
    assert (words in before, presumed in before, before.count("Presumed on this day")) == (True, True, 1)
    of_code = page(client, "/codes/A5512/?on=2025-04-30")
    assert f"Presumed: only products on this list may be billed under A5512 {words}." in of_code
    assert "No source says whether that was so on April 30, 2025 already" in of_code
    on_its_day = page(client, "/codes/A5512/?on=2025-05-01")
    assert f"Only products on this list may be billed under A5512 {words}." in on_its_day
    assert ("No source says" in on_its_day, "Presumed" in on_its_day) == (False, False)
    assert [row["presumed"] for row in from_api(client, "on=2025-04-30")] == [False, False, True]
    assert [row["presumed"] for row in from_csv(client, "on=2025-04-30")] == ["false", "false", "true"]
    assert [row["presumed"] for row in from_csv(client, "on=2025-05-01")] == ["false", "false", "false"]


def test_the_csv_is_harmless_and_whole(client: Client) -> None:
    publication = make_publication("a-b", title="=Title")
    require(
        make_code("L1843", long_description='Knee, "single"'),
        begins=date(2024, 12, 1),
        ends=date(2026, 1, 1),
        publication=publication,
        source="@SUM(1)",
        exception_text="-made by hand\nby the dispenser",
        fallback_code="A9270",
        **KNOWN,
    )

    assert from_csv(client, "on=2025-01-01") == [
        {
            "code": "L1843",
            "code_description": 'Knee, "single"',
            "product_group": "knee-orthoses",
            "in_force_from": "2024-12-01",
            "in_force_to": "2025-12-31",
            "presumed": "false",
            "policy_article": "",
            "lcd": "Knee Orthoses",
            "exception_text": "'-made by hand\nby the dispenser",
            "fallback_code": "A9270",
            "publication": "'=Title",
            "publication_url": "http://testserver/publications/a-b/",
            "source": "'@SUM(1)",
            "snapshot_date": "",
            "url": "http://testserver/codes/L1843/",
        }
    ]


def test_an_exception_is_told_wherever_the_requirement_is(client: Client) -> None:
    """DOMAIN 7, case 14: what the dispensing practitioner makes need not be listed."""
    exception = "Inserts that the dispensing practitioner makes from raw materials need not be listed."
    publication = make_publication()
    code = make_code("A5513")
    publication.codes.set([code])
    fields = {"exception_text": exception, "fallback_code": "A9270", "publication": publication}
    require(code, begins=date(2006, 7, 1), product_group="shoes", **fields)

    for address in ("/requirements/?on=2024-01-01", "/codes/A5513/?on=2024-01-01", "/publications/a-publication/"):
        assert exception in page(client, address), address
    assert "A product that is not listed: A9270" in page(client, "/requirements/?on=2024-01-01")
    assert from_api(client, "on=2024-01-01")[0]["exception_text"] == exception


@time_machine.travel("2026-11-21 15:00Z")
def test_that_a_requirement_changed_is_public_and_who_did_it_is_not(client: Client) -> None:
    requirement = require(make_code("L1843"), begins=None, snapshot_date=date(2025, 5, 1), **KNOWN)
    said = RequirementSaid(
        code="L1843", begins=date(2024, 12, 1), source="The publication", snapshot_date=date(2025, 5, 1), **KNOWN
    )
    revise_requirement(requirement=requirement, seen_version=1, said=said, reason="A secret reason", by=None)

    words = page(client, "/codes/L1843/")

    assert "First date of service: not stated; since changed to 2024-12-01" in words
    assert "Source: Some list; since changed to The publication" in words
    assert "secret" not in words


def test_more_requirements_cost_no_more_queries(client: Client, count_queries: Any) -> None:
    def add(number: int) -> None:
        publication = make_publication(f"publication-{number}")
        require(make_code(f"L000{number}"), begins=None, publication=publication, product_group=f"group-{number}")

    add(1)
    addresses = ("/requirements/", "/api/v1/requirements/")
    with_one = [count_queries(address) for address in addresses]
    add(2)
    add(3)

    assert [count_queries(address) for address in addresses] == with_one
    assert with_one[0] <= 6
