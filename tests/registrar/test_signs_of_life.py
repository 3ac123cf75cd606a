"""What the page says of a job that was overtaken, and of one whose worker was killed."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import User
from hcpcs.models import ReleaseImport
from hcpcs.services.import_release import import_release
from hcpcs.services.release_imports import confirm_import
from hcpcs.services.run_release_import import load_confirmed, make_preview
from tests.hcpcs.files import first_line, release_file
from tests.registrar.conftest import JANUARY

pytestmark = pytest.mark.django_db
Previewed = Callable[..., ReleaseImport]
MADE_ANEW = "this preview was made anew"


def page_of(client: Client, asked: ReleaseImport) -> str:
    return client.get(f"/review/releases/imports/{asked.pk}/").text


@pytest.mark.usefixtures("january")
def test_who_had_confirmed_learns_why_it_waits_again(
    as_reese: Client, reese: User, previewed: Previewed, tmp_path: Path
) -> None:
    asked = previewed()
    assert MADE_ANEW not in page_of(as_reese, asked)
    confirm_import(release_import=asked, by=reese)
    import_release(path=release_file(tmp_path, [*JANUARY, first_line("E0003")], name="HCPC2024_JAN_ANWEB_v2.txt"))
    load_confirmed(import_id=asked.pk)
    make_preview(import_id=asked.pk)
    page = page_of(as_reese, asked)
    assert (MADE_ANEW in page, "Load this release" in page) == (True, True)
    confirm_import(release_import=asked, by=reese)
    load_confirmed(import_id=asked.pk)
    page = page_of(as_reese, asked)
    assert (MADE_ANEW in page, "What it changed" in page) == (False, True)


def test_a_job_that_is_silent_is_said_to_be(as_reese: Client, reese: User, previewed: Previewed) -> None:
    asked = previewed()
    confirm_import(release_import=asked, by=reese)
    assert "It waits for the worker" in page_of(as_reese, asked)
    for seconds, is_said in ((15, False), (25, True)):
        ReleaseImport.objects.update(
            stage="Writing to the catalogue", noted_at=timezone.now() - timedelta(seconds=seconds)
        )
        assert ("Nothing has been heard of it" in page_of(as_reese, asked)) == is_said
    load_confirmed(import_id=asked.pk)
    assert "Nothing has been heard of it" not in page_of(as_reese, asked)
