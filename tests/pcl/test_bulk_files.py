"""The bulk files: complete, of one instant, made again when something changed, and never spoiled by what goes wrong."""

import csv
import errno
import hashlib
import io
import json
import os
import resource
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet
import pytest
import time_machine
from django.conf import settings
from django.db import IntegrityError, connection, transaction
from django.test import Client
from openpyxl import load_workbook

from pcl.jobs import make_export_files
from pcl.models import ExportFailure, ExportFile, ExportSet, ListingChange
from pcl.queries import sheet_xml, workbook
from pcl.queries.bulk_files.nouns import NOUNS
from pcl.queries.bulk_files.ready import is_due, newest_files, register_fingerprint
from pcl.services import export_files
from pcl.services.end_date_listing import end_date_listing
from pcl.services.export_files import ExportFailed, forget_old_files, make_files, make_files_when_due
from pcl.services.organizations import merge_organizations, rename_organization
from tests.factories.register import make_code, make_publication, publish, require, some_organization
from tests.jobs import run_jobs

pytestmark = pytest.mark.django_db(transaction=True)
NOW = datetime(2026, 6, 15, 16, 0, tzinfo=UTC)
WHY = {"reason": "Because.", "by": None}


@pytest.fixture(autouse=True)
def _on_an_afternoon() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def register() -> None:
    code = make_code("K1007", pricing_indicators=["36", "", "", ""], types_of_service=["9", "P", "", "", ""])
    require(code, begins=None, snapshot_date=date(2026, 7, 1), publication=make_publication(title="=Powered\n“Device”"))
    publish("ReWalk", code=code, model_number="-5", comment='Two\nlines, "quoted"\\ \x0b=1')
    ended = publish("=Indego", manufacturer="Össur hf.", distributor="Parker", begins=date(2020, 1, 1))
    end_date_listing(listing=ended, last_day=date(2024, 6, 30), **WHY)
    rename_organization(
        organization=some_organization("Parker"), name="Parker Hannifin", since=date(2025, 1, 1), source="Letter", **WHY
    )


def content_of(noun: str, file_format: str) -> bytes:
    return ExportFile.objects.get(noun=noun, format=file_format).path.read_bytes()


def in_csv(noun: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content_of(noun, "csv").decode(), newline="")))


def in_ndjson(noun: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in content_of(noun, "ndjson").split(b"\n") if line]


def in_parquet(noun: str) -> pa.Table:
    return pyarrow.parquet.read_table(io.BytesIO(content_of(noun, "parquet")))


def in_workbook(noun: str) -> list[tuple[Any, ...]]:
    return [
        row
        for sheet in load_workbook(io.BytesIO(content_of(noun, "xlsx"))).worksheets
        for row in list(sheet.iter_rows(values_only=True))[1:]
    ]


@pytest.mark.usefixtures("register")
def test_there_is_a_file_of_each_noun_in_each_format_and_the_manifest_says_what_is_true(client: Client) -> None:
    made = make_files()

    files = client.get("/api/v1/exports/").json()["files"]
    assert [(file["noun"], file["format"]) for file in files] == [
        (noun, each)
        for noun in ("listings", "codes", "requirements", "organizations", "changes")
        for each in ("csv", "xlsx", "ndjson", "parquet")
    ]
    for file in files:
        assert list(file) == [
            *("url", "noun", "format", "rows", "bytes", "sha256", "schema_version", "generated_at", "change_seq"),
        ]
        content = b"".join(client.get(file["url"]))
        assert (len(content), hashlib.sha256(content).hexdigest()) == (file["bytes"], file["sha256"])
        assert (file["change_seq"], file["generated_at"]) == (4, "2026-06-15T16:00:00.000000Z")
    rows = {file["noun"]: file["rows"] for file in files}
    assert rows == {"listings": 2, "codes": 1, "requirements": 1, "organizations": 3, "changes": 4}
    assert made is not None
    assert made.fingerprint == register_fingerprint()
    assert sorted(path.name for path in Path(settings.EXPORT_FOLDER).iterdir()) == sorted(
        ExportFile.objects.values_list("name", flat=True)
    )


def test_while_there_is_none_the_manifest_is_empty_and_the_page_says_so(client: Client) -> None:
    assert client.get("/api/v1/exports/").json() == {"files": []}
    assert "The files are being made" in client.get("/data/").content.decode()
    assert client.get("/data/files/listings.csv").status_code == 404


@pytest.mark.usefixtures("register")
def test_all_formats_say_the_same(client: Client) -> None:
    make_files()

    for noun in NOUNS:
        told, table, cells = in_ndjson(noun), in_parquet(noun), in_csv(noun)
        names = [column.name for column in NOUNS[noun].columns(on=date(2000, 1, 1), site="")]
        assert list(told[0]) == names == table.schema.names == list(cells[0]), noun
        for row, typed, cell, line in zip(told, table.to_pylist(), cells, in_workbook(noun), strict=True):
            for name, shown in zip(names, line, strict=True):
                value = row[name]
                if isinstance(value, list) and noun == "codes":
                    value = " ".join(value)
                if isinstance(value, (list, dict)):
                    assert json.loads(cell[name]) == json.loads(typed[name]) == json.loads(shown) == value
                    continue
                said = "" if value is None else json.dumps(value) if isinstance(value, bool) else str(value)
                assert cell[name].removeprefix("'") == said, (noun, name)
                as_typed = typed[name]
                if isinstance(as_typed, datetime):
                    as_typed = as_typed.strftime("%Y-%m-%dT%H:%M:%S.%fZ")
                elif isinstance(as_typed, date):
                    as_typed = as_typed.isoformat()
                assert as_typed == value, (noun, name)
                as_shown = shown.date().isoformat() if isinstance(shown, datetime) else shown
                assert ("" if as_shown is None else as_shown) == (
                    value.replace("\x0b", "") if isinstance(value, str) else "" if value is None else value
                ), (noun, name)


@pytest.mark.usefixtures("register")
def test_the_listings_are_those_of_the_api(client: Client, settings: Any) -> None:
    settings.SITE_URL = "http://testserver"
    make_files()

    told = client.get("/api/v1/listings/?status=all&sort=newest").json()["results"]
    assert in_ndjson("listings") == told[::-1]
    assert in_ndjson("changes") == client.get("/api/v1/changes/").json()["results"]


@pytest.mark.usefixtures("register")
def test_types_are_stated_in_parquet() -> None:
    make_files()

    schema = in_parquet("listings").schema
    assert {name: str(schema.field(name).type) for name in ("id", "effective_to", "published_at", "product")} == {
        "id": "int64",
        "effective_to": "date32[day]",
        "published_at": "timestamp[us, tz=UTC]",
        "product": "string",
    }
    assert schema.metadata[b"change_seq"] == b"4"
    assert b"never used again" in schema.field("id").metadata[b"description"]
    assert str(in_parquet("requirements").schema.field("presumed").type) == "bool"


@pytest.mark.usefixtures("register")
def test_no_cell_is_a_formula() -> None:
    make_files()

    assert [row["product"] for row in in_csv("listings")] == ["ReWalk", "'=Indego"]
    assert [row["publication"] for row in in_csv("requirements")] == ["'=Powered\n“Device”"]
    sheet = load_workbook(io.BytesIO(content_of("listings", "xlsx"))).active
    assert [(cell.value, cell.data_type) for cell in sheet["F"]][1:] == [("ReWalk", "s"), ("=Indego", "s")]


@pytest.mark.usefixtures("register")
def test_a_workbook_goes_on_on_another_sheet_and_says_where_a_cell_is_cut(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbook, "MOST_ROWS", 3)
    publish("Long", comment="x" * 40_000)
    make_files()

    book = load_workbook(io.BytesIO(content_of("listings", "xlsx")))
    assert [(sheet.title, sheet.max_row, sheet["A1"].value) for sheet in book.worksheets] == [
        ("Listings", 3, "id"),
        ("Listings 2", 2, "id"),
    ]
    long = in_workbook("listings")[2][12]
    assert (len(long), long.endswith(sheet_xml.CUT)) == (32_767, True)
    assert len(in_csv("listings")[2]["comment"]) == 40_000


@pytest.mark.usefixtures("register")
def test_a_workbook_that_fails_leaves_nothing_in_the_temporary_folder(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "temporary").mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "temporary"))
    written = sheet_xml._text

    def fails_in_the_second_row(text: str) -> str:
        if text == "=Indego":
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return written(text)

    monkeypatch.setattr(sheet_xml, "_text", fails_in_the_second_row)
    with pytest.raises(ExportFailed, match="No space left"):
        make_files()

    assert list((tmp_path / "temporary").iterdir()) == []


def test_a_register_of_nothing_has_files_too() -> None:
    make_files()

    assert {file.rows for file in newest_files()} == {0}
    assert in_parquet("listings").num_rows == 0
    assert in_workbook("listings") == []


@pytest.mark.usefixtures("register")
def test_all_files_are_of_one_instant_also_while_somebody_publishes(monkeypatch: pytest.MonkeyPatch) -> None:
    """A change that is committed between the first file and the last is in none of them."""
    code, written = "E0001", export_files._WRITE["csv"]
    make_code(code)

    def publish_meanwhile(*args: Any) -> int:
        thread = threading.Thread(target=published)
        thread.start()
        thread.join()
        return written(*args)

    def published() -> None:
        try:
            publish(code=code)
        finally:
            connection.close()

    monkeypatch.setitem(export_files._WRITE, "csv", publish_meanwhile)
    made = make_files()

    assert made is not None
    assert ListingChange.objects.count() == 4 + 5
    assert made.change_seq == 4
    assert {file.rows for file in newest_files() if file.noun in {"changes", "listings"}} == {4, 2}
    assert made.fingerprint != register_fingerprint()


@pytest.mark.usefixtures("register")
def test_files_are_made_when_something_changed_and_had_its_pause() -> None:
    assert make_files_when_due() is not None
    later = NOW + timedelta(minutes=10)
    with time_machine.travel(later, tick=False):
        assert make_files_when_due() is None
        publish("New")
        assert make_files_when_due() is not None
        publish("Newer")
        assert make_files_when_due() is None, "without a pause"
    with time_machine.travel(later + timedelta(seconds=59), tick=False):
        assert not is_due(datetime.now(UTC))
    with time_machine.travel(later + timedelta(seconds=61), tick=False):
        assert make_files_when_due() is not None
        assert {file.rows for file in newest_files() if file.noun == "listings"} == {4}


def test_files_are_made_every_eastern_day() -> None:
    make_files_when_due()

    with time_machine.travel("2026-06-16T03:59:59Z", tick=False):
        assert make_files_when_due() is None
    with time_machine.travel("2026-06-16T04:00:00Z", tick=False):
        assert make_files_when_due() is not None


@pytest.mark.parametrize("what", ["merge", "requirement", "code", "publication"])
def test_whatever_the_files_tell_is_noticed(what: str) -> None:
    first, second = some_organization("First"), some_organization("Second")
    before = register_fingerprint()
    if what == "merge":
        merge_organizations(merged=first, into=second, since=date(2026, 1, 1), source="Letter", **WHY)
    elif what == "requirement":
        require(make_code("K1007"), begins=None)
    elif what == "code":
        make_code("K1007")
    else:
        make_publication()

    assert register_fingerprint() != before


def test_files_that_are_lost_are_made_again() -> None:
    make_files_when_due()
    newest_files()[3].path.unlink()

    with time_machine.travel(NOW + timedelta(seconds=1), tick=False):
        assert make_files_when_due() is not None


def test_a_name_is_never_given_twice() -> None:
    with time_machine.travel(NOW, tick=True):
        make_files()
        make_files()

    assert ExportFile.objects.count() == 2 * 20


def full_disk(*args: Any) -> int:
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def test_a_full_disk_spoils_nothing_and_is_told(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    make_files()
    before = client.get("/api/v1/exports/").json()
    with monkeypatch.context() as patched, time_machine.travel(NOW + timedelta(hours=1), tick=False):
        publish()
        patched.setitem(export_files._WRITE, "parquet", full_disk)
        with pytest.raises(ExportFailed, match="No space left on device"):
            make_files_when_due()
        assert not is_due(datetime.now(UTC)), "not every minute"

    assert client.get("/api/v1/exports/").json() == before
    assert len(list(Path(settings.EXPORT_FOLDER).iterdir())) == 20
    assert ExportFailure.objects.get().reason == "OSError: [Errno 28] No space left on device"
    with time_machine.travel(NOW + timedelta(hours=2), tick=False):
        assert make_files_when_due() is not None


def test_a_disk_that_is_full_in_earnest(settings: Any, tmp_path: Path) -> None:
    """A limit of the process on the size of a file stands for the disk: the write itself fails."""
    publish(comment="x" * 200_000)
    settings.EXPORT_FOLDER = tmp_path / "small"
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    previous = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    try:
        resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, hard))
        with pytest.raises(ExportFailed, match="File too large"):
            make_files()
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        signal.signal(signal.SIGXFSZ, previous)

    assert list((tmp_path / "small").iterdir()) == []
    assert not ExportSet.objects.exists()


def test_two_at_once_make_one_set() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [export_files.EXPORT_LOCK])
        found: list[Any] = []

        def second() -> None:
            try:
                found.append(make_files())
            finally:
                connection.close()

        thread = threading.Thread(target=second)
        thread.start()
        thread.join()
        cursor.execute("SELECT pg_advisory_unlock(%s)", [export_files.EXPORT_LOCK])

    assert found == [None]
    assert make_files() is not None


KILLED = """
import os, signal, django
django.setup()
from django.conf import settings
from pcl.services import export_files
settings.DATABASES["default"]["NAME"] = os.environ["NAME"]
from django.db import connection
connection.settings_dict["NAME"] = os.environ["NAME"]
settings.EXPORT_FOLDER = os.environ["FOLDER"]
def die(file, noun, instant):
    file.write(b"half a file")
    file.flush()
    os.kill(os.getpid(), signal.SIGKILL)
export_files._WRITE["ndjson"] = die
export_files.make_files()
"""


def wait_until_nobody_makes_files() -> None:
    """The database lets go of a killed process's lock as soon as it notices, which is a moment later."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL lock_timeout = '60s'")
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [export_files.EXPORT_LOCK])


def test_a_killed_worker_leaves_nothing_that_matters() -> None:
    make_files()
    environment = {
        **os.environ,
        "NAME": connection.settings_dict["NAME"],
        "FOLDER": str(settings.EXPORT_FOLDER),
        "DJANGO_SETTINGS_MODULE": "config.settings.test",
    }
    with time_machine.travel(NOW + timedelta(hours=1), tick=False):
        killed = subprocess.run([sys.executable, "-c", KILLED], env=environment, cwd=settings.BASE_DIR, check=False)
        assert killed.returncode == -signal.SIGKILL
        left = [path.name for path in Path(settings.EXPORT_FOLDER).iterdir() if path.name.endswith(".part")]
        assert len(left) == 3
        assert ExportSet.objects.count() == 1

        wait_until_nobody_makes_files()
        assert make_files() is not None

    assert not list(Path(settings.EXPORT_FOLDER).glob("*.part"))
    assert len(list(Path(settings.EXPORT_FOLDER).iterdir())) == 40


def test_the_last_of_each_day_is_kept_and_the_newest_for_ever(settings: Any) -> None:
    for at in ("2026-06-01T10:00Z", "2026-06-01T20:00Z", "2026-06-10T10:00Z", "2026-06-10T20:00Z", "2026-06-10T21:00Z"):
        with time_machine.travel(at, tick=False):
            make_files()
    settings.EXPORT_KEPT_DAYS = 7
    with time_machine.travel("2026-06-11T02:30Z", tick=False):
        forget_old_files()

    assert [f"{each.generated_at:%d %H}" for each in ExportSet.objects.all()] == ["10 21"]
    assert len(list(Path(settings.EXPORT_FOLDER).iterdir())) == 20


def test_files_that_are_no_longer_kept_go_one_after_the_other(settings: Any) -> None:
    settings.EXPORT_KEPT_DAYS, settings.EXPORT_KEPT_HOURS = 7, 6
    for at in ("2026-06-01T20:00Z", "2026-06-09T10:00Z", "2026-06-09T20:00Z", "2026-06-10T10:00Z", "2026-06-10T11:00Z"):
        with time_machine.travel(at, tick=False):
            make_files()

    assert [f"{each.generated_at:%d %H}" for each in ExportSet.objects.all()] == ["10 11", "10 10", "09 20"]


@pytest.mark.parametrize(
    ("changed", "constraint"),
    [
        ({"name": "../secret_key"}, "export_file_is_named_for_its_instant"),
        ({"sha256": "0"}, "export_file_has_a_digest"),
        ({"noun": "people"}, "export_noun_is_known"),
        ({"format": "pdf"}, "export_format_is_known"),
        ({"rows": -1}, "export_file_has_a_size"),
    ],
)
def test_the_database_refuses_what_cannot_be_a_file(changed: dict[str, Any], constraint: str) -> None:
    make_files()
    file = newest_files()[0]

    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        ExportFile.objects.filter(pk=file.pk).update(**changed)


def test_the_worker_makes_them() -> None:
    make_export_files.defer(timestamp=0)
    run_jobs()

    assert ExportSet.objects.count() == 1
