"""The schema says what the views do, and the page that shows it runs under the Content-Security-Policy."""

import json
import re
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.urls import get_resolver
from drf_spectacular.validation import validate_schema

from tests.factories.register import make_code, make_publication, publish, require

pytestmark = pytest.mark.django_db


@pytest.fixture
def schema(client: Client) -> Any:
    response = client.get("/api/v1/schema/")
    assert response["Content-Type"] == "application/vnd.oai.openapi+json; charset=utf-8"
    return response.json()


def test_it_is_valid_openapi_3_1(schema: Any, capsys: pytest.CaptureFixture[str]) -> None:
    validate_schema(schema)

    assert schema["openapi"].startswith("3.1")
    assert capsys.readouterr().err == ""


def test_what_is_checked_in_is_what_is_served(schema: Any) -> None:
    kept = json.loads((settings.BASE_DIR / "docs" / "openapi.json").read_text())
    assert kept == schema, "The API has changed: make openapi, and look at what git says of docs/openapi.json."


def test_every_view_and_parameter_is_described(schema: Any) -> None:
    api = next(each for each in get_resolver().url_patterns if getattr(each, "namespace", "") == "api")
    views = {
        "/api/v1/" + re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", str(pattern.pattern)): pattern.callback.view_class
        for pattern in api.url_patterns
        if pattern.name not in {"front", "schema", "docs", "docs_script", "elsewhere"}
    }
    assert set(schema["paths"]) == set(views)
    for path, view in views.items():
        assert set(schema["paths"][path]) == set(view.http_method_names) - {"head", "options"}, path
        for method in schema["paths"][path].values():
            described = {each["name"] for each in method.get("parameters", []) if each["in"] == "query"}
            assert described == set(view.parameters), path


@pytest.mark.parametrize(
    ("address", "shape"),
    [
        ("listings/", "Listing"),
        ("codes/", "Code"),
        ("requirements/?on=2024-06-01", "Requirement"),
        ("organizations/", "Organization"),
        ("publications/", "Publication"),
        ("changes/", "Change"),
    ],
)
def test_answers_have_the_described_keys(client: Client, schema: Any, address: str, shape: str) -> None:
    publication = make_publication()
    require(make_code("K1007"), begins=None, publication=publication)
    publish()

    (row,) = client.get(f"/api/v1/{address}").json()["results"]

    described = schema["components"]["schemas"][shape]
    assert list(row) == [name for name in described["properties"] if name in described["required"]]


def test_the_reference_has_nothing_inline(client: Client) -> None:
    html = client.get("/api/v1/docs/").content.decode()

    assert re.findall(r"<script(?![^>]*\bsrc=)", html) == []
    assert "<style" not in html
    assert " style=" not in html
    assert re.findall(r'src="(/api/v1/[^"]*)"', html) == ["/api/v1/docs/start.js"]
    script = client.get("/api/v1/docs/start.js")
    assert script["Content-Type"] == "text/javascript; charset=utf-8"
    assert '"/api/v1/schema/"' in script.content.decode()


def test_the_front_names_what_there_is(client: Client) -> None:
    for address in client.get("/api/v1/").json().values():
        assert client.get(address).status_code == 200, address
