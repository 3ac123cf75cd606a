"""From the confirmation to the report: once, whoever else confirms, and whatever happens to the worker."""

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as project_settings
from django.core.files.storage import default_storage
from django.db import IntegrityError, connection, connections, transaction
from django.test import Client
from django.utils import timezone

from accounts.jobs import begin_stalled_jobs_again
from accounts.models import Role, User
from hcpcs.models import Code, ImportState, Release, ReleaseImport
from hcpcs.services import run_release_import as module
from hcpcs.services.forget_release_files import forget_release_files
from hcpcs.services.import_release import import_release
from hcpcs.services.release_imports import ReleaseImportError, ask_for_import, confirm_import
from tests.factories.accounts import contractor_person
from tests.hcpcs.files import first_line, release_file
from tests.hcpcs.release_server import sends, serving
from tests.hcpcs.test_archives import archive
from tests.jobs import run_jobs
from tests.registrar.conftest import APRIL, JANUARY, content, upload

Previewed = Callable[..., ReleaseImport]


def state_of(asked: ReleaseImport) -> str:
    asked.refresh_from_db()
    return asked.state


@pytest.mark.django_db(transaction=True)
def test_a_release_is_loaded_from_upload_to_report(as_reese: Client, reese: User) -> None:
    as_reese.post("/review/releases/load/", {"upload": upload(APRIL)})
    asked = ReleaseImport.objects.get()
    run_jobs()
    assert state_of(asked) == ImportState.READY
    assert not Release.objects.exists()
    as_reese.post(f"/review/releases/imports/{asked.pk}/confirm/")
    assert state_of(asked) == ImportState.CONFIRMED
    run_jobs()
    assert state_of(asked) == ImportState.LOADED
    release = Release.objects.get()
    assert (asked.release, asked.confirmed_by, release.source) == (release, reese, "Uploaded as HCPC2024_APR_ANWEB.txt")
    assert Code.objects.count() == 4
    page = as_reese.get(f"/review/releases/imports/{asked.pk}/").content.decode()
    assert "What it changed" in page
    assert "A new thing, each" in page
    assert "Reese Registrar" in as_reese.get("/review/releases/").content.decode()


@pytest.mark.django_db(transaction=True)
def test_a_release_is_fetched_from_an_address(as_reese: Client, reese: User, tmp_path: Path, settings: Any) -> None:
    with serving(tmp_path, tls=False) as mirror:
        settings.RELEASE_INTERNAL_HOSTS = [mirror.host]
        mirror.pages["/april.zip"] = sends(archive(HCPC2024_APR_ANWEB__txt=content(APRIL)))
        as_reese.post("/review/releases/load/", {"address": mirror.url("/april.zip")})
        run_jobs()
        asked = ReleaseImport.objects.get()
        assert (asked.state, asked.file_name, asked.member) == ("ready", "april.zip", "HCPC2024_APR_ANWEB.txt")
        confirm_import(release_import=asked, by=reese)
        run_jobs()
        # What was looked at is what is loaded: it is not fetched again.
        assert len(mirror.asked) == 1
    assert state_of(asked) == ImportState.LOADED
    assert Release.objects.get().source == mirror.url("/april.zip")


@pytest.mark.django_db(transaction=True)
def test_an_address_inward_is_refused_with_the_reason(as_reese: Client, tmp_path: Path) -> None:
    with serving(tmp_path, tls=False) as inside:
        inside.pages["/april.zip"] = sends(archive(HCPC2024_APR_ANWEB__txt=content(APRIL)))
        for address in (inside.url("/april.zip"), f"https://127.0.0.1:{inside.port}/x", "https://169.254.169.254/x"):
            as_reese.post("/review/releases/load/", {"address": address})
        run_jobs()
        assert inside.asked == []
    failures = list(ReleaseImport.objects.order_by("pk").values_list("state", "failure"))
    assert [state for state, _ in failures] == ["failed"] * 3
    assert ["only https" in failures[0][1], "443" in failures[1][1], "not a public address" in failures[2][1]] == [
        True, True, True,
    ]  # fmt: skip


@pytest.mark.django_db
def test_confirming_twice_loads_once(reese: User, previewed: Previewed) -> None:
    asked = previewed()
    confirm_import(release_import=asked, by=reese)
    confirm_import(release_import=asked, by=contractor_person(Role.REGISTRAR))
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM procrastinate_jobs WHERE task_name = 'hcpcs.jobs.load_release'")
        assert cursor.fetchone() == (1,)
    module.load_confirmed(import_id=asked.pk)
    module.load_confirmed(import_id=asked.pk)
    assert (state_of(asked), Release.objects.count(), asked.confirmed_by) == ("loaded", 1, reese)


@pytest.mark.django_db
@pytest.mark.usefixtures("january")
def test_a_preview_that_another_release_has_overtaken_is_made_anew(
    as_reese: Client, previewed: Previewed, tmp_path: Path
) -> None:
    asked = previewed()
    import_release(path=release_file(tmp_path, [*JANUARY, APRIL[-1]], name="HCPC2024_JAN_ANWEB_v2.txt"))
    response = as_reese.post(f"/review/releases/imports/{asked.pk}/confirm/", follow=True)
    assert "Another release has been loaded since this preview was made" in response.content.decode()
    assert (state_of(asked), asked.confirmed_by) == ("reading", None)
    module.make_preview(import_id=asked.pk)
    asked.refresh_from_db()
    assert (asked.state, asked.counts["added"]) == ("ready", 0)


@pytest.mark.django_db
@pytest.mark.usefixtures("january")
def test_a_release_that_comes_in_after_the_confirmation_is_noticed_too(
    reese: User, previewed: Previewed, tmp_path: Path
) -> None:
    asked = previewed()
    confirm_import(release_import=asked, by=reese)
    import_release(path=release_file(tmp_path, [*JANUARY, first_line("E0003")], name="HCPC2024_JAN_ANWEB_v2.txt"))
    module.load_confirmed(import_id=asked.pk)
    assert (state_of(asked), asked.confirmed_by, asked.confirmed_at) == ("reading", None, None)
    assert Release.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_the_same_file_of_two_registrars_is_loaded_once(reese: User) -> None:
    other = contractor_person(Role.REGISTRAR)
    both = [ask_for_import(by=by, upload=upload(APRIL)) for by in (reese, other)]
    for asked, by in zip(both, (reese, other), strict=True):
        module.make_preview(import_id=asked.pk)
        confirm_import(release_import=asked, by=by)
    failures: list[BaseException] = []

    def load(asked: ReleaseImport) -> None:
        try:
            module.load_confirmed(import_id=asked.pk)
        except BaseException as error:  # noqa: BLE001  # shown below, in the test's own thread
            failures.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=load, args=(asked,)) for asked in both]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert sorted(map(state_of, both)) == ["loaded", "reading"]
    assert Release.objects.count() == 1
    late = next(asked for asked in both if asked.state == "reading")
    module.make_preview(import_id=late.pk)
    late.refresh_from_db()
    assert (late.state, late.counts["writes"]) == ("ready", False)
    with pytest.raises(ReleaseImportError, match="would change nothing"):
        confirm_import(release_import=late, by=other)


KILLED = """
import os, signal, sys
import django
django.setup()
from django.conf import settings
settings.DATABASES["default"]["NAME"] = sys.argv[2]
settings.STORAGES["default"]["OPTIONS"]["location"] = sys.argv[3]
from hcpcs.services import run_release_import as module
keep = module.keep_report
def keep_and_die(*given):
    keep(*given)
    print("written, not committed", flush=True)
    os.kill(os.getpid(), signal.SIGKILL)
module.keep_report = keep_and_die
module.load_confirmed(import_id=int(sys.argv[1]))
"""


@pytest.mark.django_db(transaction=True)
def test_a_worker_that_is_killed_leaves_nothing_half_written(reese: User, previewed: Previewed, settings: Any) -> None:
    asked = previewed()
    confirm_import(release_import=asked, by=reese)
    before = list(asked.lines.values_list("section", "number"))
    files = settings.STORAGES["default"]["OPTIONS"]["location"]
    killed = subprocess.run(
        [sys.executable, "-c", KILLED, str(asked.pk), connection.settings_dict["NAME"], str(files)],
        cwd=project_settings.BASE_DIR,
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "config.settings.test"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert killed.returncode == -signal.SIGKILL, killed.stderr
    assert "written, not committed" in killed.stdout
    assert (state_of(asked), Release.objects.count(), Code.objects.count()) == ("confirmed", 0, 0)
    assert list(asked.lines.values_list("section", "number")) == before
    run_jobs()
    assert (state_of(asked), Release.objects.count()) == ("loaded", 1)


@pytest.mark.django_db(transaction=True)
def test_the_job_of_a_worker_that_died_is_begun_again(reese: User, previewed: Previewed) -> None:
    """As the database has it after a kill: the job is being done, by a worker that is no more."""
    asked = previewed()
    confirm_import(release_import=asked, by=reese)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_jobs SET status = 'doing' WHERE task_name = 'hcpcs.jobs.load_release'")
        cursor.execute("DELETE FROM procrastinate_jobs WHERE task_name = 'hcpcs.jobs.preview_release'")
    run_jobs()
    assert state_of(asked) == "confirmed"
    begin_stalled_jobs_again.defer(timestamp=0)
    run_jobs()
    assert (state_of(asked), Release.objects.count()) == ("loaded", 1)


@pytest.mark.django_db(transaction=True)
def test_what_fails_again_and_again_ends_with_a_word(
    as_reese: Client, reese: User, previewed: Previewed, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(**given: object) -> None:
        raise RuntimeError("the disk is full")

    asked = previewed()
    confirm_import(release_import=asked, by=reese)
    monkeypatch.setattr(module, "store_release", fail)
    for _ in range(6):
        with connection.cursor() as cursor:
            cursor.execute("UPDATE procrastinate_jobs SET scheduled_at = NULL WHERE status = 'todo'")
        run_jobs()
    assert state_of(asked) == "failed"
    page = as_reese.get(f"/review/releases/imports/{asked.pk}/").content.decode()
    assert "failed several times" in page
    assert not Release.objects.exists()


@pytest.mark.django_db
@pytest.mark.usefixtures("january")
def test_a_file_that_cannot_be_loaded_in_the_end_changes_nothing(reese: User, previewed: Previewed) -> None:
    """The preview was of a file that lay elsewhere; now it is damaged in the storage."""
    asked = previewed()
    confirm_import(release_import=asked, by=reese)
    with default_storage.open(asked.file.name, "wb") as stored:
        stored.write(b"%PDF-1.7")
    module.load_confirmed(import_id=asked.pk)
    assert (state_of(asked), Release.objects.count()) == ("failed", 1)
    assert asked.failure == "It is a PDF. Choose CMS's text file or workbook."


@pytest.mark.django_db
def test_files_are_kept_for_a_time(reese: User, previewed: Previewed, settings: Any) -> None:
    settings.RELEASE_FILE_DAYS = 30
    old, confirmed, young = previewed(), previewed(), previewed()
    confirm_import(release_import=confirmed, by=reese)
    ReleaseImport.objects.exclude(pk=young.pk).update(asked_at=timezone.now() - timedelta(days=31))
    name = old.file.name
    assert forget_release_files() == 1
    assert (state_of(old), old.file.name, default_storage.exists(name)) == ("discarded", "", False)
    assert state_of(confirmed) == "confirmed"
    assert default_storage.exists(young.file.name)
    assert old.lines.count() == young.lines.count()


@pytest.mark.django_db
@pytest.mark.parametrize(
    "wrong",
    [
        {"state": "lost"},
        {"state": "loaded"},
        {"state": "confirmed"},
        {"state": "failed", "finished_at": timezone.now()},
        {"state": "discarded"},
        {"finished_at": timezone.now()},
        {"confirmed_at": timezone.now()},
        {"file_name": "", "address": ""},
    ],
)
def test_the_database_refuses_what_contradicts_itself(previewed: Previewed, wrong: dict[str, Any]) -> None:
    asked = previewed()
    with pytest.raises(IntegrityError), transaction.atomic():
        ReleaseImport.objects.filter(pk=asked.pk).update(**wrong)
