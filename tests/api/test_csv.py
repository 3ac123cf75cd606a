"""The CSV, the API and the page answer the same to the same query string."""

import csv
import io
import json
import re
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from pcl.queries.listing_columns import COLUMN_NAMES
from pcl.services.end_date_listing import end_date_listing
from tests.factories.register import make_code, publish

pytestmark = pytest.mark.django_db


@pytest.fixture
def register() -> None:
    make_code("K1032", added=date(2022, 4, 1), terminated=date(2023, 12, 31))
    publish("ReWalk", other_names=("Rewalk™",), begins=date(2023, 12, 28), origin="cms")
    publish("Indego", manufacturer="Össur hf.", distributor="Parker", model_number='AB-12/3 "X", 5')
    ended = publish("Old", comment="Two\nlines, “quoted”\\", begins=date(2020, 1, 1))
    end_date_listing(listing=ended, last_day=date(2024, 6, 30), reason="Withdrawn.", by=None)
    publish("Garment", code="K1032", begins=date(2022, 4, 1))
    publish("Later", begins=date(2090, 1, 1), code="E0147")


def from_csv(client: Client, query: str) -> list[dict[str, str]]:
    response = client.get(f"/api/v1/exports/listings.csv?{query}")
    assert response.status_code == 200
    assert response["Content-Type"] == "text/csv; charset=utf-8; header=present"
    content = b"".join(response)
    return list(csv.DictReader(io.StringIO(content.decode(), newline="")))


def from_ndjson(client: Client, query: str) -> list[dict[str, Any]]:
    response = client.get(f"/api/v1/exports/listings.ndjson?{query}")
    assert response.status_code == 200
    assert response["Content-Type"] == "application/x-ndjson"
    return [json.loads(line) for line in b"".join(response).split(b"\n") if line]


def from_api(client: Client, query: str) -> list[dict[str, Any]]:
    return list(client.get(f"/api/v1/listings/?{query}").json()["results"])


def from_page(client: Client, query: str) -> list[int]:
    html = client.get(f"/?{query}").content.decode()
    return [int(number) for number in re.findall(r'href="/listings/(\d+)/[^"#]*"', html)]


@pytest.mark.usefixtures("register")
@pytest.mark.parametrize(
    ("query", "how_many"),
    [
        ("status=all", 5),
        ("status=all&sort=newest", 5),
        ("status=all&sort=manufacturer", 5),
        ("status=ended", 2),
        ("status=future", 1),
        ("on=2023-12-31", 3),
        ("on=2024-06-30", 3),
        ("on=2024-07-01", 2),
        ("q=rewalk™", 1),
        ("q=parker+indego", 1),
        ("q=ab123", 1),
        ("code=k1007&status=all", 3),
        ("organization=ossur", 1),
        ("organization=argo-technologies&status=all&sort=product", 4),
        ("classification=powered+orthoses&on=2024-06-30", 3),
        ("q=nothing", 0),
        ("q=—", 0),
        ("model_number=-", 0),
    ],
)
def test_page_api_and_csv_agree(client: Client, query: str, how_many: int) -> None:
    told = from_api(client, query)

    assert len(told) == how_many
    assert from_csv(client, query) == [
        {name: "" if value is None else str(value) for name, value in listing.items()} for listing in told
    ]
    assert from_ndjson(client, query) == told
    assert from_page(client, query) == [listing["id"] for listing in told]


@pytest.mark.usefixtures("register")
def test_the_header_is_there_also_when_nothing_is_found(client: Client) -> None:
    content = b"".join(client.get("/api/v1/exports/listings.csv?q=nothing"))

    assert content.decode() == ",".join(COLUMN_NAMES) + "\n"


@pytest.mark.parametrize(
    "text", ["\\.", "\\N", "\x01\x02\x1f\x7f", "a\tb\r\nc", '"}{"', "\u2028 \U0001f9bf", "</script>"]
)
def test_ndjson_holds_any_text(client: Client, text: str) -> None:
    publish("Some", comment=text)

    assert [row["comment"] for row in from_ndjson(client, "")] == [text]


@pytest.mark.parametrize("dangerous", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1"])
def test_no_cell_is_a_formula(client: Client, dangerous: str) -> None:
    publish(f"{dangerous}".strip() or "x", comment=dangerous, model_number="-5", manufacturer="=Evil()")

    (row,) = from_csv(client, "status=all")

    assert row["comment"] == f"'{dangerous}"
    assert row["product"] == f"'{dangerous.strip()}"
    assert (row["model_number"], row["manufacturer"]) == ("'-5", "'=Evil()")


def test_an_apostrophe_is_put_only_where_it_protects(client: Client) -> None:
    publish("a=b", comment="1-2", model_number="A-5")

    (row,) = from_csv(client, "status=all")

    assert (row["product"], row["comment"], row["model_number"]) == ("a=b", "1-2", "A-5")


def test_a_file_is_never_cut(client: Client) -> None:
    code = make_code("K1007")
    for number in range(120):
        publish(f"Product {number:03}", code=code)

    assert [row["product"] for row in from_csv(client, "status=all")] == [f"Product {n:03}" for n in range(120)]


@pytest.mark.parametrize("kind", ["csv", "ndjson"])
def test_a_query_that_fails_is_an_error_and_no_empty_file(
    client: Client, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    def broken(*args: object, **kwargs: object) -> Iterator[bytes]:
        yield b"header\n"
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1/0")

    monkeypatch.setattr(f"pcl.api.exports.listings_as_{kind}", broken)
    client.raise_request_exception = False

    assert client.get(f"/api/v1/exports/listings.{kind}").status_code == 500
