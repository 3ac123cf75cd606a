"""Who has an answer is told so without a look at any row, and every change of the register is another answer."""

import json
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections, connection, transaction
from django.test.utils import CaptureQueriesContext

from config import kept_answers
from config.encoding import Compressed
from config.kept_answers import KeptAnswers
from hcpcs.services.import_fees import import_fees
from pcl.models import Organization, Publication, Requirement
from pcl.queries.fingerprint import register_fingerprint
from pcl.services.end_date_listing import end_date_listing
from tests.config.wsgi_client import ask
from tests.factories.register import make_code, make_publication, publish, require
from tests.hcpcs.fee_files import published_fees
from tests.hcpcs.releases import JANUARY_2023, load_releases

pytestmark = pytest.mark.django_db
NOUNS = ("listings", "changes", "requirements", "organizations", "publications", "fees")


class Django:
    """The real one, and how often it was asked."""

    def __init__(self) -> None:
        self.django = get_wsgi_application()
        self.asked = 0

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        self.asked += 1
        return self.django(environ, start_response)


@pytest.fixture(autouse=True)
def one_connection(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The test's connection is not the server's to close, nor Django's at the end of a request."""
    monkeypatch.setattr(kept_answers, "close_old_connections", lambda: None)
    signals = (request_started, request_finished)
    for signal in signals:
        signal.disconnect(close_old_connections)
    yield
    for signal in signals:
        signal.connect(close_old_connections)


@pytest.fixture
def django() -> Django:
    return Django()


@pytest.fixture
def application(django: Django, monkeypatch: pytest.MonkeyPatch) -> KeptAnswers:
    monkeypatch.setattr(kept_answers, "RECHECKED_EVERY", -1.0)
    return KeptAnswers(Compressed(django))


@pytest.fixture
def register() -> None:
    require(make_code("K1007"), begins=date(2024, 1, 1), publication=make_publication())
    publish("ReWalk")


ADDRESSES = [
    *(f"/api/v1/{noun}/" for noun in NOUNS),
    "/api/v1/listings/?q=rewalk&limit=5",
    "/api/v1/codes/",
    "/api/v1/codes/K1007/",
    "/fhir/DeviceDefinition?device-name=re",
    "/fhir/DeviceDefinition.ndjson",
    "/fhir/Organization",
]


@pytest.mark.parametrize("address", ADDRESSES)
def test_it_is_said_in_a_word(application: KeptAnswers, django: Django, register: None, address: str) -> None:
    status, headers, body = ask(application, address)
    assert (status, body[:1], headers["ETag"][0], headers["Cache-Control"]) == ("200 OK", b"{", '"', "no-cache")
    asked = django.asked

    for given in (headers["ETag"], f"W/{headers['ETag']}", f'"x", {headers["ETag"]}'):
        status, told, body = ask(application, address, if_none_match=given)
        assert (status, body, told["ETag"]) == ("304 Not Modified", b"", headers["ETag"])
        assert told["Access-Control-Allow-Origin"] == "*"
        assert {"Content-Length", "Content-Type", "Link"}.isdisjoint(told)
    assert django.asked == asked
    assert ask(application, address, if_none_match='"other"')[0] == "200 OK"
    assert ask(application, address, "HEAD", if_none_match=headers["ETag"])[0] == "304 Not Modified"


def test_no_row_is_read(application: KeptAnswers, register: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept_answers, "RECHECKED_EVERY", 60.0)
    etag = ask(application, "/api/v1/listings/")[1]["ETag"]

    with CaptureQueriesContext(connection) as queries:
        assert ask(application, "/api/v1/listings/", if_none_match=etag)[0] == "304 Not Modified"

    assert len(queries) == 0


def test_the_state_costs_the_same_however_many_listings(register: None) -> None:
    """The plan walks no listing, change or version but the newest."""
    with connection.cursor() as cursor, CaptureQueriesContext(connection) as queries:
        register_fingerprint()
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute(f"EXPLAIN {queries[0]['sql']}")
        plan = "\n".join(row[0] for row in cursor.fetchall())

    assert "Index" in plan
    for table in ("pcl_listingchange", "pcl_entryversion"):
        assert f"Seq Scan on {table}" not in plan


def rename(organization: Organization) -> None:
    organization.name = "Other"
    organization.save()


CHANGES: dict[str, Callable[[], object]] = {
    "a listing": lambda: publish("Another", manufacturer="Argo Technologies"),
    "a requirement entered": lambda: require(make_code("E0147"), begins=date(2024, 1, 1)),
    "a requirement changed": lambda: Requirement.objects.update(source="Another source"),
    "a requirement taken away": lambda: Requirement.objects.all().delete(),
    "a fee schedule": lambda: import_fees(path=published_fees()),
    "a publication": lambda: make_publication("another"),
    "a publication's codes": lambda: Publication.objects.get().codes.add(make_code("E0147")),
    "a publication's text": lambda: Publication.objects.update(body="Other"),
    "an organization": lambda: rename(Organization.objects.get()),
    "an organization's name": lambda: Organization.objects.get().names.create(name="Old", used=(None, None)),
}


@pytest.mark.parametrize("what", CHANGES)
def test_every_change_is_another_answer(application: KeptAnswers, register: None, what: str) -> None:
    before = {address: ask(application, address)[1]["ETag"] for address in ADDRESSES}

    # A transaction of its own, as every change is outside a test.
    with transaction.atomic():
        CHANGES[what]()

    for address, etag in before.items():
        status = ask(application, address, if_none_match=etag)[0]
        assert status == ("304 Not Modified" if "/codes/" in address else "200 OK"), address


def test_an_end_date_is_another_answer(application: KeptAnswers, register: None) -> None:
    listing = publish("Another")
    etag = ask(application, f"/api/v1/listings/{listing.pk}/")[1]["ETag"]
    end_date_listing(
        listing=listing, seen_version=1, last_day=date(2025, 1, 31), reason="It is no longer made.", by=None
    )
    assert ask(application, f"/api/v1/listings/{listing.pk}/", if_none_match=etag)[0] == "200 OK"


def test_a_release_or_another_day_is_another_answer(application: KeptAnswers, register: None, tmp_path: Path) -> None:
    with time_machine.travel("2026-11-22 04:59Z", tick=False) as clock:  # still November 21 in Eastern time
        etag = ask(application, "/api/v1/listings/")[1]["ETag"]
        clock.move_to("2026-11-22 05:00Z")
        later = ask(application, "/api/v1/listings/", if_none_match=etag)
        assert later[0] == "200 OK"
        load_releases(tmp_path, JANUARY_2023)
        assert ask(application, "/api/v1/listings/", if_none_match=later[1]["ETag"])[0] == "200 OK"


def test_each_address_and_form_has_its_own(application: KeptAnswers, register: None, settings: Any) -> None:
    settings.ALLOWED_HOSTS = ["testserver", "register.example"]
    told = [
        ask(application, "/api/v1/listings/"),
        ask(application, "/api/v1/listings/?limit=100"),
        ask(application, "/api/v1/listings/", accept_encoding="gzip"),
        ask(application, "/api/v1/listings/", accept_encoding="br"),
        ask(application, "/api/v1/listings/", host="register.example"),
        ask(application, "/api/v1/listings/", accept="application/json"),
    ]
    assert len({headers["ETag"] for _, headers, _ in told}) == len(told)


def test_a_resource_of_fhir_has_one_tag(application: KeptAnswers, django: Django, register: None) -> None:
    organization = Organization.objects.get()
    _, headers, _ = ask(application, f"/fhir/Organization/{organization.pk}")
    assert headers["ETag"].startswith('"')
    asked = django.asked
    address = f"/fhir/Organization/{organization.pk}"
    assert ask(application, address, if_none_match=headers["ETag"])[0] == "304 Not Modified"
    assert django.asked == asked
    _, bundle, body = ask(application, "/fhir/DeviceDefinition")
    (entry,) = json.loads(body)["entry"]
    _, device, _ = ask(application, entry["fullUrl"].removeprefix("http://testserver"))
    # Of its own version, however much else changes.
    assert device["ETag"].startswith('W/"1-')
    assert bundle["ETag"] != headers["ETag"]


def test_errors_have_none(application: KeptAnswers, register: None) -> None:
    for address in (
        "/api/v1/listings/?x=1",
        "/api/v1/listings/999/",
        "/api/v1/fees/?limit=0",
        "/fhir/Organization?x=1",
    ):
        assert "ETag" not in ask(application, address)[1]


def test_a_time_is_told_when_its_second_is_over(application: KeptAnswers, register: None) -> None:
    at = "/api/v1/listings/"
    with time_machine.travel("2026-11-21 15:00:00.2Z", tick=False) as clock:
        assert "Last-Modified" not in ask(application, at)[1]
        clock.shift(3)
        modified = ask(application, at)[1]["Last-Modified"]
        assert modified == "Sat, 21 Nov 2026 15:00:00 GMT"
        assert ask(application, at, if_modified_since=modified)[0] == "304 Not Modified"
        assert ask(application, at, if_modified_since="Sat, 21 Nov 2026 14:59:59 GMT")[0] == "200 OK"
        for bad in ("yesterday", "Sat, 99 Nov 2026", ""):
            assert ask(application, at, if_modified_since=bad)[0] == "200 OK"
        # A tag decides where one is given.
        assert ask(application, at, if_modified_since=modified, if_none_match='"x"')[0] == "200 OK"
        publish("Another")
        assert ask(application, at, if_modified_since=modified)[0] == "200 OK"


def test_who_gives_a_time_is_told_of_a_fault(application: KeptAnswers, register: None) -> None:
    """Not that nothing has changed where there is nothing."""
    with time_machine.travel("2026-11-21 15:00Z", tick=False) as clock:
        ask(application, "/api/v1/listings/")
        clock.shift(100)
        for address, status in [
            ("/api/v1/listings/", "304"),
            ("/api/v1/listings/999/", "404"),
            ("/api/v1/listings/?x=1", "400"),
            ("/api/v1/organizations/?x=1", "400"),
            ("/fhir/Organization/999", "404"),
            ("/?status=x", "400"),
        ]:
            since = "Sat, 21 Nov 2026 15:01:00 GMT"
            assert ask(application, address, if_modified_since=since)[0][:3] == status


def test_all_processes_tell_the_same_time(application: KeptAnswers, register: None) -> None:
    with time_machine.travel("2026-11-21 15:00Z", tick=False) as clock:
        ask(application, "/api/v1/listings/")
        clock.shift(100)
        other = KeptAnswers(Compressed(Django()))
        assert ask(other, "/api/v1/listings/")[1]["Last-Modified"] == "Sat, 21 Nov 2026 15:00:00 GMT"
        assert ask(other, "/api/v1/listings/")[1]["ETag"] == ask(application, "/api/v1/listings/")[1]["ETag"]
