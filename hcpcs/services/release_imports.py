"""What a registrar can do about a release: ask for it, confirm what the preview shows, or leave it."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

from django.core.files import File
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils import timezone
from procrastinate.contrib.django import app

from hcpcs.models import ImportState, ReleaseImport
from hcpcs.queries.release_imports import catalogue_seen
from hcpcs.sources.open import is_address

# By name, since the jobs know the services.
PREVIEW_JOB = "hcpcs.jobs.preview_release"
LOAD_JOB = "hcpcs.jobs.load_release"


class ReleaseImportError(ValueError):
    """It cannot be done. The text says why and may be shown."""


def ask_for_import(
    *,
    by: Any,
    upload: File | None = None,
    address: str = "",
    year: int | None = None,
    quarter: int | None = None,
    revision: int | None = None,
    is_complete: bool = True,
) -> ReleaseImport:
    """Keep the file, or the address, and have it read in the background: a preview, which writes nothing of it.

    `by` is a user. Year, quarter and revision are for a file whose name does not say them, or says them wrongly.
    """
    if (upload is None) == (not address):
        raise ReleaseImportError("Give a file or an address, and not both.")
    if address and not is_address(address):
        raise ReleaseImportError("The address must begin with https://.")
    asked = ReleaseImport(
        asked_by=by, address=address, year=year, quarter=quarter, revision=revision, is_complete=is_complete
    )
    stored = ""
    try:
        with transaction.atomic():
            if upload is not None:
                asked.file_name = (upload.name or "release")[:255]
                stored = keep_file(asked, upload)
            asked.save()
            _defer(PREVIEW_JOB, asked)
    except BaseException:
        if stored:
            default_storage.delete(stored)
        raise
    return asked


def keep_file(asked: ReleaseImport, content: File) -> str:
    """Store it under a name of ours: what somebody called it is no path on this machine."""
    asked.file = default_storage.save(f"releases/{uuid4().hex}", content)
    return str(asked.file.name)


def confirm_import(*, release_import: ReleaseImport, by: Any) -> ReleaseImport:
    """Have what the preview shows loaded, in the background. A second confirmation changes nothing.

    Raises ReleaseImportError where there is nothing to confirm, and where another release has been loaded since the
    preview was made: then a new one is being made.
    """

    def confirm(row: ReleaseImport) -> str:
        if row.state in {ImportState.CONFIRMED, ImportState.LOADED}:
            return ""
        if row.state != ImportState.READY:
            return f"There is nothing to confirm: {row.get_state_display().lower()}."
        if not row.counts.get("writes"):
            return "Loading it would change nothing, so there is nothing to confirm."
        if row.seen_catalogue != catalogue_seen():
            renew(row)
            return "Another release has been loaded since this preview was made. It is being made anew."
        row.state = ImportState.CONFIRMED
        row.confirmed_by, row.confirmed_at = by, timezone.now()
        _begin(LOAD_JOB, row)
        return ""

    return _changed(release_import, confirm)


def discard_import(*, release_import: ReleaseImport) -> ReleaseImport:
    """Leave it. Raises ReleaseImportError for one that is being loaded or is over."""

    def discard(row: ReleaseImport) -> str:
        if row.state not in {ImportState.READING, ImportState.READY}:
            return f"It cannot be discarded any more: {row.get_state_display().lower()}."
        row.state, row.finished_at = ImportState.DISCARDED, timezone.now()
        return ""

    return _changed(release_import, discard)


def read_as(
    *,
    release_import: ReleaseImport,
    year: int | None,
    quarter: int | None = None,
    revision: int | None = None,
    is_complete: bool = True,
) -> ReleaseImport:
    """Read the same file again, as another release than its name says: a new preview, in the background.

    Without a year, the file's name counts. Raises ReleaseImportError for one that is at work or over, and where the
    file is not there any more.
    """

    def read(row: ReleaseImport) -> str:
        if row.state not in {ImportState.READY, ImportState.FAILED}:
            return f"It cannot be read again: {row.get_state_display().lower()}."
        if not row.file:
            return "Its file is not kept. Load it again."
        row.year, row.quarter, row.revision, row.is_complete = year, quarter, revision, is_complete
        row.failure, row.finished_at, row.release_label, row.renewed_at = "", None, "", None
        _read_anew(row)
        return ""

    return _changed(release_import, read)


def renew(row: ReleaseImport) -> None:
    """Make the preview anew, since what it was reckoned against is no more. The caller locks the row and saves it."""
    row.renewed_at = timezone.now()
    _read_anew(row)


def _read_anew(row: ReleaseImport) -> None:
    row.state = ImportState.READING
    row.confirmed_by = row.confirmed_at = None
    row.counts, row.note = {}, ""
    _begin(PREVIEW_JOB, row)


def _begin(job: str, row: ReleaseImport) -> None:
    row.stage, row.done, row.total, row.noted_at = "", 0, 0, None
    _defer(job, row)


def _changed(release_import: ReleaseImport, change: Callable[[ReleaseImport], str]) -> ReleaseImport:
    with transaction.atomic():
        row = ReleaseImport.objects.select_for_update(of=("self",)).get(pk=release_import.pk)
        refusal = change(row)
        row.save()
    # After the commit: a refusal may have begun something, too.
    if refusal:
        raise ReleaseImportError(refusal)
    return row


def _defer(job: str, row: ReleaseImport) -> None:
    # One job of an import at a time, also where a stalled one is begun again.
    lock = f"release_import:{row.pk}"
    app.configure_task(job, queue="releases", lock=lock).defer(import_id=row.pk)
