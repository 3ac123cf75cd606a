"""`/api/v1/listings/`: the contract that programs build on."""

import re
from datetime import date
from itertools import chain
from typing import Any

import pytest
import time_machine
from django.test import Client

from pcl.models import ListingChange
from pcl.services.changes import FIRST_PREVIOUS_HASH, instant_text
from pcl.services.end_date_listing import end_date_listing
from tests.factories.register import make_code, publish

pytestmark = pytest.mark.django_db
KEYS = [
    "id",
    "code",
    "code_description",
    "manufacturer",
    "distributor",
    "product",
    "model_number",
    "classification",
    "effective_from",
    "effective_to",
    "status",
    "origin",
    "comment",
    "published_at",
    "url",
]


def get(client: Client, address: str) -> Any:
    response = client.get(f"/api/v1/{address}")
    assert response.status_code == 200, response.content
    assert response["Content-Type"] == "application/json"
    return response.json()


def products(client: Client, query: str) -> list[str]:
    return [listing["product"] for listing in get(client, f"listings/?{query}")["results"]]


def test_a_listing_says_exactly_what_the_contract_says(client: Client) -> None:
    make_code("K1007", long_description="A powered device", short_description="Powered")
    listing = publish(
        "ReWalk", distributor="Parker", model_number="RW-6", begins=date(2024, 6, 1), comment="Code Reverified"
    )

    answer = get(client, "listings/?on=2024-06-01")

    assert list(answer) == ["count", "count_exact", "next", "previous", "results"]
    assert (answer["count"], answer["count_exact"], answer["next"], answer["previous"]) == (1, True, None, None)
    assert list(answer["results"][0]) == KEYS
    assert answer["results"][0] == {
        "id": listing.pk,
        "code": "K1007",
        "code_description": "A powered device",
        "manufacturer": "Argo Technologies",
        "distributor": "Parker",
        "product": "ReWalk",
        "model_number": "RW-6",
        "classification": "Powered Orthoses",
        "effective_from": "2024-06-01",
        "effective_to": None,
        "status": "current",
        "origin": "determination",
        "comment": "Code Reverified",
        "published_at": instant_text(ListingChange.objects.get().at),
        "url": f"http://testserver/listings/{listing.pk}/",
    }
    assert get(client, f"listings/{listing.pk}/?on=2024-06-01") == answer["results"][0]


def test_what_is_not_stated_is_null(client: Client) -> None:
    listing = publish()

    answer = get(client, f"listings/{listing.pk}/")

    assert (answer["distributor"], answer["model_number"], answer["effective_to"]) == (None, None, None)


def test_the_status_is_that_of_the_date_of_service(client: Client) -> None:
    """DOMAIN 7, case 1, on the listing and on its code."""
    make_code("K1032", added=date(2022, 4, 1), terminated=date(2023, 12, 31), action_effective=date(2024, 1, 1))
    listing = publish("Garment", code="K1032", begins=date(2022, 4, 1))

    def status(on: str) -> str:
        return str(get(client, f"listings/{listing.pk}/?on={on}")["status"])

    assert [status(on) for on in ("2022-03-31", "2022-04-01", "2023-12-31", "2024-01-01")] == [
        "future",
        "current",
        "current",
        "ended",
    ]
    end_date_listing(listing=listing, last_day=date(2023, 6, 30), reason="Withdrawn.", by=None)
    assert [status(on) for on in ("2023-06-30", "2023-07-01")] == ["current", "ended"]


@time_machine.travel("2024-06-01 03:59Z")
def test_today_is_the_day_in_eastern_time(client: Client) -> None:
    publish("Begins in June", begins=date(2024, 6, 1))
    publish("Begins in May", begins=date(2024, 5, 31))

    assert products(client, "") == ["Begins in May"]
    with time_machine.travel("2024-06-01 04:00Z"):
        assert products(client, "") == ["Begins in June", "Begins in May"]


@pytest.mark.parametrize("sort", ["code", "product", "manufacturer", "newest"])
def test_pages_skip_and_repeat_nothing(client: Client, sort: str) -> None:
    for number in range(7):
        publish(f"Product {number % 2}", model_number=str(number), manufacturer=f"Maker {number % 3}")
    everything = [row["id"] for row in get(client, f"listings/?status=all&sort={sort}")["results"]]

    seen: list[list[int]] = []
    address: str | None = f"/api/v1/listings/?status=all&sort={sort}&limit=3"
    previous: list[str | None] = []
    while address:
        response = client.get(address)
        answer = response.json()
        assert (answer["count"], answer["count_exact"]) == (7, True)
        link = response.get("Link")
        assert link == (f'<{answer["next"]}>; rel="next"' if answer["next"] else None)
        seen.append([row["id"] for row in answer["results"]])
        previous.append(answer["previous"])
        address = answer["next"]

    assert [len(page) for page in seen] == [3, 3, 1]
    assert list(chain.from_iterable(seen)) == everything
    assert previous[0] is None
    back = client.get(previous[2]).json()
    assert [row["id"] for row in back["results"]] == seen[1]
    first = client.get(back["previous"]).json()
    assert ([row["id"] for row in first["results"]], first["previous"]) == (seen[0], None)
    assert [row["id"] for row in client.get(first["next"]).json()["results"]] == seen[1]


def test_a_full_last_page_has_no_next(client: Client) -> None:
    publish()
    publish()

    response = client.get("/api/v1/listings/?limit=2")

    assert (response.json()["next"], response.has_header("Link")) == (None, False)


def test_a_page_goes_on_where_the_last_ended_also_when_something_is_listed_meanwhile(client: Client) -> None:
    for name in ("B", "D", "F"):
        publish(name)
    first = get(client, "listings/?limit=2")
    publish("A")
    publish("E")

    following = client.get(first["next"]).json()

    assert [row["product"] for row in first["results"]] == ["B", "D"]
    assert [row["product"] for row in following["results"]] == ["E", "F"]


def test_beyond_a_thousand_a_count_is_not_exact(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pcl.queries.keyset.COUNTED_EXACTLY", 3)
    for _ in range(3):
        publish()
    assert get(client, "listings/?limit=1") | {"next": "", "results": []} == {
        "count": 3,
        "count_exact": True,
        "next": "",
        "previous": None,
        "results": [],
    }
    publish()
    answer = get(client, "listings/?limit=1")
    assert (answer["count"], answer["count_exact"]) == (3, False)


@pytest.mark.parametrize("other", ["q=other&status=all&limit=1", "status=all&limit=1&sort=newest", "limit=1"])
def test_a_cursor_serves_only_its_own_question(client: Client, other: str) -> None:
    publish("One")
    publish("Two other")
    cursor = re.search("cursor=([^&]*)", get(client, "listings/?status=all&limit=1")["next"])
    assert cursor is not None

    response = client.get(f"/api/v1/listings/?{other}&cursor={cursor[1]}")

    assert (response.status_code, response.json()["parameter"]) == (400, "cursor")
    assert client.get(f"/api/v1/listings/?status=all&limit=5&cursor={cursor[1]}").status_code == 200


def test_the_history_of_a_listing(client: Client) -> None:
    listing = publish("ReWalk")
    publish("Another")
    end_date_listing(listing=listing, last_day=date(2025, 1, 31), reason="Withdrawn.", by=None)

    answer = get(client, f"listings/{listing.pk}/history/")

    assert [(change["seq"], change["kind"]) for change in answer["results"]] == [(1, "listed"), (3, "end_dated")]
    assert answer["results"][0]["previous_hash"] == FIRST_PREVIOUS_HASH
    assert answer["results"][1]["before"] == answer["results"][0]["after"]
    assert answer["results"][1]["after"] == {**answer["results"][0]["after"], "effective_to": "2025-01-31"}
    assert (answer["count"], answer["count_exact"], answer["next"], answer["previous"]) == (2, True, None, None)


def test_a_longer_list_costs_no_more_queries(client: Client, count_queries: Any) -> None:
    publish(distributor="Parker", other_names=("Alias",))
    with_one = count_queries("/api/v1/listings/?status=all")
    publish(distributor="Parker", other_names=("Alias",))
    publish(distributor="Porter", code="E0147")

    assert count_queries("/api/v1/listings/?status=all") == with_one == 1


@pytest.mark.parametrize("typed", ["---", "' | ! & <-> :*", "🦿", "%_\\", "x" * 400, "nothing"])
def test_nothing_typed_is_ever_a_fault(client: Client, typed: str) -> None:
    publish("Other")

    answer = client.get("/api/v1/listings/", {"q": typed})
    assert (answer.status_code, answer.json()["results"], answer.json()["count"]) == (200, [], 0)
