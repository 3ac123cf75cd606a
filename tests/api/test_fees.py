"""`/api/v1/fees/`: rows of the loaded fee schedules."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from hcpcs.services.import_fees import import_fees
from tests.hcpcs.fee_files import fee_file, fee_row, published_fees

pytestmark = pytest.mark.django_db


@pytest.fixture
def _fees(tmp_path: Path) -> None:
    rows = [fee_row("E0002", "RR", "KE"), fee_row("E0001", "NU"), fee_row("E0001", amounts=["0.00"] * 6)]
    import_fees(path=fee_file(tmp_path, rows))
    import_fees(path=fee_file(tmp_path, [fee_row("E0001", "NU")], title="July 2025 Fee Schedule"))


def get(client: Client, query: str = "", *, status: int = 200) -> Any:
    response = client.get(f"/api/v1/fees/{query}")
    assert response.status_code == status, response.content
    return response.json()


def rows(client: Client, query: str = "") -> list[tuple[str, str | None, str]]:
    return [(row["code"], row["modifier"], row["effective_from"]) for row in get(client, query)["results"]]


def test_a_row_in_full(client: Client) -> None:
    import_fees(path=published_fees())

    assert get(client, "?code=e0193&on=2025-05-01&state=al&modifier=rr&rural=true") == {
        "count": 1,
        "count_exact": True,
        "next": None,
        "previous": None,
        "results": [
            {
                "code": "E0193",
                "modifier": "RR",
                "modifier_2": None,
                "description": "Powered air flotation bed",
                "effective_from": "2025-04-01",
                "effective_to": "2025-06-30",
                "revision": 1,
                "jurisdiction": {"value": "D", "meaning": "DME MAC"},
                "category": {"value": "CR", "meaning": "Capped rental items"},
                "ceiling": None,
                "floor": None,
                "amounts": [{"state": "AL", "non_rural": "842.09", "rural": "1005.70", "amount": "1005.70"}],
                "url": "http://testserver/codes/E0193/fees/?on=2025-04-01",
            }
        ],
    }


@pytest.mark.usefixtures("_fees")
@pytest.mark.parametrize(
    ("query", "found"),
    [
        (
            "",
            [
                ("E0001", None, "2025-04-01"),
                ("E0001", "NU", "2025-04-01"),
                ("E0001", "NU", "2025-07-01"),
                ("E0002", "RR", "2025-04-01"),
            ],
        ),
        ("?on=2025-09-30", [("E0001", "NU", "2025-07-01")]),
        ("?on=2025-06-30&code=E0001", [("E0001", None, "2025-04-01"), ("E0001", "NU", "2025-04-01")]),
        ("?modifier=KE", [("E0002", "RR", "2025-04-01")]),
        ("?on=2025-05-01&state=AK", [("E0001", "NU", "2025-04-01"), ("E0002", "RR", "2025-04-01")]),
        ("?state=TX", []),
        ("?code=E0009", []),
    ],
)
def test_filters(client: Client, query: str, found: list[tuple[str, str | None, str]]) -> None:
    assert rows(client, query) == found


@pytest.mark.usefixtures("_fees")
def test_what_applies_in_rural_areas_is_told(client: Client) -> None:
    def amounts(query: str) -> list[tuple[str, str]]:
        (row,) = get(client, f"?code=E0002&{query}")["results"]
        return [(each["state"], each["amount"]) for each in row["amounts"]]

    assert amounts("") == amounts("rural=false") == [("AL", "10.00"), ("CA", "11.00"), ("AK", "15.00")]
    # Alaska has one amount, and no rural one.
    assert amounts("rural=true") == [("AL", "12.00"), ("CA", "13.00"), ("AK", "15.00")]


@pytest.mark.usefixtures("_fees")
def test_pages_go_on_where_the_one_before_ended(client: Client) -> None:
    found, address = [], "/api/v1/fees/?limit=1"
    while address:
        page = client.get(address).json()
        found += [(row["code"], row["modifier"], row["effective_from"]) for row in page["results"]]
        address = page["next"]
    assert found == rows(client)
    assert "number" not in page["results"][0]


@pytest.mark.usefixtures("_fees")
def test_a_quarter_that_is_not_loaded_is_said_and_not_guessed(client: Client) -> None:
    problem = get(client, "?on=2025-10-01", status=404)
    assert problem["detail"] == (
        "The schedule of October to December 2025 is not loaded. Loaded: July to September 2025, April to June 2025."
    )


def test_nothing_loaded_is_an_empty_list(client: Client) -> None:
    assert get(client)["results"] == []
    assert get(client, "?on=2025-05-01", status=404)["detail"].endswith("Loaded: none.")


@pytest.mark.usefixtures("_fees")
@pytest.mark.parametrize(
    ("query", "parameter"),
    [
        ("status=current", "status"),
        ("code=123", "code"),
        ("code=E0001%00x", "code"),
        ("on=05/01/2025", "on"),
        ("on=2025-02-30", "on"),
        ("state=ZZ", "state"),
        ("state=Alabama", "state"),
        ("modifier=RRR", "modifier"),
        ("modifier=%C3%BC1", "modifier"),
        ("rural=yes", "rural"),
        ("limit=0", "limit"),
        ("cursor=forged", "cursor"),
        ("code=E0001&code=E0002", "code"),
    ],
)
def test_what_cannot_be_used_is_named(client: Client, query: str, parameter: str) -> None:
    assert get(client, f"?{query}", status=400)["parameter"] == parameter


def test_more_quarters_cost_no_more_queries(
    client: Client, tmp_path: Path, count_queries: Callable[[str], int]
) -> None:
    import_fees(path=fee_file(tmp_path, [fee_row("E0001")]))
    with_one = count_queries("/api/v1/fees/")
    for month in ("January", "July"):
        import_fees(path=fee_file(tmp_path, [fee_row("E0001")], title=f"{month} 2025 Fee Schedule"))
    assert count_queries("/api/v1/fees/") == with_one == 2


@pytest.mark.usefixtures("_fees")
def test_it_is_described(client: Client) -> None:
    schema = client.get("/api/v1/schema/").json()
    described = {each["name"]: each for each in schema["paths"]["/api/v1/fees/"]["get"]["parameters"]}
    assert set(described) == {"code", "on", "state", "modifier", "rural", "limit", "cursor", "fields"}
    assert "every loaded quarter without it" in described["on"]["description"]
    assert list(get(client)["results"][0]) == list(schema["components"]["schemas"]["Fee"]["properties"])
    assert client.get("/api/v1/").json()["fees"] == "http://testserver/api/v1/fees/"
