"""Whatever is wrong is told as RFC 9457 problem details that name what is at fault."""

from typing import Any

import pytest
from django.test import Client
from django.urls import get_resolver

from pcl.api.read_view import ReadView
from tests.factories.register import publish

pytestmark = pytest.mark.django_db
LISTS = ["listings", "codes", "requirements", "organizations", "publications", "changes"]


def problem(client: Client, address: str, *, method: str = "get") -> Any:
    response = getattr(client, method)(f"/api/v1/{address}")
    assert response["Content-Type"] == "application/problem+json"
    said = response.json()
    assert said["status"] == response.status_code
    return said


@pytest.mark.parametrize(
    "address", [*[f"{name}/" for name in LISTS], "exports/", "exports/listings.csv", "schema/", ""]
)
def test_an_unknown_parameter_is_refused_by_name(client: Client, address: str) -> None:
    said = problem(client, f"{address}?manufactuer=Argo")

    assert list(said) == ["type", "title", "status", "detail", "parameter"]
    assert (said["status"], said["title"], said["parameter"]) == (400, "Unknown parameter", "manufactuer")


def test_the_known_parameters_are_listed(client: Client) -> None:
    assert (
        problem(client, "changes/?afetr=1")["detail"]
        == "There is no parameter “afetr”. Known here: after, fields, limit."
    )


@pytest.mark.parametrize(
    ("address", "parameter"),
    [
        ("listings/?limit=0", "limit"),
        ("listings/?limit=1001", "limit"),
        ("listings/?limit=1e9", "limit"),
        ("listings/?limit=1000000000", "limit"),
        ("listings/?limit=-5", "limit"),
        ("listings/?on=2024-02-30", "on"),
        ("listings/?on=0001-01-01", "on"),
        ("listings/?on=9999-12-31", "on"),
        ("listings/?status=covered", "status"),
        ("listings/?sort=id", "sort"),
        ("listings/?code=K10", "code"),
        ("listings/?q=%00", "q"),
        ("listings/?organization=%00", "organization"),
        ("listings/?model_number=" + "x" * 121, "model_number"),
        ("listings/?cursor=forged", "cursor"),
        ("listings/?code=K1007&code=E0147", "code"),
        ("listings/1/?on=tomorrow", "on"),
        ("codes/?status=active", "status"),
        ("codes/?q=%00", "q"),
        ("codes/?on=20240601", "on"),
        ("codes/?cursor=eyJ9", "cursor"),
        ("codes/K1007/?on=2024-13-01", "on"),
        ("requirements/?on=x", "on"),
        ("organizations/?q=" + "x" * 401, "q"),
        ("listings/?fields=code,colour", "fields"),
        ("listings/1/?fields=colour", "fields"),
        ("codes/?fields=expanded", "fields"),
        ("changes/?fields=by", "fields"),
        ("listings/?expand=product", "expand"),
        ("listings/?expand=code&format=csv", "expand"),
        ("listings/?format=xml", "format"),
        ("exports/listings.csv?status=x", "status"),
        ("exports/listings.csv?limit=5", "limit"),
    ],
)
def test_a_bad_value_is_refused_by_name(client: Client, address: str, parameter: str) -> None:
    publish()

    said = problem(client, address)

    assert (said["status"], said["parameter"]) == (400, parameter)
    assert parameter in said["detail"] or said["title"] == "Bad value of a parameter"


@pytest.mark.parametrize(
    "address",
    [
        "nothing/",
        "nothing",
        "listings/x/",
        "listings/7/",
        "listings/7/history/",
        "codes/Z9999/",
        "exports/listings.xyz",
    ],
)
@pytest.mark.parametrize("query", ["", "?unknown=1"])
def test_what_is_not_there_is_404(client: Client, address: str, query: str) -> None:
    said = problem(client, f"{address}{query if 'listings/7' not in address and 'codes/Z' not in address else ''}")

    assert (said["status"], said["title"]) == (404, "Not found")


def test_a_number_too_large_for_a_listing_is_404(client: Client) -> None:
    assert problem(client, f"listings/{10**30}/")["status"] == 404
    assert problem(client, f"listings/{10**30}/history/")["status"] == 404


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_reading_is_all_there_is(client: Client, method: str) -> None:
    said = problem(client, "listings/", method=method)

    assert (said["status"], said["title"]) == (405, "Method not allowed")
    assert getattr(client, method)("/api/v1/listings/")["Allow"] == "GET, HEAD, OPTIONS"


def test_a_forgotten_slash_is_put_right(client: Client) -> None:
    response = client.get("/api/v1/listings?code=K1007")

    assert (response.status_code, response["Location"]) == (301, "/api/v1/listings/?code=K1007")


@pytest.mark.parametrize("address", ["listings/", "changes/", "exports/listings.csv", "nothing/", "listings/?x=1"])
def test_pages_of_other_sites_may_read(client: Client, address: str) -> None:
    assert client.get(f"/api/v1/{address}")["Access-Control-Allow-Origin"] == "*"
    asked_before = client.options(f"/api/v1/{address}")
    assert asked_before["Access-Control-Allow-Origin"] == "*"


def test_every_view_of_the_api_is_strict() -> None:
    """A view that is no ReadView would ignore what it does not know."""
    api = next(each for each in get_resolver().url_patterns if getattr(each, "namespace", "") == "api")
    others = [
        pattern.name
        for pattern in api.url_patterns
        if not issubclass(getattr(pattern.callback, "view_class", object), ReadView)
    ]
    assert others == ["docs", "docs_script", "elsewhere"]
