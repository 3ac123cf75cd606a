"""Empties the tables after a test with transactions of its own, as Django's `flush` does, only quicker.

TRUNCATE makes a new file for each of some hundred tables and for each of their indexes, most of them empty anyway: a
third of a second after each test, and seconds on a busy machine.
"""

import time
from collections.abc import Callable
from typing import Any

from django.apps import apps
from django.core.management.sql import emit_post_migrate_signal
from django.db import connection, transaction
from django.test import TransactionTestCase

LONGEST_WAIT = 20
"""Seconds for what is still under way: a browser that leaves a page may have asked something just before."""


def empty_quickly(by_truncating: Callable[[TransactionTestCase], None]) -> Callable[[TransactionTestCase], None]:
    """Takes the place of `TransactionTestCase._fixture_teardown`, which is `by_truncating`."""

    def empty(test: Any) -> None:
        if test.reset_sequences or test.serialized_rollback or test.available_apps or not _may_delete_anything():
            by_truncating(test)
            return
        _wait_until_nobody_is_at_work()
        with transaction.atomic(), connection.cursor() as cursor:
            # Neither the register's guards nor foreign keys: all rows go.
            cursor.execute("SET LOCAL session_replication_role = replica")
            for table in _tables_with_rows():
                cursor.execute(f"DELETE FROM {connection.ops.quote_name(table)}")  # noqa: S608  # a model's table
        emit_post_migrate_signal(verbosity=0, interactive=False, db=connection.alias)

    return empty


def _may_delete_anything() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT rolsuper FROM pg_roles WHERE rolname = current_user")
        return bool(cursor.fetchone()[0])


def _tables_with_rows() -> list[str]:
    tables = {model._meta.db_table for model in apps.get_models(include_auto_created=True) if model._meta.managed}
    names = [(table, connection.ops.quote_name(table)) for table in sorted(tables)]
    asked = " UNION ALL ".join(f"SELECT '{name}' WHERE EXISTS (SELECT FROM {quoted})" for name, quoted in names)  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute(asked)
        return [name for (name,) in cursor.fetchall()]


def _wait_until_nobody_is_at_work() -> None:
    until = time.monotonic() + LONGEST_WAIT
    while time.monotonic() < until:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() "
                "AND backend_type = 'client backend' AND state <> 'idle'"
            )
            if cursor.fetchone() is None:
                return
        time.sleep(0.05)
