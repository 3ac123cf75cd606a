"""The embedded server: found by whoever comes second, stopped by whoever leaves last, and nobody else's business."""

import os
import pwd
import shutil
import signal
import subprocess
import sys
import sysconfig
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from django.core.exceptions import ImproperlyConfigured

from config.embedded_postgres import server as embedded

ROOT = Path(__file__).resolve().parents[2]
AS_ROOT = os.geteuid() == 0

# Says "up" when the server answers, runs the SQL it is given on standard input, line by line, until there is no more.
USER_PROCESS = """
import sys, psycopg
from pathlib import Path
from config.embedded_postgres.server import start
server = start(Path(sys.argv[1]))
server.ensure_database("register")
print("up", flush=True)
for line in sys.stdin:
    with psycopg.connect(host=server.host, user=server.user, dbname="register", autocommit=True) as connection:
        cursor = connection.execute(line)
        print(cursor.fetchone()[0] if cursor.description else "done", flush=True)
"""


class UserProcess:
    """Another process that uses the server on `data_dir`."""

    def __init__(self, data_dir: Path, *, user: str | None = None) -> None:
        account = pwd.getpwnam(user) if user else None
        python = a_python_for(account) if account else [sys.executable]
        self.process = subprocess.Popen(
            [*python, "-W", "error", "-c", USER_PROCESS, str(data_dir)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            cwd=ROOT,
            env={"PATH": os.defpath, "PYTHONDONTWRITEBYTECODE": "1"},
            user=account.pw_uid if account else None,
            group=account.pw_gid if account else None,
            extra_groups=[] if account else None,
        )
        if self._line() != "up":
            _, words = self.process.communicate()
            pytest.fail(words)

    def run(self, sql: str) -> str:
        self.process.stdin.write(sql + "\n")
        self.process.stdin.flush()
        return self._line()

    def leave(self) -> None:
        _, words = self.process.communicate(timeout=60)
        assert (self.process.returncode, words) == (0, "")

    def kill(self) -> None:
        self.process.kill()
        self.process.communicate(timeout=60)

    def _line(self) -> str:
        return self.process.stdout.readline().strip()


@pytest.fixture
def folder() -> Iterator[Path]:
    """A short path, which a socket's must be; pytest's own are private to one user."""
    path = Path(tempfile.mkdtemp(prefix="pcl-", dir="/tmp"))
    path.chmod(0o755)
    yield path
    for pid_file in path.rglob("postmaster.pid"):
        os.kill(int(pid_file.read_text().split()[0]), signal.SIGQUIT)
    shutil.rmtree(path, ignore_errors=True)


def is_up(data_dir: Path) -> bool:
    try:
        psycopg.connect(host=str(data_dir), user="postgres", dbname="postgres").close()
    except psycopg.OperationalError:
        return False
    return True


def a_python_for(account: pwd.struct_passwd) -> list[str]:
    """This Python or, where it lies in a private folder, the machine's own of the same version; else a skip."""
    as_them = {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": [], "capture_output": True}
    for python in (sys.executable, f"/usr/bin/python3.{sys.version_info.minor}"):
        command = ["/usr/bin/env", f"PYTHONPATH={sysconfig.get_path('purelib')}", python, "-B"]
        if subprocess.run([*command, "-c", "import psycopg"], check=False, **as_them).returncode == 0:
            return command
    pytest.skip("every Python of this version lies in a folder that other users may not enter")


def server_process(data_dir: Path) -> int:
    return int((data_dir / "postmaster.pid").read_text().split()[0])


def test_the_second_process_finds_the_server_and_the_last_one_stops_it(folder: Path) -> None:
    first = UserProcess(folder / "postgres")
    started = server_process(folder / "postgres")
    second = UserProcess(folder / "postgres")
    assert server_process(folder / "postgres") == started
    first.leave()
    assert second.run("SELECT 'still here'") == "still here"
    second.leave()
    assert not is_up(folder / "postgres")
    assert not (folder / "postgres" / "postmaster.pid").exists()


def test_what_was_saved_outlives_a_killed_process_which_then_no_longer_counts(folder: Path) -> None:
    killed = UserProcess(folder / "postgres")
    killed.run("CREATE TABLE kept (word text)")
    killed.run("INSERT INTO kept VALUES ('saved')")
    killed.kill()
    following = UserProcess(folder / "postgres")
    assert following.run("SELECT word FROM kept") == "saved"
    following.leave()
    assert not is_up(folder / "postgres")


def test_what_was_saved_outlives_the_death_of_everything(folder: Path) -> None:
    killed = UserProcess(folder / "postgres")
    killed.run("CREATE TABLE kept (word text)")
    killed.run("INSERT INTO kept VALUES ('saved')")
    killed.kill()
    postmaster = server_process(folder / "postgres")
    os.kill(postmaster, signal.SIGKILL)
    while is_up(folder / "postgres"):
        time.sleep(0.05)
    assert (folder / "postgres" / "postmaster.pid").exists()
    following = UserProcess(folder / "postgres")
    assert following.run("SELECT word FROM kept") == "saved"
    following.leave()


def test_a_cluster_that_was_never_finished_is_made_anew(folder: Path) -> None:
    (folder / "postgres.unfinished").mkdir()
    (folder / "postgres.unfinished" / "PG_VERSION").write_text("18\n")
    user = UserProcess(folder / "postgres")
    assert user.run("SELECT 1") == "1"
    user.leave()
    assert not (folder / "postgres.unfinished").exists()


def test_every_machine_sorts_and_folds_case_alike(folder: Path) -> None:
    user = UserProcess(folder / "postgres")
    locale = "SELECT datlocprovider::text || ' ' || datlocale FROM pg_database WHERE datname = 'register'"
    assert user.run(locale) == "b C.UTF-8"
    assert user.run("SELECT lower('ÉLAN')") == "élan"
    user.leave()


@pytest.mark.skipif(not AS_ROOT, reason="only root can act as a second user of the machine")
def test_a_second_user_of_the_machine_has_a_server_of_their_own(folder: Path) -> None:
    other = pwd.getpwnam("nobody")
    theirs = folder / "theirs"
    theirs.mkdir()
    os.chown(theirs, other.pw_uid, other.pw_gid)
    mine = UserProcess(folder / "mine" / "postgres")
    second = UserProcess(theirs / "postgres", user="nobody")
    assert mine.run("SELECT 'mine'") == "mine"
    assert second.run("SELECT 'theirs'") == "theirs"
    assert (theirs / "postgres").stat().st_uid == other.pw_uid
    mine.leave()
    assert second.run("SELECT 'theirs'") == "theirs"
    second.leave()
    assert not list(folder.rglob("postmaster.pid"))


@pytest.mark.skipif(not AS_ROOT, reason="only root can act as a second user of the machine")
def test_another_users_folder_is_refused_in_plain_words(folder: Path) -> None:
    other = pwd.getpwnam("nobody")
    UserProcess(folder / "postgres").leave()
    attempt = subprocess.run(
        [*a_python_for(other), "-c", USER_PROCESS, str(folder / "postgres")],
        user=other.pw_uid,
        group=other.pw_gid,
        extra_groups=[],
        cwd=ROOT,
        env={"PATH": os.defpath},
        capture_output=True,
        text=True,
        check=False,
        stdin=subprocess.DEVNULL,
    )
    assert attempt.returncode == 1
    assert "Set PCL_VAR to a folder that you may write." in attempt.stderr.splitlines()[-1]


def test_a_folder_that_cannot_be_made_is_refused_in_plain_words(folder: Path) -> None:
    (folder / "file").write_text("in the way")
    with pytest.raises(ImproperlyConfigured, match="Set PCL_VAR to a folder that you may write"):
        embedded.start(folder / "file" / "postgres")


def test_a_path_too_long_for_a_socket_is_refused_in_plain_words(folder: Path) -> None:
    with pytest.raises(ImproperlyConfigured, match=r"too long for a socket.*at most 79 characters"):
        embedded.start(folder / ("x" * 79) / "postgres")
    assert list(folder.iterdir()) == []


def test_a_path_with_a_comma_is_refused_because_a_host_list_would_be_read_into_it(folder: Path) -> None:
    with pytest.raises(ImproperlyConfigured, match="comma"):
        embedded.start(folder / "a,b" / "postgres")


def test_a_path_with_spaces_and_quotes_serves(folder: Path) -> None:
    odd = folder / 'it\'s "my" $HOME folder' / "postgres"
    user = UserProcess(odd)
    assert user.run("SELECT 1") == "1"
    user.leave()


def test_data_of_another_major_version_is_refused_in_plain_words(folder: Path) -> None:
    (folder / "postgres").mkdir()
    (folder / "postgres" / "PG_VERSION").write_text("16\n")
    with pytest.raises(ImproperlyConfigured, match="holds data of PostgreSQL 16"):
        embedded.start(folder / "postgres")


def test_a_forked_child_neither_stops_the_server_nor_loses_it(folder: Path) -> None:
    """gunicorn forks its workers, and a worker that is replaced ends in good order."""
    program = """
import os, sys
from pathlib import Path
from config.embedded_postgres.server import start
data_dir, parent = Path(sys.argv[1]), os.getpid()
server = start(data_dir)
if os.fork() == 0:
    start(data_dir)
    sys.exit(0)
os.wait()
assert server.answers(), "the child stopped the parent's server"
if os.fork():
    sys.exit(0)
while os.getppid() == parent:
    pass
print("answers" if start(data_dir).answers() else "lost", flush=True)
"""
    data_dir = folder / "postgres"
    command = [sys.executable, "-c", program, str(data_dir)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=60)
    assert (done.returncode, done.stderr, done.stdout) == (0, "", "answers\n")
    assert not (data_dir / "postmaster.pid").exists()


@pytest.mark.skipif(not AS_ROOT, reason="only root hands the server to a system user")
def test_as_root_the_folders_above_may_be_passed_but_not_listed(folder: Path) -> None:
    folder.chmod(0o700)
    UserProcess(folder / "deep" / "postgres").leave()
    assert folder.stat().st_mode & 0o777 == 0o711
    assert (folder / "deep" / "postgres").stat().st_mode & 0o777 == 0o700
