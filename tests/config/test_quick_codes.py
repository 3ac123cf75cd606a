"""What is answered from memory is what Django would answer, headers and all; everything else is left to Django."""

import threading
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import OperationalError, close_old_connections
from django.test import RequestFactory

from config import quick_codes as module
from config.quick_codes import CATALOGUE, QuickCodes
from hcpcs.queries.releases import catalogue_fingerprint
from hcpcs.services.import_release import import_release
from pcl.api.codes_at_once import codes_at_once
from tests.hcpcs.files import first_line, release_file
from tests.hcpcs.releases import OCTOBER_2025, load_releases

pytestmark = pytest.mark.django_db


class Django:
    """The real one, and how often it was asked."""

    def __init__(self) -> None:
        self.django = get_wsgi_application()
        self.asked: list[str] = []

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        self.asked.append(environ["QUERY_STRING"])
        return self.django(environ, start_response)


@pytest.fixture(autouse=True)
def one_connection(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The test's connection is not the server's to close, nor Django's at the end of a request."""
    monkeypatch.setattr(module, "close_old_connections", lambda: None)
    signals = (request_started, request_finished)
    for signal in signals:
        signal.disconnect(close_old_connections)
    yield
    for signal in signals:
        signal.connect(close_old_connections)


@pytest.fixture
def catalogue(tmp_path: Path) -> None:
    load_releases(tmp_path)
    many = [first_line(f"E{number:04}", f"Wheel and “quotes” {number}, each") for number in range(1000, 2200)]
    import_release(path=release_file(tmp_path, many, name="HCPC2025_OCT_ANWEB_v7.txt"), is_complete=False)


@pytest.fixture
def quick(catalogue: None) -> QuickCodes:
    made = QuickCodes(Django())
    made.codes = codes_at_once()
    return made


def ask(application: Any, address: str, method: str = "GET", **headers: str) -> tuple[str, dict[str, str], bytes]:
    told: list[Any] = []
    environ = RequestFactory().generic(method, address, headers=headers).environ
    environ[CATALOGUE] = catalogue_fingerprint()
    body: Iterable[bytes] = application(environ, lambda *given: told.extend(given))
    return told[0], dict(told[1]), b"".join(body)


@pytest.mark.parametrize(
    "query",
    [
        "",
        "q=garment",
        "q=GARMENTS+leg&status=all",
        "q=e1&status=all",
        "status=ended&on=2025-06-01",
        "status=future&on=2023-06-01&limit=2",
        "q=wheel&limit=1000",
        "q=wheel&limit=1",
        "q=&limit=",
        "q=sum",
        "q=%C3%A9",
        "q=---",
        "q=zzz",
        "on=2024-12-31",
        "on=2025-01-01&status=current",
    ],
)
def test_the_answer_is_djangos(quick: QuickCodes, query: str) -> None:
    expected = ask(quick.application, f"/api/v1/codes/?{query}")
    quick.application.asked.clear()
    assert ask(quick, f"/api/v1/codes/?{query}") == expected
    assert expected[0] == "200 OK"
    # Asked once, for the headers; never for the answer.
    assert quick.application.asked == ["limit=1"]
    ask(quick, f"/api/v1/codes/?{query}")
    assert len(quick.application.asked) == 1


def test_the_next_page_is_djangos_and_begins_after_it(quick: QuickCodes) -> None:
    status, headers, body = ask(quick, "/api/v1/codes/?q=wheel&limit=2&status=all")
    following = headers["Link"].partition(">")[0].lstrip("<")
    assert f'"next":"{following}"'.encode() in body
    page = ask(quick, following.partition("testserver")[2])
    assert (status, page[0]) == ("200 OK", "200 OK")
    assert [code in page[2] for code in (b'"E1001"', b'"E1002"', b'"E1003"', b'"E1004"')] == [False, True, True, False]


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/api/v1/codes/?group=A", "200 OK"),
        ("/api/v1/codes/?q=x&q=y", "400 Bad Request"),
        ("/api/v1/codes/?nonsense=1", "400 Bad Request"),
        ("/api/v1/codes/?limit=1001", "400 Bad Request"),
        ("/api/v1/codes/?on=2025-02-30", "400 Bad Request"),
        ("/api/v1/codes/?status=x", "400 Bad Request"),
        (f"/api/v1/codes/?q={quote(chr(0))}", "400 Bad Request"),
        ("/api/v1/codes/?cursor=x", "400 Bad Request"),
        ("/api/v1/codes/A0001/", "200 OK"),
        ("/api/v1/modifiers/", "200 OK"),
    ],
)
def test_everything_else_is_left_to_django(quick: QuickCodes, address: str, status: str) -> None:
    assert ask(quick, address) == ask(quick.application, address)
    assert ask(quick, address)[0] == status


def test_other_methods_are_left_to_django(quick: QuickCodes) -> None:
    for method in ("HEAD", "OPTIONS", "POST"):
        assert ask(quick, "/api/v1/codes/", method) == ask(quick.application, "/api/v1/codes/", method)


def test_a_host_that_is_not_ours_is_left_to_django(quick: QuickCodes, settings: Any) -> None:
    settings.ALLOWED_HOSTS = ["testserver", "register.example"]
    assert ask(quick, "/api/v1/codes/?limit=2", host="evil.example")[0] == "400 Bad Request"
    answer = ask(quick, "/api/v1/codes/?limit=2", host="register.example")
    assert answer == ask(quick.application, "/api/v1/codes/?limit=2", host="register.example")
    assert b"http://register.example/codes/" in answer[2]
    assert b"http://testserver/codes/" in ask(quick, "/api/v1/codes/?limit=2")[2]


def test_django_answers_while_the_catalogue_is_read_and_of_another_one(tmp_path: Path, catalogue: None) -> None:
    go_on, has_read = threading.Event(), threading.Event()
    made = codes_at_once()

    def read() -> Any:
        go_on.wait(10)
        has_read.set()
        return made

    quick = QuickCodes(Django(), read=read)
    ask(quick, "/api/v1/codes/?q=garment")
    ask(quick, "/api/v1/codes/?q=garment")
    assert quick.application.asked == ["q=garment", "q=garment"]
    go_on.set()
    has_read.wait(10)
    quick.reading.acquire(timeout=10)
    quick.reading.release()
    ask(quick, "/api/v1/codes/?q=garment")
    assert quick.application.asked[2:] == ["limit=1"]
    load_releases(tmp_path, OCTOBER_2025)  # the same again: nothing changes
    ask(quick, "/api/v1/codes/?q=garment")
    assert len(quick.application.asked) == 3
    lines = [first_line("A0002", "Garment of another catalogue, each")]
    import_release(path=release_file(tmp_path, lines, name="HCPC2026_JAN_ANWEB.txt"), is_complete=False)
    assert b"of another catalogue" in ask(quick, "/api/v1/codes/?q=garment")[2]
    assert quick.application.asked[3:] == ["q=garment"]


def test_without_a_database_django_says_so(quick: QuickCodes, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*given: Any, **named: Any) -> Any:
        raise OperationalError

    assert quick.codes is not None
    ask(quick, "/api/v1/codes/?limit=1")
    quick.application.asked.clear()
    monkeypatch.setattr(quick.codes, "answer", fail)
    ask(quick, "/api/v1/codes/?q=never-asked")
    assert quick.application.asked == ["q=never-asked"]
