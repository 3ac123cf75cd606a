"""Whatever goes wrong below /api/, also where Django itself refuses or fails, a program can read."""

import logging
from typing import Any

import pytest
from django.db import OperationalError
from django.test import Client

from pcl.api import codes, listings
from tests.api.fhir_resources import valid_resource

pytestmark = pytest.mark.django_db


def told(response: Any, status: int) -> dict[str, Any]:
    assert response["Content-Type"] == "application/problem+json"
    assert response["Access-Control-Allow-Origin"] == "*"
    said: dict[str, Any] = response.json()
    assert (response.status_code, said["status"]) == (status, status)
    assert set(said) >= {"type", "title", "status", "detail"}
    return said


def failing(error: Exception) -> Any:
    def fail(*_: Any, **__: Any) -> None:
        raise error

    return fail


@pytest.fixture
def as_served(client: Client, caplog: pytest.LogCaptureFixture) -> Client:
    """Django answers, in place of letting the test see the exception."""
    caplog.set_level(logging.CRITICAL, "django.request")
    client.raise_request_exception = False
    return client


@pytest.mark.parametrize("method", ["get", "post", "delete"])
@pytest.mark.parametrize("address", ["/api/x", "/api/x/?y=1", "/api/", "/api", "/api/v2/listings/", "/api/v1/x/"])
def test_what_is_not_there(client: Client, address: str, method: str) -> None:
    assert told(getattr(client, method)(address), 404)["title"] == "Not found"


def test_a_slash_that_was_forgotten(client: Client) -> None:
    assert client.get("/api/v1")["Location"] == "/api/v1/"
    assert client.get("/api/v1/listings?q=a")["Location"] == "/api/v1/listings/?q=a"


def test_a_failure_that_nobody_foresaw(as_served: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listings, "asked_filter", failing(RuntimeError("secret")))

    said = told(as_served.get("/api/v1/listings/"), 500)

    assert said["title"] == "Server error"
    assert "secret" not in str(said)
    assert as_served.get("/no-such-page/")["Content-Type"].startswith("text/html")


@pytest.mark.parametrize(("module", "name", "address"), [
    (listings, "asked_filter", "/api/v1/listings/"),
    (codes, "code_search", "/api/v1/codes/"),
])  # fmt: skip
def test_a_database_that_does_not_answer(
    as_served: Client, monkeypatch: pytest.MonkeyPatch, *, module: Any, name: str, address: str
) -> None:
    monkeypatch.setattr(module, name, failing(OperationalError("connection to 10.0.0.1 refused")))

    response = as_served.get(address)

    assert "10.0.0.1" not in str(told(response, 503))
    assert response["Retry-After"] == "5"


def test_a_database_that_does_not_answer_before_the_view(as_served: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("config.access.check_access", failing(OperationalError()))

    assert as_served.get("/api/v1/listings/")["Retry-After"] == "5"
    told(as_served.get("/api/v1/listings/"), 503)
    outcome = as_served.get("/fhir/metadata")
    assert (outcome.status_code, valid_resource(outcome, "/fhir")["issue"][0]["code"]) == (503, "transient")
    page = as_served.get("/check/")
    assert (page.status_code, page["Retry-After"], "What you saved before is safe" in page.text) == (503, "5", True)


def test_a_host_that_is_not_ours(client: Client, settings: Any) -> None:
    settings.ALLOWED_HOSTS = ["testserver"]

    told(client.get("/api/v1/listings/", headers={"host": "evil.example"}), 400)


@pytest.mark.parametrize("kind", ["text/csv", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"])
def test_a_body_that_is_not_json(client: Client, kind: str) -> None:
    said = told(client.post("/api/v1/checks/", "code,date\n", content_type=kind), 415)
    assert said["detail"].endswith("Send JSON, with the header Content-Type: application/json.")


def test_a_body_that_is_too_large(client: Client, settings: Any) -> None:
    settings.CHECK_MAX_BYTES = 10
    told(client.post("/api/v1/checks/", '{"lines": [1, 2, 3]}', content_type="application/json"), 413)
