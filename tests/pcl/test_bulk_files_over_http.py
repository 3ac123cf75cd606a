"""Bulk files as HTTP has them: whole, in parts, not again; and under a name that leads to the newest."""

import hashlib
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.utils.http import http_date

from pcl.models import ExportFile
from pcl.services.export_files import make_files
from tests.factories.register import publish

pytestmark = pytest.mark.django_db(transaction=True)
HEADERS_OF_THE_FILE = ("ETag", "Last-Modified", "Cache-Control")


@pytest.fixture
def file() -> ExportFile:
    publish("ReWalk")
    with time_machine.travel("2026-06-15T16:00:00Z", tick=False):
        make_files()
    return ExportFile.objects.get(noun="listings", format="csv")


def asked(client: Client, file: ExportFile, **headers: str) -> Any:
    """The answer, read to its end and closed."""
    response: Any = client.get(file.get_absolute_url(), headers=headers)
    try:
        response.body = b"".join(response)
    finally:
        response.close()
    return response


def body(response: Any) -> bytes:
    return bytes(response.body)


def test_a_whole_file_says_all_that_can_be_said_of_it(client: Client, file: ExportFile) -> None:
    response = asked(client, file)

    assert (response.status_code, body(response)) == (200, file.path.read_bytes())
    assert file.name == "listings-2026-06-15T160000Z.csv"
    assert {name: response[name] for name in response.headers if name in {*HEADERS_OF_THE_FILE, "Content-Type"}} == {
        "ETag": f'"{hashlib.sha256(file.path.read_bytes()).hexdigest()}"',
        "Last-Modified": "Mon, 15 Jun 2026 16:00:00 GMT",
        "Cache-Control": "public, max-age=31536000, immutable",
        "Content-Type": "text/csv; charset=utf-8; header=present",
    }
    assert response["Content-Length"] == str(file.bytes)
    assert response["Content-Disposition"] == f'attachment; filename="{file.name}"'
    assert (response["Accept-Ranges"], response["Access-Control-Allow-Origin"]) == ("bytes", "*")
    assert response["Repr-Digest"].startswith("sha-256=:")
    assert not response.cookies


def test_head_says_the_same_without_the_file(client: Client, file: ExportFile) -> None:
    response = client.head(file.get_absolute_url(), headers={"Range": "bytes=0-4"})

    assert (response.status_code, response.content, response["Content-Length"]) == (200, b"", str(file.bytes))
    assert response["ETag"] == f'"{file.sha256}"'
    assert "Content-Range" not in response


@pytest.mark.parametrize(
    ("said", "first", "last"),
    [
        ("bytes=0-0", 0, 0),
        ("bytes=2-5", 2, 5),
        ("Bytes = 2-5", 2, 5),
        ("bytes=10-", 10, None),
        ("bytes=-7", -7, None),
        ("bytes=-999999", 0, None),
        ("bytes=3-999999", 3, None),
    ],
)
def test_a_part(client: Client, file: ExportFile, said: str, first: int, last: int | None) -> None:
    content = file.path.read_bytes()
    first = first if first >= 0 else len(content) + first
    last = len(content) - 1 if last is None else last

    response = asked(client, file, Range=said)

    assert response.status_code == 206
    assert body(response) == content[first : last + 1]
    assert response["Content-Range"] == f"bytes {first}-{last}/{len(content)}"
    assert response["Content-Length"] == str(last - first + 1)
    assert response["ETag"] == f'"{file.sha256}"'


@pytest.mark.parametrize("said", ["bytes=999999-", "bytes=999999-1000000", "bytes=-0"])
def test_a_part_that_is_not_there(client: Client, file: ExportFile, said: str) -> None:
    response = asked(client, file, Range=said)

    assert (response.status_code, response["Content-Range"]) == (416, f"bytes */{file.bytes}")
    assert "Cache-Control" not in response
    assert f"The file has {file.bytes} bytes".encode() in response.content


def test_behind_the_last_byte_there_is_nothing(client: Client, file: ExportFile) -> None:
    assert asked(client, file, Range=f"bytes={file.bytes}-").status_code == 416
    assert body(asked(client, file, Range=f"bytes={file.bytes - 1}-")) == b"\n"


@pytest.mark.parametrize(
    "said",
    [
        *("bytes=5-2", "bytes=-", "bytes=a-b", "bytes=1", "lines=1-2", "bytes", "bytes=1-2,4-5", "bytes=--5", "", "="),
        "bytes=" + "9" * 5000 + "-",
    ],
)
def test_what_is_no_range_or_several_is_answered_with_the_whole(client: Client, file: ExportFile, said: str) -> None:
    response = asked(client, file, Range=said)

    assert (response.status_code, body(response)) == (200, file.path.read_bytes())


def test_what_is_there_already_is_not_sent_again(client: Client, file: ExportFile) -> None:
    for headers in (
        {"If-None-Match": f'"{file.sha256}"'},
        {"If-None-Match": f'"other", W/"{file.sha256}"'},
        {"If-None-Match": "*"},
        {"If-Modified-Since": "Mon, 15 Jun 2026 16:00:00 GMT"},
        {"If-None-Match": f'"{file.sha256}"', "Range": "bytes=0-1"},
    ):
        response = asked(client, file, **headers)
        assert (response.status_code, response.body) == (304, b""), headers
        assert response["ETag"] == f'"{file.sha256}"'
    for headers in (
        {"If-None-Match": '"other"'},
        {"If-Modified-Since": "Mon, 15 Jun 2026 15:59:59 GMT"},
        {"If-None-Match": '"other"', "If-Modified-Since": "Mon, 15 Jun 2026 16:00:00 GMT"},
        {"If-Modified-Since": "never"},
    ):
        assert asked(client, file, **headers).status_code == 200, headers


def test_a_download_is_resumed_only_of_the_same_file(client: Client, file: ExportFile) -> None:
    same, other = f'"{file.sha256}"', '"other"'
    when = file.export_set.generated_at
    for condition, status in (
        (same, 206),
        (other, 200),
        (f"W/{same}", 200),
        (http_date(when.timestamp()), 206),
        (http_date((when + timedelta(seconds=1)).timestamp()), 200),
        ("nonsense", 200),
    ):
        response = asked(client, file, **{"Range": "bytes=5-", "If-Range": condition})
        assert response.status_code == status, condition
    assert asked(client, file, **{"If-Match": same, "Range": "bytes=5-"}).status_code == 206
    assert asked(client, file, **{"If-Match": other, "Range": "bytes=5-"}).status_code == 412


def test_a_name_without_a_date_leads_to_the_newest(client: Client, file: ExportFile) -> None:
    response = client.get("/data/files/listings.csv")

    assert (response.status_code, response["Location"]) == (302, file.get_absolute_url())
    assert response["Cache-Control"] == "no-cache"
    publish("Indego")
    with time_machine.travel("2026-06-15T17:00:00Z", tick=False):
        make_files()
    newer = ExportFile.objects.get(noun="listings", format="csv", rows=2)
    assert client.get("/data/files/listings.csv")["Location"] == newer.get_absolute_url() != response["Location"]
    assert body(asked(client, newer)).count(b"\n") == 3
    assert body(asked(client, file)).count(b"\n") == 2


@pytest.mark.parametrize(
    "name",
    [
        "listings-2026-06-15T160001Z.csv",
        "people.csv",
        "listings.pdf",
        "..%2Fsecret_key",
        "%2Fetc%2Fpasswd",
        "a%00b.csv",
    ],
)
def test_what_there_is_not(client: Client, file: ExportFile, name: str) -> None:
    assert client.get(f"/data/files/{name}").status_code == 404


def test_a_file_that_is_lost_is_no_fault_of_the_server(client: Client, file: ExportFile) -> None:
    file.path.unlink()

    assert client.get(file.get_absolute_url()).status_code == 404
    assert client.head(file.get_absolute_url()).status_code == 404


def test_only_reading_is_possible(client: Client, file: ExportFile) -> None:
    assert client.post(file.get_absolute_url()).status_code == 405


def test_a_part_of_a_file_that_became_shorter_breaks_off(client: Client, file: ExportFile) -> None:
    with file.path.open("r+b") as written:
        written.truncate(10)

    with pytest.raises(OSError, match="is shorter than it was"):
        body(asked(client, file, Range="bytes=0-"))


def test_the_digests_of_all_files_in_one(client: Client, file: ExportFile) -> None:
    lines = client.get("/data/files/SHA256SUMS").content.decode().splitlines()

    assert lines == [f"{each.sha256}  {each.name}" for each in ExportFile.objects.order_by("pk")]
    assert len(lines) == 20
