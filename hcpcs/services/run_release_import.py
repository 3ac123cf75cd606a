"""What the worker does for a release that somebody asked for: the preview, then the loading.

Each can be killed at any point and begun again: what counts is written in one transaction at the end, which first looks
whether it is still wanted.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.core.files import File
from django.db import transaction
from django.utils import timezone

from hcpcs.models import AT_WORK, ImportState, ReleaseImport
from hcpcs.parsing.file import ReleaseFile, parse_release_file
from hcpcs.parsing.record import ReleaseFileError
from hcpcs.queries.release_imports import catalogue_seen
from hcpcs.services.derive_catalogue import CatalogueError
from hcpcs.services.import_lines import keep_report
from hcpcs.services.import_release import (
    import_release_file,
    new_release,
    release_period,
    store_release,
    wait_for_other_imports,
)
from hcpcs.services.release_imports import keep_file, renew
from hcpcs.sources.open import fetch, release_file, unpacked

# Seconds between two notes on how far it is.
_NOTE_EVERY = 0.5


def make_preview(*, import_id: int) -> None:
    """Fetch the file where it is an address, read it, and keep what loading it would do."""
    asked = ReleaseImport.objects.get(pk=import_id)
    if asked.state != ImportState.READING:
        return
    with _failing_with_a_word(asked):
        file = _opened(asked)
        seen = catalogue_seen()
        report = import_release_file(
            file=file,
            year=asked.year,
            quarter=asked.quarter,
            revision=asked.revision,
            is_complete=asked.is_complete,
            dry_run=True,
            progress=_noting(asked, "Reading lines"),
        )
        with transaction.atomic():
            row = _locked(asked)
            if row.state != ImportState.READING:  # discarded meanwhile
                return
            keep_report(row, report)
            row.seen_catalogue, row.member = seen, file.name
            row.state = ImportState.READY
            row.save()


def load_confirmed(*, import_id: int) -> None:
    """Load what was confirmed, once; or make a new preview where another release came in between."""
    asked = ReleaseImport.objects.get(pk=import_id)
    if asked.state != ImportState.CONFIRMED:
        return
    with _failing_with_a_word(asked):
        file = _opened(asked)
        period = release_period(file.name, asked.year, asked.quarter, asked.revision)
        file_format, parsed = parse_release_file(file, progress=_noting(asked, "Reading lines"))
        _note(asked, "Writing to the catalogue", 0, 0)
        with transaction.atomic():
            row = _locked(asked)
            if row.state != ImportState.CONFIRMED:
                return
            wait_for_other_imports()
            if row.seen_catalogue != catalogue_seen():
                renew(row)
                row.save()
                return
            release = new_release(
                file=file,
                file_format=file_format,
                period=period,
                is_complete=row.is_complete,
                source=row.address or f"Uploaded as {row.file_name}",
            )
            report = store_release(release=release, parsed=parsed)
            keep_report(row, report)
            row.release = report.release
            row.state, row.finished_at = ImportState.LOADED, timezone.now()
            row.save()


def give_up(*, import_id: int) -> None:
    """It has failed again and again for a reason that is not the file's."""
    _fail(
        ReleaseImport.objects.get(pk=import_id),
        "It failed several times, for a reason that is not in the file. Nothing was loaded. The worker's log says why; "
        "ask whoever runs this server, then load the file again.",
    )


def _opened(asked: ReleaseImport) -> ReleaseFile:
    if not asked.file:
        _note(asked, "Fetching bytes", 0, 0)
        fetched = fetch(asked.address, progress=_noting(asked, "Fetching bytes"))
        with fetched.file as content:
            asked.file_name = fetched.name
            keep_file(asked, File(content))
        asked.save(update_fields=["file", "file_name"])
    with asked.file.open("rb") as stored:
        whole = release_file(asked.file_name, stored.read())
    if asked.sha256 != whole.sha256:
        asked.sha256 = whole.sha256
        asked.save(update_fields=["sha256"])
    return unpacked(whole)


def _locked(asked: ReleaseImport) -> ReleaseImport:
    return ReleaseImport.objects.select_for_update(of=("self",)).get(pk=asked.pk)


def _noting(asked: ReleaseImport, stage: str) -> Callable[[int, int], None]:
    last = 0.0

    def note(done: int, total: int) -> None:
        nonlocal last
        if time.monotonic() - last >= _NOTE_EVERY or done == total:
            last = time.monotonic()
            _note(asked, stage, done, total)

    return note


def _note(asked: ReleaseImport, stage: str, done: int, total: int) -> None:
    ReleaseImport.objects.filter(pk=asked.pk, state__in=AT_WORK).update(
        stage=stage, done=done, total=total, noted_at=timezone.now()
    )


@contextmanager
def _failing_with_a_word(asked: ReleaseImport) -> Iterator[None]:
    """A file that cannot be loaded is no fault of the worker's: the registrar is told, and the job is done."""
    try:
        yield
    except (ReleaseFileError, CatalogueError) as error:
        _fail(asked, str(error))


def _fail(asked: ReleaseImport, why: str) -> None:
    with transaction.atomic():
        row = _locked(asked)
        if row.state in AT_WORK:
            row.state, row.failure, row.finished_at = ImportState.FAILED, why, timezone.now()
            row.save()
