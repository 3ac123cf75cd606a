"""The change feed can be checked by anybody who has nothing but its answers."""

import hashlib
import json
from datetime import date
from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from pcl.services.end_date_listing import end_date_listing
from tests.factories.accounts import UserFactory
from tests.factories.register import publish

pytestmark = pytest.mark.django_db


@pytest.fixture
def three_changes() -> None:
    person: User = UserFactory(name="Rita Registrar")
    listing = publish("ReWalk", comment="“Quoted” — ünïcödé, \\ and \t")
    publish("Indego")
    end_date_listing(listing=listing, last_day=date(2025, 1, 31), reason="Withdrawn.", by=person)


def changes(client: Client, query: str = "") -> Any:
    return client.get(f"/api/v1/changes/{query}").json()


@pytest.mark.usefixtures("three_changes")
def test_every_hash_verifies_from_the_answer_alone(client: Client) -> None:
    results = changes(client)["results"]

    previous = "0" * 64
    for change in results:
        said = {key: value for key, value in change.items() if key != "hash"}
        text = json.dumps(said, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        assert hashlib.sha256(text.encode()).hexdigest() == change["hash"]
        assert change["previous_hash"] == previous
        previous = change["hash"]
    assert [change["seq"] for change in results] == [1, 2, 3]


@pytest.mark.usefixtures("three_changes")
def test_a_change_says_what_the_contract_says_and_not_who_made_it(client: Client) -> None:
    response = client.get("/api/v1/changes/")

    assert [list(change) for change in response.json()["results"]] == [
        ["seq", "at", "kind", "listing", "before", "after", "reason", "previous_hash", "hash"]
    ] * 3
    assert b"Rita" not in response.content


@pytest.mark.usefixtures("three_changes")
def test_the_feed_goes_on_after_the_last_change_seen(client: Client) -> None:
    first = changes(client, "?limit=2")
    second = client.get(first["next"]).json()

    assert [change["seq"] for change in first["results"]] == [1, 2]
    assert (first["count"], first["count_exact"], first["previous"]) == (3, True, None)
    assert [change["seq"] for change in second["results"]] == [3]
    assert (second["count"], second["next"]) == (1, None)
    assert client.get(second["previous"]).json()["results"] == first["results"]
    assert changes(client, "?after=3") == {
        "count": 0,
        "count_exact": True,
        "next": None,
        "previous": "http://testserver/api/v1/changes/?after=0",
        "results": [],
    }


def test_a_register_without_changes_has_an_empty_feed(client: Client) -> None:
    assert changes(client)["results"] == []


@pytest.mark.parametrize("after", ["-1", "x", "1.5", "1e3", "9" * 30, "٣"])
def test_a_number_that_is_none_is_named(client: Client, after: str) -> None:
    response = client.get("/api/v1/changes/", {"after": after})

    assert (response.status_code, response.json()["parameter"]) == (400, "after")
