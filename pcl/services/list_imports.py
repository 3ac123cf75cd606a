"""What a registrar can do about an existing list: bring it, decide on names, confirm the preview, or leave it."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import TYPE_CHECKING
from uuid import uuid4

from django.core.files import File
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils import timezone
from procrastinate.contrib.django import app

from pcl.dates import refuse_implausible_day
from pcl.errors import RegisterError
from pcl.models import ListImport, ListImportProgress, ListImportState, NameChoice
from pcl.models.list_import_line import LEFT_OUT, WRITTEN
from pcl.uploads import storing

if TYPE_CHECKING:
    from accounts.models import User

# By name, since the jobs know the services.
PREVIEW_JOB = "pcl.jobs.preview_list"
IMPORT_JOB = "pcl.jobs.import_list"


def ask_for_list_import(
    *, by: "User", upload: File, source: str, reason: str, first_day: date | None = None
) -> ListImport:
    """Keep the file and have it read in the background: a preview, which lists nothing.

    `source` and `reason` are public. `first_day` is for rows that state none. Raises RegisterError for a day that
    cannot be meant, NotStoredError where the file cannot be kept.
    """
    if first_day is not None:
        refuse_implausible_day(first_day)
    asked = ListImport(asked_by=by, source=source, reason=reason, first_day=first_day)
    asked.file_name = (upload.name or "list")[-255:]
    # Under a name of ours: what somebody called it is no path on this machine.
    with storing(upload):
        stored = default_storage.save(f"lists/{uuid4().hex}", upload)
    asked.file = stored
    try:
        with transaction.atomic():
            asked.save()
            ListImportProgress.objects.create(list_import=asked)
            _defer(PREVIEW_JOB, asked)
    except BaseException:
        default_storage.delete(stored)
        raise
    return asked


def decide_names(*, list_import: ListImport, choices: Mapping[int, str]) -> ListImport:
    """Say of names (by id) whether each is the organization that it looks like; the preview is made anew with that.

    Raises RegisterError where there is nothing to decide any more.
    """

    def decide(row: ListImport) -> None:
        if row.state != ListImportState.READY:
            raise RegisterError(f"There is nothing to decide: {row.get_state_display().lower()}.")
        known = {name.pk: name for name in row.names.filter(pk__in=choices, look_alike__isnull=False)}
        chosen = [name for pk, name in known.items() if choices[pk] in NameChoice.values]
        if not chosen:
            raise RegisterError("Choose for at least one name.")
        for name in chosen:
            name.choice = choices[name.pk]
        row.names.bulk_update(chosen, ["choice"], batch_size=500)
        row.state = ListImportState.READING
        _defer(PREVIEW_JOB, row)

    return _changed(list_import, frozenset({ListImportState.READY}), decide)


def confirm_list_import(*, list_import: ListImport, by: "User", without_bad_rows: bool = False) -> ListImport:
    """Have what the preview shows listed, in the background. A second confirmation changes nothing.

    Where rows cannot be listed, `without_bad_rows` says that they are left out. Raises RegisterError where that is not
    said, names are undecided, or there is nothing to confirm.
    """

    def confirm(row: ListImport) -> None:
        if row.state in {ListImportState.CONFIRMED, ListImportState.IMPORTED}:
            return
        if row.state != ListImportState.READY:
            raise RegisterError(f"There is nothing to confirm: {row.get_state_display().lower()}.")
        if row.counts.get("undecided_names"):
            raise RegisterError("Say of each organization that looks like another one which it is, then confirm.")
        if not any(row.counts.get(outcome) for outcome in (*WRITTEN, "former_names")):
            raise RegisterError("Importing it would list nothing, so there is nothing to confirm.")
        if any(row.counts.get(outcome) for outcome in LEFT_OUT) and not without_bad_rows:
            raise RegisterError(
                "Some rows cannot be listed. Say that they are left out, or discard this and mend the file."
            )
        row.state = ListImportState.CONFIRMED
        row.confirmed_by, row.confirmed_at = by, timezone.now()
        _defer(IMPORT_JOB, row)

    return _changed(
        list_import,
        frozenset({ListImportState.READY}),
        confirm,
        done=(ListImportState.CONFIRMED, ListImportState.IMPORTED),
    )


def discard_list_import(*, list_import: ListImport) -> ListImport:
    """Leave it. Raises RegisterError for one that is being imported or is over."""

    def discard(row: ListImport) -> None:
        if row.state not in {ListImportState.READING, ListImportState.READY}:
            raise RegisterError(f"It cannot be discarded any more: {row.get_state_display().lower()}.")
        row.state, row.finished_at = ListImportState.DISCARDED, timezone.now()

    return _changed(list_import, frozenset({ListImportState.READING, ListImportState.READY}), discard)


def _changed(
    list_import: ListImport,
    possible: frozenset[ListImportState],
    change: Callable[[ListImport], None],
    done: tuple[ListImportState, ...] = (),
) -> ListImport:
    # Looked at first without waiting: the worker holds the row as long as it writes.
    now = ListImport.objects.get(pk=list_import.pk)
    if now.state in done:
        return now
    if now.state not in possible:
        change(now)
        return now
    with transaction.atomic():
        row = ListImport.objects.select_for_update(of=("self",)).get(pk=list_import.pk)
        change(row)
        if row.is_at_work:
            ListImportProgress.objects.filter(list_import=row).update(stage="", done=0, total=0)
        row.save()
    return row


def _defer(job: str, row: ListImport) -> None:
    # One job of an import at a time, also where a stalled one is begun again.
    app.configure_task(job, queue="lists", lock=f"list_import:{row.pk}").defer(list_import_id=row.pk)
