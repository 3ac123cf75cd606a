"""What one asker may ask for in a minute: counted by cost, told in headers, more with a key, and switched off by 0."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.services.api_keys import create_api_key, forget_remembered_keys, revoke_api_key
from pcl.api import allowance
from tests.api.fhir_resources import valid_resource
from tests.factories.accounts import UserFactory
from tests.factories.register import publish

pytestmark = pytest.mark.django_db
LISTINGS = "/api/v1/listings/"


@pytest.fixture(autouse=True)
def a_new_minute(settings: Any) -> Iterator[Any]:
    allowance.COUNTER.clear()
    forget_remembered_keys()
    settings.API_UNITS_PER_MINUTE, settings.API_UNITS_PER_MINUTE_WITH_KEY = 10, 100
    with time_machine.travel("2026-11-21 15:00Z", tick=False) as clock:
        yield clock
    allowance.COUNTER.clear()


def left(response: Any) -> str:
    return str(response["RateLimit"])


def test_requests_and_rows_are_counted(client: Client, a_new_minute: Any) -> None:
    for _ in range(3):
        publish()

    first = client.get(LISTINGS)
    assert first["RateLimit-Policy"] == '"anonymous";q=10;w=60'
    assert left(first) == '"anonymous";r=6;t=60'
    a_new_minute.shift(20)
    assert left(client.get("/api/v1/")) == '"anonymous";r=5;t=40'
    assert left(client.get(f"{LISTINGS}?format=csv&limit=2")) == '"anonymous";r=2;t=40'
    assert left(client.get(f"{LISTINGS}?x=1")) == '"anonymous";r=1;t=40'
    # Who has something left is answered in full.
    whole = client.get(LISTINGS)
    assert (whole.json()["count"], left(whole)) == (3, '"anonymous";r=0;t=40')

    refused = client.get(LISTINGS)

    assert (refused.status_code, refused["Content-Type"]) == (429, "application/problem+json")
    assert (refused["Retry-After"], left(refused)) == ("40", '"anonymous";r=0;t=40')
    assert refused["Access-Control-Allow-Origin"] == "*"
    said = refused.json()
    assert (said["title"], said["status"]) == ("Too many requests", 429)
    assert "Ask again in 40 seconds." in said["detail"]
    assert "/accounts/api-keys/" in said["detail"]
    a_new_minute.shift(40)
    assert left(client.get("/api/v1/")) == '"anonymous";r=9;t=60'


def test_lines_of_a_check_are_counted(client: Client) -> None:
    body = json.dumps({"lines": [{"code": "K1007", "date_of_service": "2024-06-01"}] * 4})
    assert left(client.post("/api/v1/checks/", body, content_type="application/json")) == '"anonymous";r=5;t=60'


def test_streams_cost_more(client: Client, settings: Any) -> None:
    settings.API_UNITS_PER_MINUTE = 2000
    assert left(client.get("/api/v1/exports/listings.csv")) == '"anonymous";r=999;t=60'


def test_each_address_has_its_own(client: Client) -> None:
    for _ in range(11):
        client.get("/api/v1/", REMOTE_ADDR="192.0.2.1")
    assert client.get("/api/v1/", REMOTE_ADDR="192.0.2.1").status_code == 429
    assert client.get("/api/v1/", REMOTE_ADDR="192.0.2.2").status_code == 200
    # One household has many addresses.
    for number in range(10):
        client.get("/api/v1/", REMOTE_ADDR=f"2001:db8::{number}")
    assert client.get("/api/v1/", REMOTE_ADDR="2001:db8::ffff:1").status_code == 429
    assert client.get("/api/v1/", REMOTE_ADDR="2001:db8:0:1::1").status_code == 200


def test_without_the_proxy_the_address_itself_counts(client: Client, settings: Any) -> None:
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    assert client.get("/api/v1/").status_code == 200


def test_a_key_has_more_and_its_own(client: Client) -> None:
    user = UserFactory()
    made = create_api_key(user=user, name="mirror")
    with_key = {"authorization": f"Bearer {made.text}"}
    for _ in range(11):
        client.get("/api/v1/")
    assert client.get("/api/v1/").status_code == 429

    answer = client.get("/api/v1/", headers=with_key)
    assert answer["RateLimit-Policy"] == '"key";q=100;w=60'
    assert left(answer) == '"key";r=99;t=60'
    assert left(client.get("/api/v1/", headers={"authorization": f"bearer  {made.text} "})) == '"key";r=98;t=60'
    for _ in range(99):
        client.get("/api/v1/", headers=with_key)
    refused = client.get("/api/v1/", headers=with_key)
    assert (refused.status_code, "api-keys" in refused.json()["detail"]) == (429, False)

    revoke_api_key(user=user, key_id=made.kept.pk)
    unknown = client.get("/api/v1/", headers=with_key)
    assert (unknown.status_code, unknown["WWW-Authenticate"]) == (401, 'Bearer error="invalid_token"')
    assert unknown["Content-Type"] == "application/problem+json"
    assert made.text not in unknown.content.decode()


@pytest.mark.parametrize("given", ["Bearer", "Bearer ", "Bearer pcl_x", "Bearer \x00", "bearer é"])
def test_a_key_that_is_none(client: Client, given: str) -> None:
    assert client.get("/api/v1/", headers={"authorization": given}).status_code == 401


@pytest.mark.parametrize("given", ["Basic YTpi", "", "x"])
def test_other_sign_ins_are_nobodys_business(client: Client, given: str) -> None:
    assert client.get("/api/v1/", headers={"authorization": given}).status_code == 200


def test_nothing_is_written(client: Client) -> None:
    client.get("/api/v1/")
    with CaptureQueriesContext(connection) as queries:
        client.get("/api/v1/")
    assert len(queries) == 0


def test_zero_is_no_limit(client: Client, settings: Any) -> None:
    settings.API_UNITS_PER_MINUTE = 0
    for _ in range(12):
        answer = client.get("/api/v1/")
    assert answer.status_code == 200
    assert "RateLimit" not in answer


def test_asking_whether_one_may_ask_is_free(client: Client) -> None:
    for _ in range(20):
        assert client.options("/api/v1/listings/").status_code == 204
    assert "Authorization" in client.options("/api/v1/listings/")["Access-Control-Allow-Headers"]


def test_fhir_counts_too(client: Client) -> None:
    assert left(client.get("/fhir/metadata")) == '"anonymous";r=9;t=60'
    for _ in range(9):
        client.get("/fhir/metadata")
    refused = client.get("/fhir/metadata")
    assert (refused.status_code, refused["Retry-After"]) == (429, "60")
    assert valid_resource(refused, "/fhir")["issue"][0]["code"] == "throttled"
    unknown = client.get("/fhir/metadata", headers={"authorization": "Bearer x"})
    assert valid_resource(unknown, "/fhir")["issue"][0]["code"] == "login"


def test_askers_do_not_fill_memory(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(allowance, "MOST_ASKERS", 3)
    for number in range(10):
        client.get("/api/v1/", REMOTE_ADDR=f"192.0.2.{number}")
    assert len(allowance.COUNTER._used) == 3
