"""Files of lines to check, kept while somebody says which column is what."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from pcl.errors import RegisterError
from pcl.models import CheckBatch, CheckFile, CheckState
from pcl.queries.check_file.kept_file import Told, lines_as_chosen
from pcl.services.check_batches import delete_lines, keep_batch


class FileGone(RegisterError):
    """Its lines were started, or it was deleted."""


def keep_file(*, told: Told, content: bytes, batch: CheckBatch | None, as_published: datetime | None) -> CheckFile:
    """Keep what `kept_file` made of a file; `batch` has its lines, where its columns were recognized."""
    of_batch = {"token": batch.token, "made_at": batch.made_at} if batch is not None else {}
    return CheckFile.objects.create(told=told.as_json(), content=content, as_published=as_published, **of_batch)


def choose_columns(*, token: str, chosen: Mapping[str, int], begin: int) -> CheckBatch:
    """Read the file's lines from row `begin` on, with each field of `chosen` from the column of that place.

    They replace those that were read before, at the same address. Raises FileGone, and RegisterError as keep_batch.
    """
    with transaction.atomic():
        file = CheckFile.objects.select_for_update().filter(token=token).first()
        if file is None:
            raise FileGone("These lines are being checked already, or were deleted: their columns cannot be changed.")
        columns, lines = lines_as_chosen(Told.of(file.told), bytes(file.content), chosen=dict(chosen), begin=begin)
        delete_lines(list(CheckBatch.objects.filter(token=token).values_list("pk", flat=True)))
        batch = keep_batch(rows=lines, columns=columns.told(), as_published=file.as_published, file=file)
        told = file.told | {"chosen": dict(chosen), "begin": begin, "recognized": True}
        CheckFile.objects.filter(pk=file.pk).update(told=told)
    return batch


def ask_as_of(*, token: str, as_published: datetime | None) -> None:
    """Have the lines of this file, which are not started yet, checked against the list as it stood then."""
    with transaction.atomic():
        if CheckFile.objects.filter(token=token).update(as_published=as_published):
            CheckBatch.objects.filter(token=token, state=CheckState.READY).update(as_published=as_published)


def delete_file(*, token: str) -> bool:
    """The file goes, at once; its batch, if it has one, stays. Whether there was one."""
    return CheckFile.objects.filter(token=token).delete()[0] > 0
