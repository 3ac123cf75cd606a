"""What the worker does for a list that somebody asked for: the preview, then the import.

Each can be killed at any point and begun again: what counts is written in one transaction at the end of which it is
looked whether it is still wanted.
"""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager

from django.core.files.storage import default_storage
from django.db import transaction
from django.utils import timezone

from pcl.errors import RegisterError
from pcl.models import ListImport, ListImportState
from pcl.models.list_import import LIST_AT_WORK
from pcl.queries.list_file.columns import PatientDataError
from pcl.services.judge_list import counted, judge_lines
from pcl.services.list_import_names import resolve_names
from pcl.services.list_import_progress import ListProgress
from pcl.services.read_list import read_list
from pcl.services.write_list import write_list


def make_list_preview(*, list_import_id: int) -> None:
    """Read the file, unless that was done, and keep what importing it would do."""
    asked = ListImport.objects.get(pk=list_import_id)
    if asked.state != ListImportState.READING:
        return
    with _failing_with_a_word(asked), ListProgress(asked.pk) as progress, transaction.atomic():
        rows = asked.counts.get("rows")
        if rows is None:
            with asked.file.open("rb") as stored:
                content = stored.read()
            asked.sha256 = hashlib.sha256(content).hexdigest()
            rows = read_list(list_import=asked, content=content, progress=progress)
            del content
        progress.note("Comparing with the register")
        resolve_names(asked)
        judge_lines(asked)
        row = _locked(asked)
        if row.state != ListImportState.READING:  # discarded meanwhile
            transaction.set_rollback(True)
            return
        row.sha256, row.columns = asked.sha256, asked.columns
        row.counts = counted(asked, rows=rows)
        row.state = ListImportState.READY
        row.save()


def import_confirmed_list(*, list_import_id: int) -> None:
    """List what was confirmed, once, and what of it still fits."""
    with ListProgress(list_import_id) as progress, transaction.atomic():
        row = _locked(ListImport(pk=list_import_id))
        if row.state != ListImportState.CONFIRMED:
            return
        write_list(list_import=row, progress=progress)
        row.counts = counted(row, rows=row.counts["rows"])
        row.finished_at = timezone.now()
        if row.listing_count or row.name_count:
            row.state = ListImportState.IMPORTED
        else:
            row.state = ListImportState.FAILED
            row.failure = (
                "The register has changed since the preview, and nothing of the list fits any more. The report says "
                "why, row by row."
            )
        row.save()


def give_up_list(*, list_import_id: int) -> None:
    """It has failed again and again for a reason that is not the file's."""
    _fail(
        ListImport(pk=list_import_id),
        "It failed several times, for a reason that is not in the file. Nothing was listed. The worker's log says why; "
        "ask whoever runs this server, then bring the list again.",
    )


def _locked(asked: ListImport) -> ListImport:
    rows = ListImport.objects.select_for_update(of=("self",)).select_related("confirmed_by")
    return rows.get(pk=asked.pk)


@contextmanager
def _failing_with_a_word(asked: ListImport) -> Iterator[None]:
    """A file that cannot be read is no fault of the worker's: the registrar is told, and the job is done."""
    try:
        yield
    except PatientDataError as error:
        _fail(asked, str(error), keep_file=False)
    except RegisterError as error:
        _fail(asked, str(error))


def _fail(asked: ListImport, why: str, *, keep_file: bool = True) -> None:
    with transaction.atomic():
        row = _locked(asked)
        if row.state not in LIST_AT_WORK:
            return
        name = str(row.file.name)
        row.state, row.failure, row.finished_at = ListImportState.FAILED, why, timezone.now()
        if not keep_file:
            row.file = ""
        row.save()
    if not keep_file and name:
        # After the commit: a row may never name a file that is gone.
        default_storage.delete(name)
