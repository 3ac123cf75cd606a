"""A disk that is full, and a store of files that is away, at every door that takes or makes files."""

from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryFile
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client, RequestFactory
from django.utils import timezone

from accounts.models import OutgoingMail, Role
from config.errors import server_error
from hcpcs.models import ReleaseImport
from pcl.models import CheckBatch, ListImport, RequirementList
from pcl.services.export_files import ExportFailed, make_files
from tests.applicant.pages import address, signed_in, words
from tests.clamd import free_port
from tests.factories.accounts import contractor_person
from tests.factories.register import publish
from tests.factories.verification import determined, draft, manufacturer, organization_of, pdf_file
from tests.full_disk import full_disk
from tests.jobs import run_jobs
from tests.s3_server import storage_of
from verification.models import Authorization, Document, Letter

pytestmark = pytest.mark.django_db
LARGE = 400_000
"""Bytes: more than fits (tests/full_disk.py)."""
SAID = "could not be stored: the register has no room for it, or cannot reach its store of files"


def large(name: str) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, b"HCPCS,LCD\n" * (LARGE // 10))


def at_list_import() -> tuple[Client, str, dict[str, Any]]:
    typed = {"upload": large("list.csv"), "source": "The old list", "reason": "Taken over."}
    return signed_in(contractor_person(Role.REGISTRAR)), "/review/lists/new/", typed


def at_release_upload() -> tuple[Client, str, dict[str, Any]]:
    typed = {"upload": large("HCPC2024_APR_ANWEB.txt"), "year": "2024", "quarter": "2"}
    return signed_in(contractor_person(Role.REGISTRAR)), "/review/releases/load/", typed


def at_requirements() -> tuple[Client, str, dict[str, Any]]:
    typed = {"upload": large("codes.csv"), "snapshot_date": "2025-05-01", "source": "The May list"}
    return signed_in(contractor_person(Role.REGISTRAR)), "/review/requirements/import/", typed


def at_batch_check() -> tuple[Client, str, dict[str, Any]]:
    return Client(), "/check/batch/", {"upload": large("lines.csv")}


def at_documents() -> tuple[Client, str, dict[str, Any]]:
    application = draft(manufacturer())
    upload = pdf_file("large.pdf", "x" * LARGE)
    return signed_in(application.created_by), address("section", application, "documents"), {"other": upload}


def at_authorization() -> tuple[Client, str, dict[str, Any]]:
    manufacturer("Stride Robotics")
    casey = manufacturer("Clearpath Consulting")
    typed = {
        "name": "Stride Robotics",
        "begins": f"{timezone.localdate()}",
        "until": "",
        "document": pdf_file("l.pdf", "x" * LARGE),
    }
    typed |= {"capacity": "representative"}
    return signed_in(casey), f"/apply/organizations/{organization_of(casey).slug}/authorizations/ask/", typed


EVERY_DOOR = [at_list_import, at_release_upload, at_requirements, at_batch_check, at_documents, at_authorization]
THAT_STORE = [at_list_import, at_release_upload, at_documents, at_authorization]


def nothing_was_begun() -> bool:
    kept = (ListImport, ReleaseImport, RequirementList, CheckBatch, Document, Authorization)
    return not any(model._default_manager.exists() for model in kept)


@pytest.mark.parametrize("door", EVERY_DOOR)
def test_a_file_that_the_temporary_folder_has_no_room_for(
    door: Callable[[], tuple[Client, str, dict[str, Any]]], settings: Any, tmp_path: Path
) -> None:
    settings.FILE_UPLOAD_TEMP_DIR = str(tmp_path)
    client, where, typed = door()

    with full_disk():
        response = client.post(where, typed)

    assert response.status_code == 422
    page = words(response)
    assert (SAID in page, "Nothing else is lost." in page, "is empty" in page) == (True, True, False)
    assert nothing_was_begun()
    # What was typed beside it stands in the form.
    for field in ("source", "reason", "name"):
        assert str(typed.get(field, "")) in response.content.decode()


@pytest.mark.parametrize("door", THAT_STORE)
def test_a_file_that_the_store_does_not_take(
    door: Callable[[], tuple[Client, str, dict[str, Any]]], settings: Any
) -> None:
    client, where, typed = door()
    away = storage_of(f"http://127.0.0.1:{free_port()}", "files-away")
    settings.STORAGES = {**settings.STORAGES, "default": away}

    response = client.post(where, typed)

    assert (response.status_code, SAID in words(response)) == (422, True)
    assert nothing_was_begun()


@pytest.mark.django_db(transaction=True)
def test_a_letter_is_written_when_there_is_room_again_and_sent_once(tmp_path: Path) -> None:
    application = determined()
    with full_disk(15_000):
        run_jobs()
    letter = Letter.objects.get()
    assert (letter.written_at, str(letter.file)) == (None, "")
    assert list((tmp_path / "files" / "letters").glob("*")) == []
    told = OutgoingMail.objects.filter(subject__startswith="A determination was made")
    assert not told.exists()

    for _ in range(2):
        _have_it_tried_now()
        run_jobs()

    letter.refresh_from_db()
    assert letter.written_at is not None
    assert told.get().delivered_at is not None
    response = signed_in(application.created_by).get(address("letter", application))
    assert b"".join(response).startswith(b"%PDF-")


def _have_it_tried_now() -> None:
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_jobs SET scheduled_at = now() WHERE status = 'todo'")


@pytest.mark.django_db(transaction=True)
def test_bulk_files_are_whole_or_those_of_before(settings: Any) -> None:
    publish("Walker")
    before = make_files()
    assert before is not None
    publish("Crane")
    folder = Path(settings.EXPORT_FOLDER)
    names = sorted(each.name for each in folder.iterdir())

    with full_disk(2_000), pytest.raises(ExportFailed, match="File too large"):
        make_files()

    assert sorted(each.name for each in folder.iterdir() if not each.name.endswith(".part")) == names
    with closing(Client().get(f"/data/files/{names[0]}")) as answer:
        assert answer.status_code == 200
    assert make_files() is not None
    assert not [each for each in folder.iterdir() if each.name.endswith(".part")]


def test_what_nobody_foresaw_is_said_to_pass(rf: RequestFactory) -> None:
    """No page is known that still fails so: the handler is asked as Django asks it, while a write fails."""
    with full_disk(), TemporaryFile() as file:
        try:
            file.truncate(LARGE)
        except OSError:
            response = server_error(rf.get("/check/"))

    assert (response.status_code, response["Retry-After"]) == (503, "5")
    assert "What you saved before is safe" in words(response)


def test_a_store_that_is_full_leaves_nothing_half_written(tmp_path: Path) -> None:
    with full_disk(), pytest.raises(OSError, match="File too large"):
        default_storage.save("lists/one", large("list.csv"))
    assert [each for each in (tmp_path / "files").rglob("*") if each.is_file()] == []
