import socket
import ssl
import time
from collections.abc import Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from hcpcs.models import Release
from hcpcs.parsing.record import ReleaseFileError
from hcpcs.sources import download as module
from hcpcs.sources.download import Limits, download
from tests.hcpcs.files import first_line
from tests.hcpcs.release_server import ReleaseServer, redirects, sends, serving
from tests.hcpcs.test_archives import archive

TEXT = f"{first_line('E0001')}\r\n".encode()


@pytest.fixture
def server(tmp_path: Path) -> Iterator[ReleaseServer]:
    with serving(tmp_path) as running:
        yield running


def fetched(server: ReleaseServer, path: str, limits: Limits | None = None) -> tuple[str, bytes]:
    had = download(server.url(path), limits=limits or server.limits())
    with had.file as file:
        return had.name, file.read()


def refuse(server: ReleaseServer, path: str, because: str, limits: Limits | None = None) -> None:
    with pytest.raises(ReleaseFileError, match=because):
        fetched(server, path, limits)


def test_a_file_is_fetched_under_its_name(server: ReleaseServer) -> None:
    server.pages["/files/zip/HCPC2025%20OCT.txt?v=2"] = sends(TEXT)
    assert fetched(server, "/files/zip/HCPC2025%20OCT.txt?v=2") == ("HCPC2025 OCT.txt", TEXT)
    assert server.asked == [(server.host, "/files/zip/HCPC2025%20OCT.txt?v=2")]


def test_the_servers_own_name_for_it_counts_and_is_never_a_path(server: ReleaseServer) -> None:
    server.pages["/d"] = sends(TEXT, Content_Disposition='attachment; filename="..\\..\\etc/HCPC2025_OCT_ANWEB.txt"')
    assert fetched(server, "/d")[0] == "HCPC2025_OCT_ANWEB.txt"


def test_progress_is_told_in_bytes(server: ReleaseServer) -> None:
    server.pages["/a"] = sends(b"x" * 200_000)
    told: list[tuple[int, int]] = []
    with download(server.url("/a"), limits=server.limits(), progress=lambda *now: told.append(now)).file:
        pass
    assert told[-1] == (200_000, 200_000)


def test_redirects_are_followed(server: ReleaseServer) -> None:
    server.pages |= {"/1": redirects("/2"), "/2": redirects(server.url("/3"), 308), "/3": sends(TEXT)}
    assert fetched(server, "/1") == ("3", TEXT)


def test_redirects_in_a_circle_come_to_an_end(server: ReleaseServer) -> None:
    server.pages["/round"] = redirects("/round")
    refuse(server, "/round", "redirects more than 5 times")
    assert len(server.asked) == 6


@pytest.mark.parametrize(
    ("inward", "because"),
    [
        ("https://127.0.0.1/", r"127\.0\.0\.1 is not a public address"),
        ("https://localhost/", "localhost leads to"),
        ("https://169.254.169.254/latest/meta-data/", r"169\.254\.169\.254 is not a public address"),
        ("https://10.1.2.3/", "not a public address"),
        ("https://[::1]/", "not a public address"),
        ("https://[::ffff:127.0.0.1]/", "not a public address"),
        ("https://0x7f.1/", "not a public address"),
        ("https://2130706433/", "not a public address"),
        ("https://127.0.0.1:5432/", "only the usual port"),
        ("http://www.cms.gov/file.zip", "only https"),
        ("file:///etc/passwd", "no https address"),
        ("gopher://10.0.0.1/", "no https address"),
        ("https://user:secret@www.cms.gov/", "name or password"),
        ("//169.254.169.254/", "not a public address"),
    ],
)
def test_a_redirect_inward_is_refused_and_named(server: ReleaseServer, inward: str, because: str) -> None:
    server.pages["/out"] = redirects(inward)
    refuse(server, "/out", rf"/out redirects where it must not\. .*{because}")


@pytest.mark.parametrize(
    ("address", "because"),
    [
        ("https://127.0.0.1/x", "not a public address"),
        ("https://localhost/x", "not a public address"),
        ("http://www.cms.gov/x.zip", "only https"),
        ("https://no-such-host.invalid/", "not known"),
        ("https://[::1/", "Invalid IPv6"),
        ("https://www.cms.gov:99999/", "Port out of range"),
        ("https://www.cms.gov/a\r\nX-Injected: 1", "characters that an address must not have|no https"),
    ],
)
def test_an_address_inward_is_refused(address: str, because: str) -> None:
    with pytest.raises(ReleaseFileError, match=because):
        download(address, limits=Limits(most_bytes=1000))


def test_the_address_that_was_looked_at_is_the_one_that_is_reached(
    server: ReleaseServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A name that leads outward when it is checked and inward when it is used: it is looked up once."""
    answers = [["93.184.215.14"], ["127.0.0.1"]]
    looked_up, reached = [], []

    def look_up(host: str, port: int, **rest: object) -> list[tuple[object, ...]]:
        looked_up.append(host)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (ip, port)) for ip in answers[len(looked_up) - 1]]

    def connect(address: tuple[str, int], *rest: object) -> socket.socket:
        reached.append(address)
        raise ConnectionRefusedError(111, "Connection refused")

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    monkeypatch.setattr(socket, "create_connection", connect)
    with pytest.raises(ReleaseFileError, match="Connection refused"):
        download("https://rebinding.example/x.zip", limits=Limits(most_bytes=1000))
    assert (looked_up, reached) == (["rebinding.example"], [("93.184.215.14", 443)])


def test_one_inward_address_among_public_ones_refuses_the_host(monkeypatch: pytest.MonkeyPatch) -> None:
    found = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (ip, 443)) for ip in ("93.184.215.14", "10.0.0.1")]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: found)
    with pytest.raises(ReleaseFileError, match=r"two\.example leads to 10\.0\.0\.1"):
        download("https://two.example/", limits=Limits(most_bytes=1000))


def test_a_never_ending_file_stops_at_the_cap(server: ReleaseServer) -> None:
    def endless(request: BaseHTTPRequestHandler) -> None:
        request.send_response(200)
        request.send_header("Transfer-Encoding", "chunked")
        request.end_headers()
        while True:
            request.wfile.write(b"10000\r\n" + b"x" * 0x10000 + b"\r\n")

    server.pages["/endless"] = endless
    refuse(server, "/endless", "sends more than 1 MB")


def test_a_length_over_the_cap_is_refused_before_a_byte_is_read(server: ReleaseServer) -> None:
    server.pages["/large"] = sends(b"", Content_Length="2000000")
    refuse(server, "/large", "sends more than 1 MB")


def drips(head: bytes, byte: bytes) -> object:
    def answer(request: BaseHTTPRequestHandler) -> None:
        request.wfile.write(head)
        while True:
            request.wfile.write(byte)
            time.sleep(0.05)

    return answer


@pytest.mark.parametrize(
    ("head", "byte"),
    [(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n", b"x"), (b"HTTP/1.1 200 OK\r\nX-Slow: ", b"x"), (b"", b"H")],
    ids=["body", "headers", "status line"],
)
def test_a_byte_now_and_then_does_not_outlast_the_time(server: ReleaseServer, head: bytes, byte: bytes) -> None:
    server.pages["/slow"] = drips(head, byte)  # type: ignore[assignment]
    started = time.monotonic()
    refuse(server, "/slow", "whole file after 1 seconds", server.limits(longest=1.0))
    # Whole, it would take more than an hour.
    assert time.monotonic() - started < 30


def test_a_server_that_never_answers_is_left_in_time(server: ReleaseServer) -> None:
    server.pages["/silent"] = lambda _: time.sleep(5)
    refuse(server, "/silent", "whole file after 1 seconds", server.limits(longest=1.0))


def test_redirects_do_not_begin_the_time_anew(server: ReleaseServer) -> None:
    def slow(request: BaseHTTPRequestHandler) -> None:
        time.sleep(0.4)
        redirects("/again")(request)

    server.pages["/again"] = slow
    refuse(server, "/again", "whole file after 1 seconds", server.limits(longest=1.0))


def test_a_file_that_breaks_off_is_refused(server: ReleaseServer) -> None:
    server.pages["/half"] = sends(TEXT, Content_Length=str(len(TEXT) + 100))
    refuse(server, "/half", f"only {len(TEXT)} of {len(TEXT) + 100} bytes came")


@pytest.mark.parametrize(
    ("answer", "because"),
    [
        (sends(b"<html>", Content_Type="text/html; charset=utf-8"), "is a web page"),
        (sends(b"", status=404), "answers 404"),
        (sends(b"", status=500), "answers 500"),
        (sends(b"x", Content_Encoding="gzip"), "compresses it"),
        (sends(b"", status=302), "without an address"),
    ],
)
def test_what_is_no_file_is_refused(server: ReleaseServer, answer: object, because: str) -> None:
    server.pages["/x"] = answer  # type: ignore[assignment]
    refuse(server, "/x", because)


def test_a_certificate_that_nobody_vouches_for_is_refused(server: ReleaseServer) -> None:
    server.pages["/x"] = sends(TEXT)
    refuse(server, "/x", "certificate is not trusted", replace(server.limits(), tls=None))
    assert server.asked == []


def test_a_certificate_of_another_name_is_refused(server: ReleaseServer) -> None:
    server.pages["/x"] = sends(TEXT)
    here = f"127.0.0.1:{server.port}"
    with pytest.raises(ReleaseFileError, match="certificate is not trusted"):
        download(f"https://{here}/x", limits=replace(server.limits(), internal_hosts=[here]))


def test_plain_http_is_asked_only_of_an_internal_host(tmp_path: Path) -> None:
    with serving(tmp_path, tls=False) as plain:
        plain.pages["/x.txt"] = sends(TEXT)
        assert fetched(plain, "/x.txt") == ("x.txt", TEXT)
        refuse(plain, "/x.txt", "only https", replace(plain.limits(), internal_hosts=[]))


@pytest.mark.django_db
def test_the_command_loads_from_an_address(tmp_path: Path, settings: object, monkeypatch: pytest.MonkeyPatch) -> None:
    with serving(tmp_path, tls=False) as mirror:
        settings.RELEASE_INTERNAL_HOSTS = [mirror.host]  # type: ignore[attr-defined]
        mirror.pages["/october.zip"] = sends(archive(HCPC2025_OCT_ANWEB_v3__txt=TEXT))
        output = StringIO()
        call_command("import_hcpcs", mirror.url("/october.zip"), stdout=output)
    release = Release.objects.get()
    assert "HCPC2025_OCT_ANWEB_v3.txt: HCPCS Level II October 2025, revision 3" in output.getvalue()
    assert (release.source, release.file_name) == (mirror.url("/october.zip"), "HCPC2025_OCT_ANWEB_v3.txt")


@pytest.mark.django_db
def test_the_command_refuses_an_address_inward(tmp_path: Path) -> None:
    with serving(tmp_path, tls=False) as inside:
        inside.pages["/october.zip"] = sends(archive(HCPC2025_OCT_ANWEB_v3__txt=TEXT))
        with pytest.raises(CommandError, match="only https is fetched"):
            call_command("import_hcpcs", inside.url("/october.zip"))
        assert inside.asked == []
    assert not Release.objects.exists()


def test_the_machines_own_trust_is_used_by_default(monkeypatch: pytest.MonkeyPatch) -> None:
    context = ssl.create_default_context()
    assert (context.verify_mode, context.check_hostname) == (ssl.CERT_REQUIRED, True)
    assert Limits(most_bytes=1).tls is None
    assert module.LONGEST_DOWNLOAD == 300
