"""Files in a private bucket of an S3-compatible server: everything works as with files on disk."""

import urllib.error
import urllib.request
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command

from config.file_storage import NoAddress, StorageAway
from tests.applicant.pages import address, signed_in, words
from tests.clamd import free_port, loopback_clamd
from tests.factories.verification import (
    attached,
    determined,
    draft,
    manufacturer,
    pdf_bytes,
    pdf_file,
    reviewer,
    submitted,
)
from tests.jobs import run_jobs
from tests.s3_server import client_of, s3_server, storage_of
from verification.models import Document, Letter

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    with s3_server() as address:
        yield address


@pytest.fixture(autouse=True)
def bucket(server: str, settings: Any) -> str:
    name = f"files-{uuid4().hex}"
    client_of(server).create_bucket(Bucket=name)
    settings.STORAGES = {**settings.STORAGES, "default": storage_of(server, name)}
    return name


def keys(server: str, bucket: str) -> list[str]:
    return sorted(each["Key"] for each in client_of(server).list_objects_v2(Bucket=bucket).get("Contents", []))


def test_a_document_goes_in_and_comes_out(server: str, bucket: str) -> None:
    application = submitted()
    document = application.documents.all()[0]

    assert keys(server, bucket) == sorted(f"register/files/{each.file.name}" for each in application.documents.all())
    for client, door in ((signed_in(application.created_by), "apply"), (signed_in(reviewer()), "review")):
        for part in ("", "frame/"):
            response = client.get(f"/{door}/{application.pk}/documents/{document.pk}/{part}")
            content = b"".join(response)
            assert (response.status_code, response["Content-Type"]) == (200, "application/pdf")
            assert content.startswith(b"%PDF-")
            assert int(response["Content-Length"]) == len(content) == document.size


def test_it_is_encrypted_there_and_nobody_else_reads_it(server: str, bucket: str) -> None:
    document = attached(draft())
    key = f"register/files/{document.file.name}"

    assert client_of(server).head_object(Bucket=bucket, Key=key)["ServerSideEncryption"] == "AES256"
    with pytest.raises(urllib.error.HTTPError, match="403"):
        urllib.request.urlopen(f"{server}/{bucket}/{key}")  # noqa: S310  # ours
    with pytest.raises(NoAddress):
        default_storage.url(str(document.file))


def test_a_file_of_several_parts(server: str, bucket: str) -> None:
    """More than is sent or kept in memory at once."""
    application = draft()
    document = attached(application, text="x" * 9 * 1024 * 1024)

    response = signed_in(application.created_by).get(address("document", application, document.pk))

    assert b"".join(response) == pdf_bytes("x" * 9 * 1024 * 1024)


@pytest.mark.django_db(transaction=True)
def test_letters_and_scans(settings: Any, server: str, bucket: str) -> None:
    with loopback_clamd() as scanner:
        settings.CLAMAV = scanner.address
        application = determined()
        run_jobs()
        assert len(scanner.streams) == 3
    assert set(application.documents.values_list("scan_state", flat=True)) == {"clean"}
    letter = Letter.objects.get()
    assert f"register/files/letters/{letter.pk}.pdf" in keys(server, bucket)
    response = signed_in(application.created_by).get(address("letter", application))
    assert b"".join(response).startswith(b"%PDF-")


def test_a_server_that_is_away_takes_nothing_and_loses_nothing(settings: Any) -> None:
    application = draft(manufacturer())
    document = attached(application, name="before.pdf")
    away = storage_of(f"http://127.0.0.1:{free_port()}", "files-away")
    settings.STORAGES = {**settings.STORAGES, "default": away}
    client = signed_in(application.created_by)

    response = client.post(address("section", application, "documents"), {"other": [pdf_file("late.pdf", "Late.")]})

    assert response.status_code == 422
    assert "late.pdf could not be stored" in words(response)
    assert list(application.documents.values_list("name", flat=True)) == ["before.pdf"]
    response = client.get(address("document", application, document.pk))
    assert (response.status_code, response["Retry-After"]) == (503, "120")
    assert "This file cannot be read at the moment." in response.content.decode()
    with pytest.raises(CommandError, match="Files cannot be kept"):
        call_command("check_files")


def test_a_bucket_that_is_not_there_says_so(settings: Any, server: str) -> None:
    settings.STORAGES = {**settings.STORAGES, "default": storage_of(server, "files-nowhere")}
    with pytest.raises(StorageAway, match="NoSuchBucket"):
        default_storage.save("one", ContentFile(b"1"))


def test_a_file_that_is_gone(server: str, bucket: str) -> None:
    application = draft(manufacturer())
    document = attached(application)
    default_storage.delete(str(document.file))

    response = signed_in(application.created_by).get(address("document", application, document.pk))

    assert (response.status_code, "missing from the store of files" in response.content.decode()) == (503, True)


def test_the_command_tells_a_public_bucket(server: str, bucket: str, capsys: Any) -> None:
    call_command("check_files", "--documents")
    assert (
        capsys.readouterr().out
        == f"Files are kept in bucket {bucket} at {server}.\n0 documents are as they were attached.\n"
    )
    policy = (
        '{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject",'
        f' "Resource": "arn:aws:s3:::{bucket}/*"}}]}}'
    )
    client_of(server).put_bucket_policy(Bucket=bucket, Policy=policy)
    with pytest.raises(CommandError, match="Anybody can read"):
        call_command("check_files")


def test_the_same_name_twice_overwrites_nothing() -> None:
    names = [default_storage.save("one", ContentFile(content)) for content in (b"1", b"2")]

    assert names[0] == "one"
    assert names[1] != "one"
    with default_storage.open("one") as file:
        assert file.read() == b"1"
    assert Document.objects.count() == 0
