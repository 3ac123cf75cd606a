"""Releases, history, modifiers and codes as a release gave them, for programs."""

from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from hcpcs.models import Release
from tests.hcpcs.releases import JANUARY_2023, JANUARY_2024, OCTOBER_2025, load_releases

pytestmark = pytest.mark.django_db


@pytest.fixture
def two(tmp_path: Path) -> list[Release]:
    return load_releases(tmp_path)


def get(client: Client, address: str, *, status: int = 200) -> Any:
    response = client.get(f"/api/v1/{address}")
    assert response.status_code == status, response.content
    return response.json()


def codes(client: Client, address: str) -> list[str]:
    return [row["code"] for row in get(client, address)["results"]]


def test_a_release_says_what_it_is_and_what_it_changed(client: Client, two: list[Release]) -> None:
    old, new = two
    answer = get(client, "releases/")

    assert (answer["count"], answer["next"]) == (2, None)
    assert [row["id"] for row in answer["results"]] == [new.pk, old.pk]
    newest, oldest = answer["results"]
    assert (oldest["compared_with"], oldest["changes"]) == (None, None)
    assert newest | {"imported_at": "", "sha256": ""} == {
        "id": new.pk,
        "label": "October 2025, revision 1",
        "in_force_from": "2025-10-01",
        "year": 2025,
        "quarter": 4,
        "revision": 1,
        "is_complete": True,
        "file_name": OCTOBER_2025,
        "sha256": "",
        "source": "",
        "imported_at": "",
        "codes": 10,
        "modifiers": 1,
        "compared_with": {"id": old.pk, "label": "January 2023, revision 1", "in_force_from": "2023-01-01"},
        "changes": {
            "added": 2,
            "ended": 2,
            "end_moved": 1,
            "redescribed": 3,
            "repriced": 1,
            "other": 4,
            "maintenance": 1,
            "absent": 1,
        },
        "url": f"http://testserver/releases/{new.pk}/",
    }
    assert get(client, f"releases/{new.pk}/") == newest


def test_changes_are_those_of_the_page(client: Client, two: list[Release]) -> None:
    address = f"releases/{two[1].pk}/changes/"

    assert codes(client, f"{address}?kind=ended") == ["A0003", "A0009"]
    assert codes(client, f"{address}?kind=redescribed&q=garment") == ["A0002"]
    (row,) = get(client, f"{address}?q=A0004")["results"]
    assert row == {
        "code": "A0004",
        "kind": "code",
        "changes": ["repriced"],
        "long_description": "Priced anew",
        "short_description": "Priced anew",
        "added": "2020-01-01",
        "terminated": None,
        "differences": [
            {"field": "pricing_indicators", "label": "Pricing Indicator Code", "before": ["32"], "after": ["36"]}
        ],
        "url": "http://testserver/codes/A0004/",
    }
    (ended,) = get(client, f"{address}?q=A0003")["results"]
    assert ended["differences"] == [
        {"field": "terminated", "label": "Termination Date", "before": None, "after": "2024-12-31"}
    ]


def test_changes_can_be_read_page_by_page(client: Client, two: list[Release]) -> None:
    seen, address = [], f"/api/v1/releases/{two[1].pk}/changes/?limit=4"
    while address:
        answer = client.get(address).json()
        seen.append([row["code"] for row in answer["results"]])
        address = answer["next"]

    assert seen == [
        ["A0002", "A0003", "A0004", "A0005"],
        ["A0006", "A0007", "A0008", "A0009"],
        ["A0010", "A0011", "GY"],
    ]


def test_there_are_no_changes_without_an_older_release(client: Client, two: list[Release]) -> None:
    assert "No older complete release is loaded" in get(client, f"releases/{two[0].pk}/changes/", status=404)["detail"]
    assert get(client, f"releases/{'9' * 30}/", status=404)["title"] == "Not found"
    assert get(client, f"releases/{'9' * 30}/changes/", status=404)["title"] == "Not found"


def test_a_history_is_that_of_the_page(client: Client, two: list[Release]) -> None:
    answer = get(client, "codes/A0004/history/")

    assert [(row["release"]["label"], row["is_first"], row["is_absent"]) for row in answer["results"]] == [
        ("October 2025, revision 1", False, False),
        ("January 2023, revision 1", True, False),
    ]
    assert answer["results"][0]["differences"][0]["after"] == ["36"]
    assert answer["results"][0]["meaning"] == {"added": "2020-01-01", "terminated": None}
    gone = get(client, "codes/a0008/history/")["results"][0]
    assert (gone["is_absent"], gone["long_description"]) == (True, None)
    assert get(client, "codes/GY/history/")["count"] == 2
    assert get(client, "codes/Z9999/history/", status=404)["title"] == "Not found"


def test_a_code_is_what_the_release_of_the_day_said(client: Client, two: list[Release]) -> None:
    then = get(client, "codes/A0002/?on=2024-06-01")

    assert then["long_description"] == "Garment, full leg, each"
    assert then["as_of"] == {
        "release": two[0].pk,
        "label": "January 2023, revision 1",
        "in_force_from": "2023-01-01",
        "covers_day": False,
        "added": "2020-01-01",
        "terminated": None,
    }
    assert get(client, "codes/A0002/?on=2025-11-01")["as_of"]["covers_day"] is True
    # Validity is by what is known now.
    ended = get(client, "codes/A0003/?on=2023-02-01")
    assert (ended["terminated"], ended["status"], ended["as_of"]["terminated"]) == ("2024-12-31", "current", None)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("group=g", []),
        ("group=a&coverage=D", ["A0005"]),
        ("pricing=36&q=a000&status=ended&on=2025-01-01", ["A0003", "A0009"]),
        ("betos=D1E&q=garment", ["A0002"]),
        ("group=modifiers", ["GY"]),
    ],
)
def test_codes_are_narrowed_as_on_the_page(client: Client, two: list[Release], query: str, found: list[str]) -> None:
    assert codes(client, f"codes/?{query}") == found


def test_modifiers_are_by_themselves(client: Client, two: list[Release]) -> None:
    assert codes(client, "modifiers/") == ["GY"]
    assert codes(client, "modifiers/?q=garment") == []
    assert get(client, "modifiers/gy/")["url"] == "http://testserver/modifiers/GY/"
    assert get(client, "modifiers/GY/?on=2023-02-01")["long_description"] == "Item statutorily excluded"
    assert get(client, "modifiers/A0001/", status=404)["title"] == "Not found"


@pytest.mark.parametrize(
    ("address", "parameter"),
    [
        ("codes/?group=AB", "group"),
        ("codes/?pricing=3", "pricing"),
        ("codes/?betos=D1EX", "betos"),
        ("codes/?coverage=%00", "coverage"),
        (f"codes/?q={'x' * 10_000}", "q"),
        ("codes/?kind=code", "kind"),
        ("codes/A0001/?on=2024-02-30", "on"),
        ("codes/A0001/?on=9999-01-01", "on"),
        ("codes/A0001/history/?on=2024-01-01", "on"),
        ("releases/?q=a", "q"),
        ("releases/{new}/changes/?kind=broken", "kind"),
        ("releases/{new}/changes/?limit=0", "limit"),
        ("releases/{new}/changes/?cursor=forged", "cursor"),
        ("releases/{new}/changes/?q=%00", "q"),
        ("modifiers/?group=A", "group"),
        ("modifiers/GY/?q=a", "q"),
    ],
)
def test_what_cannot_be_understood_is_400(client: Client, two: list[Release], address: str, parameter: str) -> None:
    assert get(client, address.format(new=two[1].pk), status=400)["parameter"] == parameter


@pytest.mark.parametrize("address", ["releases/", "releases/{new}/changes/", "codes/A0002/history/", "modifiers/"])
def test_an_answer_costs_the_same_however_many_releases(
    client: Client, tmp_path: Path, address: str, count_queries: Any
) -> None:
    load_releases(tmp_path, JANUARY_2023)
    new = load_releases(tmp_path, OCTOBER_2025)[0]
    address = f"/api/v1/{address.format(new=new.pk)}"
    with_two = count_queries(address)
    load_releases(tmp_path, JANUARY_2024)

    assert count_queries(address) == with_two < 8
