"""Many lines checked at once: kept, answered piece by piece, shown for a time, forgotten."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from itertools import islice
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone
from procrastinate.contrib.django import app

from hcpcs.services.bulk_load import copy_rows
from pcl.errors import RegisterError
from pcl.models import CheckAnswer, CheckBatch, CheckFile, CheckLine, CheckState
from pcl.queries.check.engine import COUNT_TABLES, DROP_TABLES, FOR_MANY, TABLES, from_tables
from pcl.queries.check.line import FIELDS, LONGEST, Faults, Line
from pcl.queries.check.many_lines import AT_ONCE, NOTHING, Key, keys_of, read_lines

MOST_LINES = 100_000
# By name, since the jobs know the services.
JOB = "pcl.jobs.check_batch"
# Lines answered in one transaction: what a killed worker loses.
_PIECE = 25_000
_KEPT = ("row", *FIELDS, "day", "organization_key", "product_key", "model_normalized", "first_of_its_kind", "error")
_PUT = """
    WITH piece AS MATERIALIZED (
        SELECT number, code, day, organization_key, product_key, model_normalized,
            CASE WHEN organization_key || product_key || model_normalized <> '' THEN first_of_its_kind END AS asked
        FROM pcl_checkline WHERE batch_id = %s AND number BETWEEN %s AND %s AND day IS NOT NULL
    ), things AS (
        INSERT INTO checked_thing SELECT DISTINCT ON (asked) asked, organization_key, product_key, model_normalized
        FROM piece WHERE asked IS NOT NULL
    )
    INSERT INTO checked_line SELECT number, code, day, asked FROM piece
"""
_ANSWER = """
    INSERT INTO pcl_checkanswer (batch_id, number, answer, reasons, listings, requirement)
    SELECT %s, answered.* FROM ({answered}) AS answered
    UNION ALL
    SELECT batch_id, number, 'error', ARRAY[error], '{{}}', NULL
    FROM pcl_checkline WHERE batch_id = %s AND number BETWEEN %s AND %s AND day IS NULL
"""


def keep_batch(
    *,
    rows: Iterable[tuple[int, Mapping[str, str]]],
    columns: dict[str, Any],
    as_published: datetime | None = None,
    file: CheckFile | None = None,
) -> CheckBatch:
    """Keep lines to be checked; nothing is answered yet. `rows` are row numbers and texts by the names of FIELDS.

    They are to be checked against the list as it stood at `as_published`, or will stand when they are. A line that
    cannot be read is kept with what is wrong with it. Raises RegisterError for none and for more than
    MOST_LINES of them. `columns` says how the file was read, and must hold no value of a cell. Lines of a kept `file`
    have its address, and are kept no longer than it.
    """
    kept = list(_kept(rows))
    if not kept:
        raise RegisterError("There is no line to check. Give at least a code and a date of service.")
    if len(kept) > MOST_LINES:
        raise RegisterError(f"There are more than {MOST_LINES:,} lines. Split them into several files.")
    with transaction.atomic():
        of_file = {"token": file.token, "made_at": file.made_at} if file is not None else {}
        batch = CheckBatch.objects.create(lines_count=len(kept), columns=columns, as_published=as_published, **of_file)
        copy_rows(
            table=CheckLine._meta.db_table,  # noqa: SLF001  # Django's public `_meta`
            columns=["batch_id", "number", *_KEPT],
            rows=((batch.pk, number, *row) for number, row in enumerate(kept, start=1)),
        )
    return batch


def _kept(rows: Iterable[tuple[int, Mapping[str, str]]]) -> Iterator[tuple[Any, ...]]:
    firsts: dict[Key, int] = {}
    left = enumerate(rows, start=1)
    while some := list(islice(left, AT_ONCE)):
        read = list(read_lines(given for _, (_, given) in some))
        keys = iter(keys_of([line for line in read if isinstance(line, Line)]))
        for (number, (row, given)), line in zip(some, read, strict=True):
            if isinstance(line, Faults):
                texts = [given.get(name, "").replace("\x00", "")[: LONGEST[name]] for name in FIELDS]
                yield (row, *texts, None, *NOTHING, number, " ".join(line.fields.values()))
            else:
                day = given["date_of_service"].strip()
                shown = (line.ref, line.code, day, line.manufacturer, line.product, line.model_number)
                key = next(keys)
                yield (row, *shown, line.day, *key, firsts.setdefault(key, number), "")


def start_batch(*, batch: CheckBatch) -> None:
    """Have the lines answered in the background; their file goes. A second wish changes nothing."""
    with transaction.atomic():
        # The file is always locked before its batch.
        CheckFile.objects.filter(token=batch.token).delete()
        row = CheckBatch.objects.select_for_update().get(pk=batch.pk)
        if row.state == CheckState.READY:
            row.state = CheckState.AT_WORK
            row.save(update_fields=["state"])
            app.configure_task(JOB, queue="checks", lock=f"check_batch:{row.pk}").defer(batch_id=row.pk)


def answer_batch(*, batch_id: int) -> None:
    """Answer what has no answer yet, a piece in each transaction: begun again after a kill, it goes on where it was."""
    while _answer_piece(batch_id):
        pass


def _answer_piece(batch_id: int) -> bool:
    """Whether there may be more to do."""
    with transaction.atomic(), connection.cursor() as cursor:
        batch = CheckBatch.objects.select_for_update().filter(pk=batch_id, state=CheckState.AT_WORK).first()
        if batch is None:  # deleted meanwhile, or done
            return False
        piece = [batch.pk, batch.done + 1, min(batch.done + _PIECE, batch.lines_count)]
        cursor.execute(FOR_MANY)
        cursor.execute(TABLES)
        cursor.execute(_PUT, piece)
        cursor.execute(COUNT_TABLES)
        cursor.execute(_ANSWER.format(answered=from_tables(as_published=batch.as_published)), [batch.pk, *piece])
        cursor.execute(DROP_TABLES)
        batch.done = piece[-1]
        if batch.done == batch.lines_count:
            batch.state = CheckState.DONE
        batch.save(update_fields=["done", "state"])
        return batch.state == CheckState.AT_WORK


def give_up(*, batch_id: int) -> None:
    """It has failed again and again for a reason that is not the lines'."""
    CheckBatch.objects.filter(pk=batch_id, state=CheckState.AT_WORK).update(
        state=CheckState.FAILED,
        failure="The check failed several times, for a reason that is not in your lines. Try again later, or check "
        "single lines. The server's log says why.",
    )


def delete_batch(*, batch: CheckBatch) -> None:
    """Lines and answers go, at once, and so does the file that they are of."""
    with transaction.atomic():
        CheckFile.objects.filter(token=batch.token).delete()
        delete_lines([batch.pk])


def forget_old_batches() -> int:
    """Delete what is older than CHECK_KEPT_HOURS, files too; how many batches that were."""
    before = timezone.now() - timedelta(hours=settings.CHECK_KEPT_HOURS)
    CheckFile.objects.filter(made_at__lt=before).delete()
    old = list(CheckBatch.objects.filter(made_at__lt=before).values_list("pk", flat=True))
    for pk in old:
        delete_lines([pk])
    return len(old)


def delete_lines(batches: list[int]) -> None:
    """The batches of these keys, with their lines and answers."""
    with transaction.atomic():
        # First the batch is locked, so that no piece is answered meanwhile.
        list(CheckBatch.objects.select_for_update().filter(pk__in=batches))
        CheckAnswer.objects.filter(batch_id__in=batches).delete()
        CheckLine.objects.filter(batch_id__in=batches).delete()
        CheckBatch.objects.filter(pk__in=batches).delete()
