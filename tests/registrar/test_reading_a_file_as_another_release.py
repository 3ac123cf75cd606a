"""The file's name is wrong: the registrar says so on the page of the preview, without loading it up again."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.test import Client

from accounts.models import User
from hcpcs.models import ImportState, Release, ReleaseImport
from hcpcs.services.release_imports import ReleaseImportError, confirm_import, discard_import, read_as
from hcpcs.services.run_release_import import load_confirmed, make_preview
from tests.hcpcs.test_a_release_under_another_period import lines
from tests.registrar.conftest import APRIL

pytestmark = pytest.mark.django_db
Previewed = Callable[..., ReleaseImport]


def read_again(client: Client, asked: ReleaseImport, **given: Any) -> str:
    response = client.post(f"/review/releases/imports/{asked.pk}/read-as/", given, follow=True)
    asked.refresh_from_db()
    return response.content.decode()


def test_a_swapped_quarter_is_put_right(as_reese: Client, reese: User, previewed: Previewed) -> None:
    asked = previewed(lines("20240401"), "HCPC2024_OCT_ANWEB.txt")
    assert "newest codes were added on 2024-04-01" in as_reese.get(f"/review/releases/imports/{asked.pk}/").text
    read_again(as_reese, asked, year="2024", quarter="2")
    assert (asked.state, asked.counts, asked.release_label) == (ImportState.READING, {}, "")
    make_preview(import_id=asked.pk)
    asked.refresh_from_db()
    assert (asked.state, asked.release_label, asked.counts["warning"]) == ("ready", "April 2024, revision 1", 0)
    confirm_import(release_import=asked, by=reese)
    load_confirmed(import_id=asked.pk)
    assert Release.objects.get().label == "April 2024, revision 1"


def test_a_name_that_says_nothing_is_helped(as_reese: Client, previewed: Previewed) -> None:
    asked = previewed(APRIL, "codes.txt")
    assert asked.state == ImportState.FAILED
    page = as_reese.get(f"/review/releases/imports/{asked.pk}/").text
    assert ("Read it again as this release" in page, "--year" in page) == (True, False)
    read_again(as_reese, asked, year="2024", quarter="2", is_excerpt="on")
    assert (asked.state, asked.failure, asked.finished_at) == (ImportState.READING, "", None)
    make_preview(import_id=asked.pk)
    asked.refresh_from_db()
    assert (asked.state, asked.release_label, asked.is_complete) == ("ready", "April 2024, revision 1, excerpt", False)


def test_what_was_wrong_is_said_and_nothing_is_read(as_reese: Client, previewed: Previewed) -> None:
    asked = previewed()
    response = as_reese.post(f"/review/releases/imports/{asked.pk}/read-as/", {"quarter": "2", "revision": "0"})
    assert response.status_code == 422
    assert "greater than or equal to 1" in response.text
    assert "Load this release" in response.text
    assert "Give the year, too" in read_again(as_reese, asked, quarter="2")
    assert (asked.state, asked.quarter) == (ImportState.READY, None)


def test_not_while_it_is_loaded_nor_afterwards(as_reese: Client, reese: User, previewed: Previewed) -> None:
    asked = previewed()
    confirm_import(release_import=asked, by=reese)
    assert "It cannot be read again: being loaded" in read_again(as_reese, asked, year="2023")
    load_confirmed(import_id=asked.pk)
    assert "It cannot be read again: loaded" in read_again(as_reese, asked, year="2023")
    assert (asked.state, asked.year, Release.objects.get().year) == (ImportState.LOADED, None, 2024)
    assert "Read it again" not in as_reese.get(f"/review/releases/imports/{asked.pk}/").text
    left = previewed()
    discard_import(release_import=left)
    assert "It cannot be read again: discarded" in read_again(as_reese, left, year="2023")


def test_not_without_its_file(as_reese: Client, previewed: Previewed) -> None:
    asked = previewed([], "codes.txt")
    default_storage.delete(str(asked.file.name))
    ReleaseImport.objects.update(file="")
    with pytest.raises(ReleaseImportError, match="Its file is not kept"):
        read_as(release_import=asked, year=2024)
    assert "Read it again" not in as_reese.get(f"/review/releases/imports/{asked.pk}/").text
