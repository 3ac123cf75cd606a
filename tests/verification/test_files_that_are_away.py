"""A document or a letter that cannot be had now: what is said, to whom, and who gets to know."""

from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from django.test import Client

from accounts.models import Role
from tests.applicant.pages import address, signed_in, words
from tests.clamd import free_port
from tests.factories.accounts import contractor_person
from tests.factories.verification import determined, reviewer
from tests.s3_server import storage_of
from verification.letters.jobs import write_letter
from verification.models import Application, Letter, MissingFile

pytestmark = pytest.mark.django_db
HEALTH = "/review/files/"


@pytest.fixture
def application() -> Application:
    found = determined()
    write_letter(letter_id=Letter.objects.get().pk)
    return found


@pytest.fixture(params=["apply", "review"])
def client(request: Any, application: Application) -> tuple[Client, list[str]]:
    """Somebody at one of the doors, and the addresses of each file there."""
    letter, document = Letter.objects.get(), application.documents.all()[0]
    at = f"/{request.param}/{application.pk}"
    files = [f"{at}/letter/", f"{at}/letters/{letter.pk}/"]
    files += [f"{at}/documents/{document.pk}/", f"{at}/documents/{document.pk}/frame/"]
    return signed_in(application.created_by if request.param == "apply" else reviewer()), files


def status(by: Client, file: str) -> int:
    response = by.get(file)
    assert b"".join(response).startswith(b"%PDF-")
    return response.status_code


def test_a_store_that_is_away(client: tuple[Client, list[str]], settings: Any) -> None:
    by, files = client
    assert [status(by, file) for file in files] == [200] * 4
    away = storage_of(f"http://127.0.0.1:{free_port()}", "files-away")
    settings.STORAGES = {**settings.STORAGES, "default": away}

    for file in files:
        response = by.get(file)

        assert (response.status_code, response["Retry-After"]) == (503, "120")
        assert "Nothing is lost. Try again in a few minutes." in response.content.decode()
        assert response["Cache-Control"] == "private, no-store"
    assert not MissingFile.objects.exists()


def test_a_file_that_is_missing_is_named_to_those_who_look_after_the_register(
    client: tuple[Client, list[str]], application: Application, caplog: pytest.LogCaptureFixture
) -> None:
    by, files = client
    letter, document = Letter.objects.get(), application.documents.all()[0]
    after = signed_in(contractor_person(Role.ADMINISTRATOR))
    assert "Missing files" not in words(after.get(HEALTH))
    copies = {str(each.file): Path(each.file.path).read_bytes() for each in (letter, document)}
    for name in copies:
        default_storage.delete(name)

    for file in [*files, *files]:
        response = by.get(file)

        assert (response.status_code, response["Retry-After"]) == (503, "3600")
        assert "missing from the store of files. Nothing that you entered is lost" in response.content.decode()
    assert f"The file of letter {letter.pk} is not in the storage." in caplog.text
    said = words(after.get(HEALTH))
    assert "2 files could not be found" in said
    assert f"Letter {letter.pk}: letters/{letter.pk}.pdf" in said
    assert f"Document {document.pk}: {document.file}" in said
    assert document.name not in said
    assert after.get("/readyz").content == b"ready\nscanner: not set up\nfiles: 2 missing\n"

    Path(letter.file.path).write_bytes(copies[str(letter.file)])
    after.post(HEALTH, {"try": "1"})

    assert list(MissingFile.objects.values_list("what", flat=True)) == [f"document {document.pk}"]
    assert status(by, files[0]) == 200


def test_the_command_notes_what_it_misses(application: Application) -> None:
    document = application.documents.all()[0]
    default_storage.delete(str(document.file))

    with pytest.raises(CommandError, match="documents are not as they were attached"):
        call_command("check_files", "--documents")

    assert [(each.what, each.name) for each in MissingFile.objects.all()] == [
        (f"document {document.pk}", str(document.file))
    ]


def test_a_letter_that_was_changed_in_the_store_is_not_given_out(application: Application) -> None:
    letter = Letter.objects.get()
    Path(letter.file.path).write_bytes(b"%PDF-1.7 another")

    response = signed_in(application.created_by).get(address("letter", application))

    assert (response.status_code, "Retry-After" in response) == (409, False)
    assert "is not the one that was kept first" in words(response)
