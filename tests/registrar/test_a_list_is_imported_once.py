"""A list is imported once or not at all, whoever else is at work, and whatever happens to the worker."""

import os
import signal
import subprocess
import sys
import threading
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings as project_settings
from django.core.files.storage import default_storage
from django.db import IntegrityError, connection, connections, transaction
from django.test import Client
from django.utils import timezone

from accounts.jobs import begin_stalled_jobs_again
from accounts.models import Role, User
from pcl.errors import RegisterError
from pcl.models import ListImport, Listing, ListingChange, Organization, Product
from pcl.services import list_imports
from pcl.services import run_list_import as module
from pcl.services.forget_list_files import forget_list_files
from pcl.services.list_import_progress import ListProgress
from pcl.services.list_imports import confirm_list_import, discard_list_import
from tests.factories.accounts import contractor_person
from tests.factories.register import make_code
from tests.jobs import run_jobs
from tests.registrar.list_files import as_csv, brought, looked_at

ROWS = [["K1007", "Argo", f"Walker {number}", "", "2024-01-01", *[""] * 5] for number in range(5)]


def state_of(asked: ListImport) -> str:
    asked.refresh_from_db()
    return asked.state


@pytest.fixture
def k1007(db: None) -> None:
    make_code("K1007")


def jobs(name: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM procrastinate_jobs WHERE task_name = %s", [name])
        return int(cursor.fetchone()[0])


@pytest.mark.usefixtures("k1007")
def test_confirming_twice_imports_once(reese: User) -> None:
    asked = looked_at(ROWS, by=reese)
    confirm_list_import(list_import=asked, by=reese)
    confirm_list_import(list_import=asked, by=contractor_person(Role.REGISTRAR))
    assert jobs("pcl.jobs.import_list") == 1
    module.import_confirmed_list(list_import_id=asked.pk)
    module.import_confirmed_list(list_import_id=asked.pk)
    assert (state_of(asked), Listing.objects.count(), asked.confirmed_by) == ("imported", 5, reese)


@pytest.mark.usefixtures("k1007")
def test_a_discarded_one_is_neither_read_nor_imported(as_reese: Client, reese: User) -> None:
    unread, ready = brought(ROWS, by=reese), looked_at(ROWS, by=reese)
    for asked in (unread, ready):
        as_reese.post(f"/review/lists/{asked.pk}/discard/")
        module.make_list_preview(list_import_id=asked.pk)
        assert state_of(asked) == "discarded"
        response = as_reese.post(f"/review/lists/{asked.pk}/confirm/", follow=True)
        assert "nothing to confirm: discarded" in response.content.decode()
    assert unread.lines.count() == 0


@pytest.mark.usefixtures("k1007")
def test_one_that_is_discarded_while_it_is_read_leaves_no_lines(reese: User, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = brought(ROWS, by=reese)
    judge = module.judge_lines

    def discarded_meanwhile(row: ListImport) -> None:
        judge(row)
        discard_list_import(list_import=asked)

    monkeypatch.setattr(module, "judge_lines", discarded_meanwhile)
    module.make_list_preview(list_import_id=asked.pk)
    # Both ran in this test's one transaction, so the discarding went with the lines; what counts is that none is left.
    assert (asked.lines.count(), state_of(asked)) == (0, "reading")


@pytest.mark.usefixtures("k1007")
def test_what_is_over_cannot_be_discarded(reese: User) -> None:
    asked = looked_at(ROWS, by=reese)
    confirm_list_import(list_import=asked, by=reese)
    with pytest.raises(RegisterError, match="cannot be discarded any more: being imported"):
        discard_list_import(list_import=asked)
    module.import_confirmed_list(list_import_id=asked.pk)
    with pytest.raises(RegisterError, match="cannot be discarded any more: imported"):
        discard_list_import(list_import=asked)


@pytest.mark.django_db(transaction=True)
def test_the_same_list_of_two_registrars_is_imported_once(reese: User) -> None:
    make_code("K1007")
    both = [looked_at(ROWS, by=by) for by in (reese, contractor_person(Role.REGISTRAR))]
    for asked in both:
        confirm_list_import(list_import=asked, by=asked.asked_by)
    failures: list[BaseException] = []

    def load(asked: ListImport) -> None:
        try:
            module.import_confirmed_list(list_import_id=asked.pk)
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
    assert sorted(map(state_of, both)) == ["failed", "imported"]
    assert (Listing.objects.count(), Product.objects.count(), Organization.objects.count()) == (5, 5, 1)


KILLED = """
import os, signal, sys
import django
django.setup()
from django.conf import settings
settings.DATABASES["default"]["NAME"] = sys.argv[2]
settings.STORAGES["default"]["OPTIONS"]["location"] = sys.argv[3]
from pcl.services import run_list_import as module
write = module.write_list
def write_and_die(**given):
    write(**given)
    print("written, not committed", flush=True)
    os.kill(os.getpid(), signal.SIGKILL)
module.write_list = write_and_die
module.import_confirmed_list(list_import_id=int(sys.argv[1]))
"""


@pytest.mark.django_db(transaction=True)
def test_a_worker_that_is_killed_leaves_nothing_half_written(reese: User, settings: Any) -> None:
    make_code("K1007")
    asked = looked_at(ROWS, by=reese)
    confirm_list_import(list_import=asked, by=reese)
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
    assert (state_of(asked), Listing.objects.count(), Organization.objects.count()) == ("confirmed", 0, 0)
    # The progress was told meanwhile, over a connection of its own.
    assert (asked.progress.stage, asked.progress.done) == ("Writing listings", 5)
    run_jobs()
    assert (state_of(asked), Listing.objects.count(), ListingChange.objects.count()) == ("imported", 5, 5)


@pytest.mark.django_db(transaction=True)
def test_the_job_of_a_worker_that_died_is_begun_again(reese: User) -> None:
    make_code("K1007")
    asked = looked_at(ROWS, by=reese)
    confirm_list_import(list_import=asked, by=reese)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_jobs SET status = 'doing' WHERE task_name = 'pcl.jobs.import_list'")
        cursor.execute("DELETE FROM procrastinate_jobs WHERE task_name = 'pcl.jobs.preview_list'")
    run_jobs()
    assert state_of(asked) == "confirmed"
    begin_stalled_jobs_again.defer(timestamp=0)
    run_jobs()
    assert (state_of(asked), Listing.objects.count()) == ("imported", 5)


@pytest.mark.django_db(transaction=True)
def test_what_fails_again_and_again_ends_with_a_word(
    as_reese: Client, reese: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(**given: object) -> None:
        raise RuntimeError("the disk is full")

    make_code("K1007")
    asked = looked_at(ROWS, by=reese)
    confirm_list_import(list_import=asked, by=reese)
    monkeypatch.setattr(module, "write_list", fail)
    for _ in range(6):
        with connection.cursor() as cursor:
            cursor.execute("UPDATE procrastinate_jobs SET scheduled_at = NULL WHERE status = 'todo'")
        run_jobs()
    assert (state_of(asked), Listing.objects.count()) == ("failed", 0)
    assert "failed several times" in as_reese.get(f"/review/lists/{asked.pk}/").content.decode()


@pytest.mark.django_db(transaction=True)
def test_the_progress_is_seen_while_the_work_is_not(as_reese: Client, reese: User) -> None:
    asked = brought(ROWS, by=reese)
    with ListProgress(asked.pk) as progress, transaction.atomic():
        progress.note("Reading rows", 2500, 10_000)
        page = as_reese.get(f"/review/lists/{asked.pk}/progress/")
    assert "2,500 of 10,000" in page.content.decode()
    assert 'value="25"' in page.content.decode()
    assert "HX-Refresh" not in page
    make_code("K1007")
    module.make_list_preview(list_import_id=asked.pk)
    assert as_reese.get(f"/review/lists/{asked.pk}/progress/")["HX-Refresh"] == "true"


@pytest.mark.usefixtures("k1007")
def test_files_are_kept_for_a_time(reese: User, settings: Any) -> None:
    settings.LIST_FILE_DAYS = 30
    old, confirmed, young = (looked_at(ROWS, by=reese) for _ in range(3))
    confirm_list_import(list_import=confirmed, by=reese)
    ListImport.objects.exclude(pk=young.pk).update(asked_at=timezone.now() - timedelta(days=31))
    name = old.file.name
    assert forget_list_files() == 1
    assert (state_of(old), old.file.name, default_storage.exists(name)) == ("discarded", "", False)
    assert state_of(confirmed) == "confirmed"
    assert default_storage.exists(young.file.name)
    assert old.lines.count() == 5


@pytest.mark.django_db
def test_nothing_is_stored_when_the_wish_cannot_be_kept(reese: User, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(job: str, row: ListImport) -> None:
        raise RuntimeError("no queue")

    monkeypatch.setattr(list_imports, "_defer", fail)
    with pytest.raises(RuntimeError):
        brought(as_csv(ROWS), by=reese)
    assert not ListImport.objects.exists()
    assert not default_storage.exists("lists") or default_storage.listdir("lists") == ([], [])


@pytest.mark.usefixtures("k1007")
@pytest.mark.parametrize(
    "wrong",
    [
        {"state": "lost"},
        {"state": "imported"},
        {"state": "confirmed"},
        {"state": "failed", "finished_at": timezone.now()},
        {"state": "discarded"},
        {"finished_at": timezone.now()},
        {"confirmed_at": timezone.now()},
        {"reason": ""},
        {"listing_count": 3},
    ],
)
def test_the_database_refuses_what_contradicts_itself(reese: User, wrong: dict[str, Any]) -> None:
    asked = looked_at(ROWS, by=reese)
    with pytest.raises(IntegrityError), transaction.atomic():
        ListImport.objects.filter(pk=asked.pk).update(**wrong)
