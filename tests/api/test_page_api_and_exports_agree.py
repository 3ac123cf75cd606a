"""Whatever the query string: the page, the API, the CSV and the NDJSON have the same rows in the same order."""

import csv
import html
import io
import json
import random
import re
from datetime import date
from typing import Any
from urllib.parse import urlencode

import pytest
import time_machine
from django.test import Client

from pcl.errors import RegisterError
from pcl.models import Listing, Organization, Product
from pcl.services.end_date_listing import end_date_listing
from pcl.services.organizations import merge_organizations, rename_organization
from pcl.services.products import rename_product
from tests.factories.register import make_code, publish

pytestmark = pytest.mark.django_db
QUESTIONS = 200
WHY = {"reason": "Because.", "by": None}
WORDS = ("Walker", "Brace", "Össur", "ReWalk™", "Knee", "Pump", "=Sum")
CODES = ("K1007", "E0147", "L1832")
GROUPS = ("Powered Orthoses", "Wheelchairs")


def a_register(chosen: random.Random) -> None:
    """With a past: three times at which the list said something else."""
    for code, terminated in zip(CODES, (None, date(2025, 12, 31), None), strict=True):
        make_code(code, added=date(2018, 1, 1), terminated=terminated)
    for number, instant in enumerate(("2024-03-01T15:00Z", "2025-02-01T15:00Z", "2026-01-10T15:00Z")):
        with time_machine.travel(instant):
            for _ in range(45):
                publish(
                    f"{chosen.choice(WORDS)} {chosen.choice(WORDS)} {chosen.randint(1, 60)}",
                    code=chosen.choice(CODES[: 3 if number < 2 else 1]),
                    manufacturer=f"{chosen.choice(WORDS)} Works {chosen.randint(1, 4)}",
                    distributor=chosen.choice(["", "", "Parker Hannifin"]),
                    model_number=chosen.choice(["", "RW-6", f"A-{chosen.randint(1, 9)}/b"]),
                    classification=chosen.choice(GROUPS),
                    begins=date(2020 + number, chosen.randint(1, 12), chosen.randint(1, 28)),
                )
            for listing in chosen.sample(list(Listing.objects.order_by("pk")), 20):
                try:
                    end_date_listing(listing=listing, last_day=date(2025, chosen.randint(1, 12), 28), **WHY)
                except RegisterError:
                    continue
            product = chosen.choice(list(Product.objects.order_by("pk")))
            rename_product(product=product, name=f"Renamed {number}", since=date(2024, 1, 1), source="L", **WHY)
            first, second, third = chosen.sample(list(Organization.objects.filter(merged_into=None).order_by("pk")), 3)
            rename_organization(
                organization=first, name=f"New Name {number}", since=date(2024, 1, 1), source="L", **WHY
            )
            merge_organizations(merged=second, into=third, since=date(2024, 1, 1), source="L", **WHY)


def a_question(chosen: random.Random) -> str:
    slugs = list(Organization.objects.order_by("pk").values_list("slug", flat=True))
    values = {
        "q": [
            *WORDS,
            "walk",
            "rew",
            "knee pump",
            "k1007",
            "A-5",
            "parker",
            "renamed",
            "l1832 brace",
            "new name",
            "—",
            "zzz",
        ],
        "code": [*CODES, "k1007", "A9999"],
        "organization": [*slugs, "works", "össur works", "parker hannifin", "new"],
        "product": ["Walker", "re", "Renamed 1", "pump 1"],
        "model_number": ["rw6", "A", "a5b", "-"],
        "classification": [*GROUPS, "powered orthoses", "Socks"],
        "status": ["current", "ended", "future", "all", "all"],
        "on": ["2020-02-29", "2024-12-31", "2025-06-28", "2026-01-01", "2030-01-01"],
        "as_published": ["2024-02-29", "2024-03-01", "2025-06-01", "2025-02-01T15:00:00Z", "2026-06-15"],
        "sort": ["code", "product", "manufacturer", "newest"],
    }
    often = {"status": 0.6, "sort": 0.5, "on": 0.3, "as_published": 0.3}
    names = [name for name in values if chosen.random() < often.get(name, 0.15)]
    return urlencode({name: chosen.choice(values[name]) for name in names or ["status"]})


def in_csv(client: Client, query: str) -> list[dict[str, str]]:
    content = b"".join(client.get(f"/api/v1/exports/listings.csv?{query}")).decode()
    return list(csv.DictReader(io.StringIO(content, newline="")))


def in_ndjson(client: Client, query: str) -> list[dict[str, Any]]:
    content = b"".join(client.get(f"/api/v1/exports/listings.ndjson?{query}"))
    return [json.loads(line) for line in content.splitlines()]


def in_api(client: Client, query: str, *, limit: int) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = []
    address = f"/api/v1/listings/?{query}&limit={limit}"
    while address:
        answer = client.get(address).json()
        rows += answer["results"]
        address = answer["next"]
    return rows


def on_pages(client: Client, query: str) -> list[int]:
    found: list[int] = []
    address = f"/?{query}"
    while address:
        response = client.get(address)
        assert response.status_code == 200, address
        text = response.content.decode()
        found += [int(number) for number in re.findall(r'href="/listings/(\d+)/[^"]*"', text)]
        following = re.search(r'href="([^"]*)"\s+rel="next"', text)
        address = html.unescape(following[1]) if following else ""
    return found


def as_cell(value: Any) -> str:
    text = "" if value is None else str(value)
    return f"'{text}" if text.startswith("=") else text


@time_machine.travel("2026-06-15T15:00Z")
def test_any_question_has_one_answer(client: Client) -> None:
    chosen = random.Random(20261121)  # noqa: S311  # questions, no secret
    a_register(chosen)
    sizes: list[int] = []
    for _ in range(QUESTIONS):
        query = a_question(chosen)
        told = in_ndjson(client, query)

        assert in_api(client, query, limit=chosen.choice([7, 40, 1000])) == told, query
        assert in_csv(client, query) == [{name: as_cell(value) for name, value in row.items()} for row in told], query
        assert on_pages(client, query) == [row["id"] for row in told], query
        sizes.append(len(told))
    # Else nothing was compared.
    assert sum(size > 0 for size in sizes) >= QUESTIONS / 3
    assert max(sizes) > 100
