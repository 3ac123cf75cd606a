"""Less of each listing or more, and the same pages as JSON, lines or a table."""

import csv
import io
import json
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.test import Client

from pcl.queries.listing_columns import COLUMN_NAMES
from tests.factories.register import make_code, make_publication, publish, require

pytestmark = pytest.mark.django_db
LISTINGS = "/api/v1/listings/"


def table(response: Any) -> list[list[str]]:
    return list(csv.reader(io.StringIO(response.content.decode())))


def test_only_the_fields_that_are_asked_for(client: Client) -> None:
    listing = publish("ReWalk")

    for address in (f"{LISTINGS}?fields=product,%20code", f"{LISTINGS}{listing.pk}/?fields=code,product,code"):
        said = client.get(address).json()
        (row,) = said.get("results", [said])
        assert row == {"code": "K1007", "product": "ReWalk"}
    assert list(client.get(f"{LISTINGS}?fields=").json()["results"][0]) == list(COLUMN_NAMES)


@pytest.mark.parametrize(
    ("address", "row"),
    [
        ("codes/?fields=code,kind", {"code": "K1007", "kind": "code"}),
        ("codes/K1007/?fields=code", {"code": "K1007"}),
        ("organizations/?fields=slug", {"slug": "argo-technologies"}),
        ("requirements/?fields=code", {"code": "K1007"}),
        ("publications/?fields=slug", {"slug": "a-publication"}),
        ("changes/?fields=seq,kind", {"seq": 1, "kind": "listed"}),
    ],
)
def test_of_every_noun(client: Client, address: str, row: dict[str, Any]) -> None:
    require(make_code("K1007"), begins=date(2024, 1, 1), publication=make_publication())
    publish()

    said = client.get(f"/api/v1/{address}").json()

    assert said.get("results", [said]) == [row]


def test_the_unknown_field_is_named(client: Client) -> None:
    said = client.get(f"{LISTINGS}?fields=code,colour").json()
    assert said["detail"].startswith("There is no field “colour” here. Known: id, code, ")


def test_what_a_listing_refers_to(client: Client) -> None:
    require(make_code("K1007", long_description="Powered"), begins=date(2024, 1, 1), fallback_code="A9270")
    listing = publish("ReWalk")
    publish("Wheel", code="E0147", manufacturer="Other Maker")
    each = f"{LISTINGS}?expand=requirement,code,manufacturer&sort=code&fields=id"

    other, row = client.get(each).json()["results"]

    assert set(row) == {"id", "expanded"}
    assert list(row["expanded"]) == ["code", "manufacturer", "requirement"]
    assert row["expanded"]["code"] == client.get("/api/v1/codes/?q=K1007").json()["results"][0]
    organizations = client.get("/api/v1/organizations/").json()["results"]
    assert [row["expanded"]["manufacturer"], other["expanded"]["manufacturer"]] == organizations
    assert row["expanded"]["requirement"] == client.get("/api/v1/requirements/").json()["results"][0]
    assert other["expanded"]["requirement"] is None
    assert client.get(f"{LISTINGS}{listing.pk}/?expand=code").json()["expanded"] == {"code": row["expanded"]["code"]}
    # As of the day that is asked for.
    assert client.get(f"{LISTINGS}{listing.pk}/?expand=requirement&on=2023-12-31").json()["expanded"] == {
        "requirement": None
    }


def test_no_query_for_each_row(client: Client, count_queries: Callable[[str], int]) -> None:
    address = f"{LISTINGS}?expand=code,manufacturer,requirement"
    require(make_code("K1007"), begins=date(2024, 1, 1))
    publish()
    one = count_queries(address)
    require(make_code("K1001"), begins=date(2024, 1, 1))
    publish(manufacturer="Second")
    publish(code="K1001", manufacturer="Third")
    assert count_queries(address) == one


@pytest.mark.parametrize(
    ("query", "accept", "kind"),
    [
        ("", "", "application/json"),
        ("", "*/*", "application/json"),
        ("", "text/html,application/xhtml+xml,*/*;q=0.8", "application/json"),
        ("", "application/*", "application/json"),
        ("", "text/csv", "text/csv; charset=utf-8"),
        ("", "text/*;q=0.9, application/x-ndjson;q=0.5", "text/csv; charset=utf-8"),
        ("", "application/x-ndjson", "application/x-ndjson; charset=utf-8"),
        ("", "application/json;q=0, */*", "application/x-ndjson; charset=utf-8"),
        ("format=csv", "application/json", "text/csv; charset=utf-8"),
        ("format=ndjson", "application/xml", "application/x-ndjson; charset=utf-8"),
        ("format=json", "text/csv", "application/json"),
    ],
)
def test_the_form_that_is_asked_for(client: Client, query: str, accept: str, kind: str) -> None:
    publish()
    response = client.get(f"{LISTINGS}?{query}", headers={"accept": accept} if accept else {})
    assert (response.status_code, response["Content-Type"], response["Vary"]) == (200, kind, "Accept")


@pytest.mark.parametrize("accept", ["application/xml", "text/html", "text/csv;q=0", "image/*", "x;q=x", "*/*;q=0"])
def test_no_other_form(client: Client, accept: str) -> None:
    response = client.get(LISTINGS, headers={"accept": accept})
    assert (response.status_code, response["Content-Type"]) == (406, "application/problem+json")
    assert "application/json, application/x-ndjson, text/csv" in response.json()["detail"]


def test_all_forms_tell_the_same_pages(client: Client) -> None:
    for number in range(7):
        publish(f"=Product {number}", model_number="-1" if number else "", comment="a\nb")

    pages: dict[str, list[Any]] = {"json": [], "ndjson": [], "csv": []}
    for form, told in pages.items():
        address = f"{LISTINGS}?limit=3&format={form}"
        while address:
            response = client.get(address)
            if form == "json":
                told.append(response.json()["results"])
            elif form == "ndjson":
                assert response.content.endswith(b"\n")
                told.append([json.loads(line) for line in response.content.splitlines()])
            else:
                names, *rows = table(response)
                told.append([dict(zip(names, row, strict=True)) for row in rows])
            link = response.headers.get("Link", "")
            assert not link or link.endswith('; rel="next"')
            address = link.partition(">")[0].removeprefix("<http://testserver")

    assert [len(page) for page in pages["json"]] == [3, 3, 1]
    assert pages["ndjson"] == pages["json"]
    as_text = [
        [
            {
                name: ("'" if str(value)[:1] in {"=", "-"} else "") + str("" if value is None else value)
                for name, value in row.items()
            }
            for row in page
        ]
        for page in pages["json"]
    ]
    assert pages["csv"] == as_text


def test_a_table_of_some_columns(client: Client) -> None:
    publish("ReWalk")
    assert table(client.get(f"{LISTINGS}?format=csv&fields=product,code")) == [["code", "product"], ["K1007", "ReWalk"]]
    assert table(client.get(f"{LISTINGS}?format=csv&q=nothing")) == [list(COLUMN_NAMES)]
    assert client.get(f"{LISTINGS}?format=ndjson&q=nothing").content == b""


def test_a_cursor_serves_every_form_of_its_question_and_no_other_question(client: Client) -> None:
    for _ in range(3):
        publish()
    following = client.get(f"{LISTINGS}?limit=1").json()["next"]

    assert len(table(client.get(f"{following}&format=csv&fields=code"))) == 2
    for other in ("&status=all", "&sort=newest", "&q=product"):
        refused = client.get(f"{following}{other}")
        assert (refused.status_code, refused.json()["parameter"]) == (400, "cursor")
    cursor = following.partition("cursor=")[2]
    assert client.get(f"/api/v1/codes/?cursor={cursor}").json()["parameter"] == "cursor"


@pytest.mark.parametrize("query", ["code=K1007&code=K1007", "format=csv&format=json", "fields=id&fields=code"])
def test_one_thing_said_twice_is_a_conflict(client: Client, query: str) -> None:
    response = client.get(f"{LISTINGS}?{query}")
    assert (response.status_code, response.json()["parameter"]) == (400, query.partition("=")[0])
