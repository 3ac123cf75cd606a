"""The scanner and the store of files, as the environment names them; what cannot be right refuses to start."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from config.services_from_environment import files_from_environment, scanner_from_environment

FOLDER = Path("/srv/files")
BUCKET = {"FILES": "s3", "FILES_S3_BUCKET": "register-files"}


@pytest.fixture(autouse=True)
def _nothing_set(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in list(os.environ):
        if name.startswith("FILES") or name == "CLAMAV":
            monkeypatch.delenv(name)


def setting(monkeypatch: pytest.MonkeyPatch, said: dict[str, str]) -> None:
    for name, value in said.items():
        monkeypatch.setenv(name, value)


@pytest.mark.parametrize("address", ["", "clamav:3310", "127.0.0.1:3310", "[::1]:3310", "/run/clamav/clamd.ctl"])
def test_scanners(monkeypatch: pytest.MonkeyPatch, address: str) -> None:
    monkeypatch.setenv("CLAMAV", address)
    assert scanner_from_environment() == address


@pytest.mark.parametrize(
    "address", ["clamav", ":3310", "clamav:", "clamav:0", "clamav:65536", "::1:3310", "tcp://c:3310"]
)
def test_no_scanners(monkeypatch: pytest.MonkeyPatch, address: str) -> None:
    monkeypatch.setenv("CLAMAV", address)
    with pytest.raises(ImproperlyConfigured, match="must be host:port, such as clamav:3310"):
        scanner_from_environment()


def test_on_disk_unless_said_otherwise(monkeypatch: pytest.MonkeyPatch) -> None:
    on_disk = {"BACKEND": "config.file_storage.FilesOnDisk", "OPTIONS": {"location": FOLDER}}
    assert files_from_environment(FOLDER) == on_disk
    monkeypatch.setenv("FILES", "disk")
    assert files_from_environment(FOLDER) == on_disk


def test_in_a_bucket(monkeypatch: pytest.MonkeyPatch) -> None:
    setting(
        monkeypatch,
        {
            **BUCKET,
            "FILES_S3_ENDPOINT": "https://s3.example.gov",
            "FILES_S3_REGION": "us-east-1",
            "FILES_S3_ACCESS_KEY": "key",
            "FILES_S3_SECRET_KEY": "secret",
            "FILES_S3_PREFIX": "/pcl/files/",
            "FILES_S3_ADDRESSING": "path",
            "FILES_S3_ENCRYPTION": "AES256",
        },
    )
    assert files_from_environment(FOLDER)["OPTIONS"] == {
        "bucket_name": "register-files",
        "endpoint_url": "https://s3.example.gov",
        "region_name": "us-east-1",
        "access_key": "key",
        "secret_key": "secret",
        "location": "pcl/files",
        "addressing_style": "path",
        "object_parameters": {"ServerSideEncryption": "AES256"},
    }


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ({"FILES": "ftp"}, "FILES is 'ftp'. It must be disk or s3."),
        ({"FILES": "s3"}, "FILES_S3_BUCKET is ''."),
        ({"FILES_S3_BUCKET": "register-files"}, "FILES_S3_BUCKET is set, but FILES is not s3."),
        ({**BUCKET, "FILES_S3_BUCKET": "Register_Files"}, "FILES_S3_BUCKET is 'Register_Files'."),
        ({**BUCKET, "FILES_S3_ENDPOINT": "s3.example.gov"}, "FILES_S3_ENDPOINT is 's3.example.gov'."),
        ({**BUCKET, "FILES_S3_ACCESS_KEY": "key"}, "Set both FILES_S3_ACCESS_KEY and FILES_S3_SECRET_KEY"),
        ({**BUCKET, "FILES_S3_PREFIX": "a//b"}, "FILES_S3_PREFIX is 'a//b'."),
        ({**BUCKET, "FILES_S3_PREFIX": "../b c"}, "FILES_S3_PREFIX is '../b c'."),
        ({**BUCKET, "FILES_S3_ADDRESSING": "dns"}, "FILES_S3_ADDRESSING is 'dns'."),
        ({**BUCKET, "FILES_S3_ENCRYPTION": "rot13"}, "FILES_S3_ENCRYPTION is 'rot13'."),
    ],
)
def test_what_cannot_be_right(monkeypatch: pytest.MonkeyPatch, said: dict[str, str], why: str) -> None:
    setting(monkeypatch, said)
    with pytest.raises(ImproperlyConfigured) as refused:
        files_from_environment(FOLDER)
    assert str(refused.value).startswith(why)


def test_the_register_does_not_start_with_it() -> None:
    settings = {**os.environ, "DJANGO_SETTINGS_MODULE": "config.settings.test", "FILES": "s3", "FILES_S3_BUCKET": "No"}
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "manage.py", "check"],
        env=settings,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode != 0
    assert "FILES_S3_BUCKET is 'No'. The name of a bucket has 3 to 63 small letters" in done.stderr
