"""A search for 10,000 characters is told what is too long about it, by the web server that people have."""

import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from urllib.parse import quote

import pytest
from django.conf import settings
from django.test import Client

from config.logs import LONGEST_REQUEST, cut_long_requests
from config.long_addresses import LONGEST_ADDRESS
from tests.applicant.pages import words


@pytest.mark.django_db
@pytest.mark.parametrize("character", ["é", "Ж", "🦿"])
def test_ten_thousand_characters_are_told_what_to_do(client: Client, character: str) -> None:
    response = client.get(f"/?q={quote(character) * 10_000}")
    said = words(response)
    assert response.status_code == 414
    assert "That is too long You searched for 10,000 characters; at most 400 can be looked for." in said
    assert "Search with a few words" in said


@pytest.mark.django_db
@pytest.mark.parametrize("character", ["x", "%20", "%25"])
def test_of_plain_letters_so_many_are_told_beside_the_field(client: Client, character: str) -> None:
    response = client.get(f"/?q=a{character * 9_998}a")
    assert response.status_code == 400
    assert (
        "That is too long: it has 10000 characters, and at most 400 can be looked for. Search with fewer words: a "
        "code, a manufacturer, a product or a model number."
    ) in words(response)


@pytest.mark.django_db
def test_what_is_not_the_search_says_how_long_the_address_is(client: Client) -> None:
    for address in ("/?code=" + "x" * 33_000, "/" + "y" * 33_000, "/?" + "&".join(["q=x"] * 9_000)):
        response = client.get(address)
        assert response.status_code == 414
        assert f"characters; at most {LONGEST_ADDRESS:,} are read." in words(response)


@pytest.mark.django_db
def test_what_just_fits_is_answered_by_its_page(client: Client) -> None:
    query = "q=" + "x" * (LONGEST_ADDRESS - len("/") - len("q="))
    just = client.get(f"/?{query}")
    assert (just.status_code, "at most 400 can be looked for" in words(just)) == (400, True)
    assert client.get(f"/?{query}x").status_code == 414


@pytest.mark.django_db
def test_more_parameters_than_are_read_are_a_page_too(client: Client) -> None:
    response = client.get("/?" + "&".join(["a"] * 3_000))
    assert response.status_code == 413
    assert "That was too much at once A form takes at most" in words(response)


@pytest.mark.parametrize(
    ("address", "kind"),
    [("/api/v1/listings/", "application/problem+json"), ("/fhir/Organization", "application/fhir+json")],
)
def test_programs_are_told_in_their_own_form(client: Client, address: str, kind: str) -> None:
    response = client.get(f"{address}?q={'x' * 40_000}")
    assert (response.status_code, response["Content-Type"].partition(";")[0]) == (414, kind)
    said = response.json()
    detail = said.get("detail") or said["issue"][0]["diagnostics"]
    assert "at most 32,768 are read. Ask for less at once." in detail
    if "issue" in said:
        assert said["issue"][0]["code"] == "too-long"


@pytest.fixture
def port() -> Iterator[int]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    command = [
        *(sys.executable, "-W", "ignore", "-m", "gunicorn", "config.wsgi:application", "--bind", f"127.0.0.1:{port}"),
        *("--config", "python:config.web_server", "--worker-class", "gthread", "--threads", "2", "--no-control-socket"),
    ]
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "config.settings.test"}
    server = subprocess.Popen(command, env=environment, cwd=settings.BASE_DIR, stderr=subprocess.DEVNULL)
    try:
        for _ in range(300):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.1)
        yield port
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait()


def test_the_web_server_lets_it_through_up_to_a_limit_of_its_own(port: int) -> None:
    """At an address that asks nothing of the database, which the server of this test has none of."""
    for query, is_ours in ((quote("🦿") * 10_000, True), ("x" * 140_000, False)):
        with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=60)) as asked:
            asked.request("GET", f"/api/v1/listings/?q={query}")
            answer = asked.getresponse()
            assert (answer.status, b"at most 32,768 are read" in answer.read()) == (414, is_ours)


@pytest.mark.parametrize("starter", ["Makefile", "config/launch.py"])
def test_both_ways_to_start_it_say_so(starter: str) -> None:
    told = (settings.BASE_DIR / starter).read_text()
    assert told.count("gunicorn config.wsgi:application") + told.count('"gunicorn", "config.wsgi:application"') == 1
    assert told.count("python:config.web_server") == 1


def test_the_log_is_not_filled_with_it() -> None:
    event = cut_long_requests(None, "info", {"request": "GET /?q=" + "x" * 10_000})
    assert event["request"].endswith("… (10,008 characters)")
    assert len(event["request"]) < LONGEST_REQUEST + 30
    assert cut_long_requests(None, "info", {"request": "GET /"}) == {"request": "GET /"}
