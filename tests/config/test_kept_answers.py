"""Answers on codes are given again until a release is loaded or the day is over, and nothing else is."""

from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.db import OperationalError
from django.test import Client, RequestFactory

from config import kept_answers
from config.kept_answers import KeptAnswers
from hcpcs.queries.releases import catalogue_fingerprint
from hcpcs.services.import_release import import_release
from pcl.models import Organization
from pcl.queries.fingerprint import register_fingerprint
from pcl.services.end_date_listing import end_date_listing
from pcl.services.organizations import rename_organization
from tests.factories.register import publish, require, some_organization
from tests.hcpcs.files import first_line, release_file
from tests.hcpcs.releases import JANUARY_2023, JANUARY_2024, load_releases


class Application:
    """Counts how often it is asked."""

    def __init__(self, status: str = "200 OK", headers: tuple[tuple[str, str], ...] = ()) -> None:
        self.asked = 0
        self.closed = 0
        self.status = status
        self.headers = [("Content-Type", "application/json"), *headers]

    def __call__(self, environ: dict[str, Any], start_response: Any) -> "Application":
        self.asked += 1
        start_response(self.status, [*self.headers, ("Content-Length", "6")])
        return self

    def __iter__(self) -> Any:
        return iter([b"answ", b"er"])

    def close(self) -> None:
        self.closed += 1


def ask(application: Any, address: str, method: str = "GET", **headers: str) -> tuple[str, dict[str, str], bytes]:
    told: list[Any] = []
    environ = RequestFactory().generic(method, address, headers=headers).environ
    body: Iterable[bytes] = application(environ, lambda *given: told.extend(given))
    content = b"".join(body)
    if hasattr(body, "close"):
        body.close()
    return told[0], dict(told[1]), content


@pytest.fixture
def checked_always(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept_answers, "RECHECKED_EVERY", -1.0)
    # The test's connection is not ours to close.
    monkeypatch.setattr(kept_answers, "close_old_connections", lambda: None)


pytestmark = pytest.mark.usefixtures("checked_always")


@pytest.mark.parametrize(
    "path",
    ["/api/v1/codes/?q", "/api/v1/modifiers/?q", "/api/v1/releases/7/changes/?q", "/api/hcpcs/v3/search?terms"],
)
def test_an_answer_is_given_again(path: str) -> None:
    inner = Application()
    kept = KeptAnswers(inner, catalogue=lambda: "1", register=lambda: "1")

    first, second = ask(kept, f"{path}=a"), ask(kept, f"{path}=a")

    assert first == second == ("200 OK", first[1], b"answer")
    assert (inner.asked, inner.closed) == (1, 1)
    ask(kept, f"{path}=b")
    assert inner.asked == 2


def test_who_has_the_answer_is_told_so_in_a_word() -> None:
    kept = KeptAnswers(Application(), catalogue=lambda: "1", register=lambda: "1")
    etag = ask(kept, "/api/v1/codes/")[1]["ETag"]

    status, headers, body = ask(kept, "/api/v1/codes/", **{"if-none-match": etag})

    assert (status, body, headers["ETag"]) == ("304 Not Modified", b"", etag)
    assert "Content-Length" not in headers
    assert ask(kept, "/api/v1/codes/", **{"if-none-match": '"other"'})[0] == "200 OK"


def test_another_catalogue_another_day_or_another_site_is_another_answer() -> None:
    inner = Application()
    catalogue = ["1"]
    kept = KeptAnswers(inner, catalogue=lambda: catalogue[0], register=lambda: "1")

    with time_machine.travel("2026-11-21 15:00Z") as clock:
        ask(kept, "/api/v1/codes/")
        clock.move_to("2026-11-22 04:59Z")  # still November 21 in Eastern time
        ask(kept, "/api/v1/codes/")
        assert inner.asked == 1
        clock.move_to("2026-11-22 05:00Z")
        ask(kept, "/api/v1/codes/")
        assert inner.asked == 2
        catalogue[0] = "2"
        ask(kept, "/api/v1/codes/")
        assert inner.asked == 3
        ask(kept, "/api/v1/codes/", host="register.example")
        ask(kept, "/api/v1/codes/", **{"x-forwarded-proto": "https"})
        assert inner.asked == 5
        # Where a proxy mounts the register below a path, its links begin with that path.
        environ = RequestFactory().get("/api/v1/codes/").environ | {"SCRIPT_NAME": "/elsewhere"}
        b"".join(kept(environ, lambda *_: None))
        assert inner.asked == 6


@pytest.mark.parametrize(
    ("address", "method"),
    [
        ("/api/v1/limits/", "GET"),
        ("/codes/", "GET"),
        ("/listings/1/", "GET"),
        ("/api/v1/codes/", "POST"),
        (f"/api/v1/codes/?q={'x' * 2000}", "GET"),
    ],
)
def test_everything_else_is_asked_for_each_time(address: str, method: str) -> None:
    inner = Application()
    kept = KeptAnswers(inner, catalogue=lambda: "1", register=lambda: "1")

    ask(kept, address, method)
    assert "ETag" not in ask(kept, address, method)[1]
    assert inner.asked == 2


def test_the_search_page_is_kept_for_strangers_only() -> None:
    inner = Application()
    kept = KeptAnswers(inner, catalogue=lambda: "1", register=lambda: "1")

    ask(kept, "/?q=a")
    ask(kept, "/?q=a")
    assert inner.asked == 1
    ask(kept, "/?q=a", cookie="sessionid=1")
    assert "ETag" not in ask(kept, "/?q=a", cookie="sessionid=1")[1]
    assert inner.asked == 3


@pytest.mark.django_db
def test_every_change_to_the_list_gives_it_another_fingerprint() -> None:
    seen = [register_fingerprint()]
    listing = publish("Indego", manufacturer="Parker")
    seen.append(register_fingerprint())
    end_date_listing(listing=listing, last_day=date(2030, 1, 1), reason="Withdrawn.", by=None)
    seen.append(register_fingerprint())
    rename_organization(
        organization=some_organization("Parker"),
        name="Parker Motion",
        since=date(2026, 1, 1),
        source="Letter",
        reason="So",
        by=None,
    )
    seen.append(register_fingerprint())
    require(listing.code, begins=date(2024, 1, 1))
    seen.append(register_fingerprint())
    Organization.objects.create(name="Nobody", slug="no-body", name_key="nobody")
    seen.append(register_fingerprint())

    assert len(set(seen)) == 6
    assert register_fingerprint() == seen[-1]


@pytest.mark.parametrize(
    "inner",
    [Application("400 Bad Request"), Application("404 Not Found"), Application(headers=(("Set-Cookie", "a=1"),))],
)
def test_errors_and_cookies_are_not_kept(inner: Application) -> None:
    kept = KeptAnswers(inner, catalogue=lambda: "1", register=lambda: "1")

    assert ask(kept, "/api/v1/codes/")[0] == inner.status
    ask(kept, "/api/v1/codes/")
    assert (inner.asked, inner.closed) == (2, 2)


def test_the_oldest_go_where_there_is_no_room(monkeypatch: pytest.MonkeyPatch) -> None:
    kept = KeptAnswers(Application(), catalogue=lambda: "1", register=lambda: "1")
    ask(kept, "/api/v1/codes/?q=10")
    each = kept.bytes
    monkeypatch.setattr(kept_answers, "MOST_BYTES", 10 * each)

    for number in range(11, 100):
        ask(kept, f"/api/v1/codes/?q={number}")

    assert (len(kept.answers), kept.bytes) == (10, 10 * each)
    # An address counts as well as what is answered.
    ask(kept, f"/api/v1/codes/?q={'x' * 900}")
    assert (len(kept.answers), kept.bytes) == (9, 9 * each + 898)
    monkeypatch.setattr(kept_answers, "MOST_BYTES", 6)
    ask(kept, "/api/v1/codes/?q=too-large")
    assert not any("too-large" in key[1] for key in kept.answers)


def test_without_a_database_django_is_asked() -> None:
    def fail() -> str:
        raise OperationalError

    inner = Application()
    kept = KeptAnswers(inner, catalogue=fail)

    ask(kept, "/api/v1/codes/")
    ask(kept, "/api/v1/codes/")
    assert inner.asked == 2


@pytest.mark.django_db
def test_every_import_gives_the_catalogue_another_fingerprint(tmp_path: Path) -> None:
    seen = [catalogue_fingerprint()]
    load_releases(tmp_path, JANUARY_2023)
    seen.append(catalogue_fingerprint())
    load_releases(tmp_path, JANUARY_2024)
    seen.append(catalogue_fingerprint())
    # The same release again with other records: it takes the place of the one before, under the same number.
    lines = [first_line("A0001", "Described anew")]
    import_release(path=release_file(tmp_path, lines, name=JANUARY_2024), is_complete=True)
    seen.append(catalogue_fingerprint())

    assert len(set(seen)) == 4
    assert catalogue_fingerprint() == seen[-1]


@pytest.mark.django_db
def test_a_search_sees_a_release_as_soon_as_it_is_loaded(tmp_path: Path, client: Client) -> None:
    def register(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        """As the server would ask it, on the test's own connection."""
        response = client.get(f"{environ['PATH_INFO']}?{environ['QUERY_STRING']}")
        start_response(f"{response.status_code} OK", list(response.items()))
        return [response.content]

    kept = KeptAnswers(register)
    load_releases(tmp_path, JANUARY_2023)
    before = ask(kept, "/api/v1/codes/?q=new&status=all")
    again = ask(kept, "/api/v1/codes/?q=new&status=all")
    # Its Last-Modified may be told by now.
    assert (again[1]["ETag"], again[2]) == (before[1]["ETag"], before[2])
    load_releases(tmp_path, JANUARY_2024)
    after = ask(kept, "/api/v1/codes/?q=new&status=all")

    assert b'"count":0' in before[2]
    assert b'"A0010"' in after[2]
    assert before[1]["ETag"] != after[1]["ETag"]
