"""Statements over all lines of a list, planned for many rows whatever the statistics say."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection


@contextmanager
def joined_whole(*tables: str) -> Iterator[Any]:
    """A cursor for statements that join `tables`, written a moment ago, as a whole. In a transaction only.

    What was just written has no statistics; taken for a single row, 100,000 are joined row by row, which takes hours.
    """
    with connection.cursor() as cursor:
        cursor.execute(f"ANALYZE {', '.join(tables)}")
        cursor.execute("SET LOCAL enable_nestloop = off")
        yield cursor
        cursor.execute("SET LOCAL enable_nestloop = on")
