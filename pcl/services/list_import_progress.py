"""Tells how far a job is while its one transaction is still open, over a connection of its own."""

import time
from types import TracebackType
from typing import Self

from django.db import connection

# Seconds between two notes.
_NOTE_EVERY = 0.5


class ListProgress:
    def __init__(self, list_import_id: int) -> None:
        self.list_import_id = list_import_id
        self._said = ("", 0.0)

    def __enter__(self) -> Self:
        self._connection = connection.copy()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, where: TracebackType | None
    ) -> None:
        self._connection.close()

    def note(self, stage: str, done: int = 0, total: int = 0) -> None:
        """`done` of `total`, both in pieces of the stage; 0 where nobody knows."""
        before, when = self._said
        if stage == before and done != total and time.monotonic() - when < _NOTE_EVERY:
            return
        self._said = (stage, time.monotonic())
        with self._connection.cursor() as cursor:
            cursor.execute(
                "UPDATE pcl_listimportprogress SET stage = %s, done = %s, total = %s WHERE list_import_id = %s",
                [stage, done, total, self.list_import_id],
            )
