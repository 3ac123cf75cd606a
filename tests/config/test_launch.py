"""`make run` from outside: what it says when it cannot start, what it keeps up, and what is left when it stops."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import psutil
import pytest

from config import launch

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def folder() -> Iterator[Path]:
    path = Path(tempfile.mkdtemp(prefix="pcl-", dir="/tmp"))
    path.chmod(0o755)
    yield path
    for process in servers_on(path):
        process.kill()
    shutil.rmtree(path, ignore_errors=True)


@pytest.fixture(scope="module")
def kept() -> Iterator[Path]:
    """One data folder for all that bring the whole register up: each finds what the one before it left."""
    path = Path(tempfile.mkdtemp(prefix="pcl-", dir="/tmp"))
    path.chmod(0o755)
    yield path
    for process in servers_on(path):
        process.kill()
    shutil.rmtree(path, ignore_errors=True)


@pytest.fixture
def port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def environment(**given: str) -> dict[str, str]:
    return {"PATH": os.defpath, "HOME": "/nonexistent", **given}


def refusal(**given: str) -> str:
    """What `make run` says instead of starting."""
    attempt = subprocess.run(
        [sys.executable, "-m", "config.launch"],
        cwd=ROOT,
        env=environment(**given),
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert attempt.returncode == 1
    assert "Traceback" not in attempt.stderr
    return attempt.stderr


def wait_for(condition: Callable[[], object], *, seconds: float = 300) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it took too long"
        time.sleep(0.1)


def test_a_taken_port_is_named_with_another_to_try(folder: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert f"Port {port} cannot be used" in refusal(PORT=str(port), PCL_VAR=str(folder))
    assert list(folder.iterdir()) == []


@pytest.mark.parametrize("text", ["eight", "0", "65536", "-1"])
def test_a_port_that_is_none_is_refused(text: str, folder: Path) -> None:
    assert f"PORT is {text!r}" in refusal(PORT=text, PCL_VAR=str(folder))


def test_a_data_folder_that_cannot_be_written_is_named(folder: Path, port: int) -> None:
    (folder / "file").write_text("in the way")
    words = refusal(PORT=str(port), PCL_VAR=str(folder / "file" / "var"))
    assert f"The data folder {folder}/file/var cannot be written" in words
    assert "Set PCL_VAR" in words


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("sqlite:///register.db", "DATABASE_URL must begin with postgresql://"),
        ("postgresql://[bad", "A setting in the environment cannot be used"),
        ("postgresql://nobody@127.0.0.1:1/none", "The database of DATABASE_URL cannot be reached"),
    ],
)
def test_a_bad_database_url_is_named_without_a_traceback(url: str, words: str, folder: Path, port: int) -> None:
    assert words in refusal(PORT=str(port), PCL_VAR=str(folder), DATABASE_URL=url)


class Register:
    """`make run` without make, in a process group of its own."""

    def __init__(self, folder: Path, port: int) -> None:
        self.url = f"http://127.0.0.1:{port}"
        self.output = folder / "output"
        with self.output.open("w") as output:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "config.launch"],
                cwd=ROOT,
                env=environment(PORT=str(port), PCL_VAR=str(folder / "var")),
                stdout=output,
                stderr=output,
                start_new_session=True,
            )

    def is_ready(self) -> bool:
        assert self.process.poll() is None, self.words()
        try:
            return urlopen(f"{self.url}/healthz", timeout=5).status == 200  # noqa: S310
        except (URLError, OSError):
            return False

    def words(self) -> str:
        return self.output.read_text()

    def child(self, word: str) -> psutil.Process | None:
        """The living child whose command has `word`."""
        for process in psutil.Process(self.process.pid).children():
            with suppress(psutil.Error):
                if word in process.cmdline():
                    return process
        return None


def servers_on(folder: Path) -> list[psutil.Process]:
    """Every living process that belongs to the register on `folder`, the database's included."""
    return [process for process in psutil.process_iter() if works_on(process, folder)]


def names_of(processes: list[psutil.Process]) -> list[str]:
    """Without those that ended meanwhile."""
    names = []
    for process in processes:
        with suppress(psutil.NoSuchProcess):
            names.append(process.name())
    return names


def works_on(process: psutil.Process, folder: Path) -> bool:
    try:
        if process.status() == psutil.STATUS_ZOMBIE:
            return False
        return process.cwd().startswith(str(folder)) or process.environ().get("PCL_VAR", "").startswith(str(folder))
    except (psutil.Error, OSError):
        return False


@pytest.mark.parametrize("to_group", [False, True], ids=["the process", "its whole group"])
def test_it_serves_replaces_a_lost_worker_and_leaves_nothing_behind(kept: Path, port: int, to_group: bool) -> None:
    register = Register(kept, port)
    try:
        wait_for(register.is_ready)
        wait_for(lambda: f"PCL Registry is at  {register.url}/" in register.words())
        assert "@" in register.words().split("Sign in as")[1].split("To try")[0]
        first = register.child("procrastinate")
        assert first is not None
        first.kill()
        wait_for(lambda: (worker := register.child("procrastinate")) and worker.pid != first.pid)
        assert "The worker ended (-9); starting it again in 1 s" in register.words()
        assert len(servers_on(kept)) > 4
    finally:
        (os.killpg if to_group else os.kill)(register.process.pid, signal.SIGTERM)
        register.process.wait(timeout=60)
    assert register.process.returncode == 0
    assert servers_on(kept) == []
    assert not (kept / "var" / "postgres" / "postmaster.pid").exists()


def test_it_ends_when_the_web_server_does(kept: Path, port: int) -> None:
    register = Register(kept, port)
    wait_for(register.is_ready)
    web = register.child("gunicorn")
    assert web is not None
    web.terminate()
    assert register.process.wait(timeout=60) == 1
    assert "The web server ended by itself" in register.words()
    assert servers_on(kept) == []


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells a child that its parent was killed")
def test_a_launcher_that_was_killed_leaves_at_most_the_database_which_the_next_one_takes_over(
    kept: Path, port: int
) -> None:
    """A child that is killed while it still starts has not yet learnt to stop the database behind it."""
    register = Register(kept, port)
    wait_for(register.is_ready)
    register.process.kill()
    register.process.wait()
    wait_for(lambda: not any("python" in name for name in names_of(servers_on(kept))), seconds=60)
    again = Register(kept, port)
    wait_for(again.is_ready)
    again.process.send_signal(signal.SIGINT)
    assert again.process.wait(timeout=60) == 0
    assert servers_on(kept) == []


def test_a_child_that_will_not_stop_is_killed_when_asked_twice(tmp_path: Path) -> None:
    deaf = tmp_path / "deaf"
    stubborn = launch.Child("stubborn", [sys.executable, "-c", STUBBORN, str(deaf)])
    wait_for(deaf.exists, seconds=60)
    request = object.__new__(launch.StopRequest)
    request.asked_at, request.hurry = time.monotonic(), True
    begun = time.monotonic()
    launch.stop([stubborn], request)
    assert stubborn.process.returncode == -signal.SIGKILL
    assert time.monotonic() - begun < launch.GRACE


STUBBORN = """
import pathlib, signal, sys, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
pathlib.Path(sys.argv[1]).touch()
time.sleep(600)
"""


def test_a_child_that_keeps_failing_is_started_again_ever_more_slowly(capsys: pytest.CaptureFixture[str]) -> None:
    failing = launch.Child("worker", [sys.executable, "-c", "raise SystemExit(3)"])
    for _ in range(3):
        failing.process.wait()
        failing.restart_when_dead()
        failing.start_again_at = time.monotonic()
        failing.restart_when_dead()
    failing.process.wait()
    pauses = [line.rsplit(" in ", 1)[1] for line in capsys.readouterr().err.splitlines()]
    assert pauses == ["1 s …", "2 s …", "4 s …"]
