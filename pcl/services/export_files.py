"""Makes the bulk files: all of a set in one instant, each complete or not at all."""

import hashlib
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import IO

from django.conf import settings
from django.db import DatabaseError, connection, transaction
from django.db.models import Max
from django.utils import timezone

from pcl.models import ExportFailure, ExportFile, ExportFormat, ExportSet, ListingChange
from pcl.queries.bulk_files.nouns import NOUNS, BulkNoun
from pcl.queries.bulk_files.parquet import write_parquet
from pcl.queries.bulk_files.ready import is_due, newest_set, register_fingerprint
from pcl.queries.column import Column
from pcl.queries.row_stream import rows_as_csv, rows_as_ndjson
from pcl.queries.workbook import write_workbook
from pcl.services.changes import instant_text

# Any number will do, as long as nothing else locks it: 0x50434C is "PCL", E is for export.
EXPORT_LOCK = 0x50434C45
PART = ".part"
_FAILURES_KEPT = timedelta(days=90)


class ExportFailed(Exception):
    """No set was made; the last good one stays."""


@dataclass(frozen=True)
class Instant:
    """What all files of a set have in common."""

    at: datetime
    change_seq: int
    fingerprint: str


def make_files_when_due() -> ExportSet | None:
    """Make a set of files if it is time (pcl/queries/bulk_files/ready.py) and nobody else is at it; else None.

    Raises ExportFailed after the reason is noted for the registrar. Not to be called within a transaction.
    """
    with _alone() as is_alone:
        if not is_alone or not is_due(timezone.now()):
            return None
        return _make_set()


def make_files() -> ExportSet | None:
    """The same whether it is time or not; None where somebody else is at it."""
    with _alone() as is_alone:
        return _make_set() if is_alone else None


@contextmanager
def _alone() -> Iterator[bool]:
    """Held by the session, so that it ends with a killed worker, and before the instant of the files is chosen."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [EXPORT_LOCK])
        (is_alone,) = cursor.fetchone()
    try:
        yield is_alone
    finally:
        if is_alone:
            # With the connection the lock is gone, too.
            with suppress(DatabaseError), connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [EXPORT_LOCK])


def _make_set() -> ExportSet:
    began = timezone.now()
    folder = Path(settings.EXPORT_FOLDER)
    made: list[Path] = []
    try:
        folder.mkdir(parents=True, exist_ok=True)
        _remove_strays(folder)
        _another_second(began)
        with _one_instant() as instant:
            files = [
                _write(folder, noun, file_format, instant, made) for noun in NOUNS.values() for file_format in _WRITE
            ]
        _check_agreement(files)
        for file in files:
            (folder / f"{file.name}{PART}").rename(file.path)
            made.append(file.path)
        _sync(folder)
        with transaction.atomic():
            export_set = ExportSet.objects.create(
                generated_at=instant.at,
                change_seq=instant.change_seq,
                fingerprint=instant.fingerprint,
                took=timezone.now() - began,
            )
            for file in files:
                file.export_set = export_set
            ExportFile.objects.bulk_create(files)
    except Exception as error:
        for path in made:
            path.unlink(missing_ok=True)
        reason = f"{type(error).__name__}: {error}"
        # Where the database is what failed, the worker's log says so.
        with suppress(DatabaseError):
            ExportFailure.objects.create(at=timezone.now(), reason=reason)
        raise ExportFailed(reason) from error
    forget_old_files()
    return export_set


@contextmanager
def _one_instant() -> Iterator[Instant]:
    """Whatever is read in the block is as it was when the block began."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        # The first question takes the picture that all others are answered from.
        newest = ListingChange.objects.aggregate(newest=Max("seq"))["newest"]
        yield Instant(timezone.now(), newest or 0, register_fingerprint())


def _write(folder: Path, noun: BulkNoun, file_format: ExportFormat, instant: Instant, made: list[Path]) -> ExportFile:
    name = f"{noun.name}-{instant.at.astimezone(UTC):%Y-%m-%dT%H%M%SZ}.{file_format}"
    path = folder / f"{name}{PART}"
    made.append(path)
    with path.open("w+b") as file:
        rows = _WRITE[file_format](file, noun, instant)
        file.flush()
        os.fsync(file.fileno())
        file.seek(0)
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    return ExportFile(
        noun=noun.name,
        format=file_format,
        name=name,
        rows=rows,
        bytes=path.stat().st_size,
        sha256=digest,
        schema_version=noun.schema_version,
    )


def _csv(file: IO[bytes], noun: BulkNoun, instant: Instant) -> int:
    for piece in rows_as_csv(noun.rows(), _columns(noun, instant)):
        file.write(piece)
    # A cell may hold line breaks, so that lines say nothing. The snapshot is the same.
    return noun.rows().order_by().count()


def _ndjson(file: IO[bytes], noun: BulkNoun, instant: Instant) -> int:
    count = 0
    for piece in rows_as_ndjson(noun.rows(), _columns(noun, instant)):
        file.write(piece)
        count += piece.count(b"\n")
    return count


def _workbook(file: IO[bytes], noun: BulkNoun, instant: Instant) -> int:
    return write_workbook(file, noun.rows(), _columns(noun, instant), title=noun.heading)


def _parquet(file: IO[bytes], noun: BulkNoun, instant: Instant) -> int:
    said = {
        "noun": noun.name,
        "schema_version": noun.schema_version,
        "generated_at": instant_text(instant.at),
        "change_seq": str(instant.change_seq),
        "source": settings.SITE_URL,
    }
    return write_parquet(file, noun.rows(), _columns(noun, instant), said=said)


def _columns(noun: BulkNoun, instant: Instant) -> list[Column]:
    return noun.columns(on=timezone.localdate(instant.at), site=settings.SITE_URL)


_WRITE: dict[ExportFormat, Callable[[IO[bytes], BulkNoun, Instant], int]] = {
    ExportFormat.CSV: _csv,
    ExportFormat.XLSX: _workbook,
    ExportFormat.NDJSON: _ndjson,
    ExportFormat.PARQUET: _parquet,
}


def _check_agreement(files: list[ExportFile]) -> None:
    """All formats of a noun have the same rows, or none is published."""
    for noun in NOUNS:
        counts = {str(file.format): file.rows for file in files if file.noun == noun}
        if len(set(counts.values())) != 1:
            raise ExportFailed(f"The files of {noun} do not have the same number of rows: {counts}.")


def _another_second(now: datetime) -> None:
    """Names tell seconds, and no name is ever given twice."""
    newest = newest_set()
    if newest and newest.generated_at.replace(microsecond=0) >= now.replace(microsecond=0):
        time.sleep(1)


def _remove_strays(folder: Path) -> None:
    """What a killed worker left behind: nobody else writes here while the lock is held."""
    known = set(ExportFile.objects.values_list("name", flat=True))
    for path in folder.iterdir():
        if path.is_file() and path.name not in known:
            path.unlink(missing_ok=True)


def _sync(folder: Path) -> None:
    """So that a power cut forgets no name that the database remembers."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def forget_old_files() -> int:
    """Remove sets that need not be kept, and say how many.

    The newest stays for ever; the others for EXPORT_KEPT_HOURS, and the last of each Eastern day for EXPORT_KEPT_DAYS.
    """
    now = timezone.now()
    kept_days: set[object] = set()
    gone: list[ExportSet] = []
    for number, each in enumerate(ExportSet.objects.order_by("-generated_at")):
        day, age = timezone.localdate(each.generated_at), now - each.generated_at
        is_last_of_day = day not in kept_days
        kept_days.add(day)
        kept_for = timedelta(days=settings.EXPORT_KEPT_DAYS) if is_last_of_day else timedelta(0)
        if number and age > max(kept_for, timedelta(hours=settings.EXPORT_KEPT_HOURS)):
            gone.append(each)
    for each in gone:
        paths = [file.path for file in each.files.all()]
        # First the row: a file without one is swept up later, a row without its file would promise too much.
        each.delete()
        for path in paths:
            path.unlink(missing_ok=True)
    ExportFailure.objects.filter(at__lt=now - _FAILURES_KEPT).delete()
    return len(gone)
