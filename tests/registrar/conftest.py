"""The registrar's console, with files as a registrar would upload them."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from accounts.models import Role, User
from hcpcs.models import ReleaseImport
from hcpcs.services.import_release import import_release
from hcpcs.services.release_imports import ask_for_import
from hcpcs.services.run_release_import import make_preview
from tests.factories.accounts import contractor_person
from tests.hcpcs.files import first_line, release_file

JANUARY = [first_line("E0001"), first_line("E0002"), first_line("A1")]
APRIL = [
    first_line("A1"),
    first_line("E0001", "A better thing, each", coverage="M"),
    first_line("E0002", terminated="20240331"),
    first_line("E0003", "A new thing, each", added="20240401"),
]


def content(lines: list[str]) -> bytes:
    return "".join(f"{line}\r\n" for line in lines).encode("cp1252")


def upload(lines: list[str] | bytes, name: str = "HCPC2024_APR_ANWEB.txt") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, lines if isinstance(lines, bytes) else content(lines))


@pytest.fixture
def reese(db: None) -> User:
    return contractor_person(Role.REGISTRAR, name="Reese Registrar")


@pytest.fixture
def as_reese(reese: User) -> Client:
    client = Client()
    client.force_login(reese)
    return client


@pytest.fixture
def january(db: None, tmp_path: Path) -> None:
    """The release before the one that a test is about."""
    import_release(path=release_file(tmp_path, JANUARY, name="HCPC2024_JAN_ANWEB.txt"))


@pytest.fixture
def previewed(reese: User) -> Callable[..., ReleaseImport]:
    """An import whose preview has been made."""

    def make(lines: list[str] | bytes = APRIL, name: str = "HCPC2024_APR_ANWEB.txt", **given: Any) -> ReleaseImport:
        asked = ask_for_import(by=given.pop("by", reese), upload=upload(lines, name), **given)
        make_preview(import_id=asked.pk)
        asked.refresh_from_db()
        return asked

    return make
