"""`make run`: brings the demonstration register up on this machine and keeps it up until it is told to stop.

One command starts the database, brings tables, seed data and static files up to date, and watches over two children:
the web server and the worker that sends mail, writes letters and does what else is deferred.
"""

import ctypes
import hashlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import FrameType

import django
import psycopg
from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command
from django.db import DatabaseError, connection, connections

ROOT = Path(__file__).resolve().parents[1]
HOST = "127.0.0.1"
THREADS = 8
NOT_SERVED = ["*.scss", "redoc"]
"""Static files that stay behind, as in `make collectstatic`: sources, and a second viewer for the API's description."""
GRACE = 4
"""Seconds that the children have for what they are doing when they are told to stop."""
HURRY_AFTER = 0.7
"""Seconds after which a second Ctrl-C means "now". make passes a signal on to us that we have just had ourselves."""
PR_SET_PDEATHSIG = 1
LONGEST_WAIT = 60
"""Seconds before a worker that keeps failing is started again."""


class CannotStartError(Exception):
    """Says what is wrong and what to do about it, in one message to the person at the keyboard."""


class StopAskedError(BaseException):
    """Somebody asked to stop while things were being prepared."""


class StopRequest:
    """Whether somebody has asked to stop, and whether they have asked again."""

    def __init__(self) -> None:
        self.asked_at = 0.0
        self.hurry = False
        for number in stop_signals():
            signal.signal(number, self._note)

    def _note(self, number: int, frame: FrameType | None) -> None:
        if not self.asked_at:
            self.asked_at = time.monotonic()
        elif time.monotonic() - self.asked_at > HURRY_AFTER:
            self.hurry = True


def stop_signals() -> Iterator[signal.Signals]:
    """A closed terminal counts too, unless somebody said that it should not (nohup)."""
    yield signal.SIGINT
    yield signal.SIGTERM
    if signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:
        yield signal.SIGHUP


# What must be so before anything is started


def chosen_port() -> int:
    text = os.environ.get("PORT") or "8000"
    if not text.isdecimal() or not 1 <= int(text) <= 65535:
        raise CannotStartError(f"PORT is {text!r}. Set it to a number from 1 to 65535, for example: make run PORT=8001")
    port = int(text)
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError as error:
            raise CannotStartError(
                f"Port {port} cannot be used ({error.strerror}). "
                f"Stop the program that has it, or choose another: make run PORT={port + 1 if port < 65535 else 8001}"
            ) from error
    return port


def check_data_folder() -> Path:
    folder = Path(os.environ.get("PCL_VAR") or ROOT / "var").absolute()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        probe = folder / f".writable.{os.getpid()}"
        probe.touch()
        probe.unlink()
    except OSError as error:
        raise CannotStartError(
            f"The data folder {folder} cannot be written ({error.strerror}). "
            "Set PCL_VAR to a folder of your own, for example: make run PCL_VAR=$HOME/pcl-registry"
        ) from error
    return folder


def load_settings() -> None:
    """Raises CannotStartError when a value in the environment cannot be read."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings.demo"
    try:
        settings.INSTALLED_APPS  # noqa: B018 -- reads the settings
    except (ImproperlyConfigured, psycopg.Error, ValueError, OSError) as error:
        raise CannotStartError(
            f"A setting in the environment cannot be used: {one_line(error)}\n"
            "The variables are listed in docs/operations.md."
        ) from error
    django.setup()


def check_database() -> None:
    try:
        connection.ensure_connection()
    except (DatabaseError, ImproperlyConfigured) as error:
        if not os.environ.get("DATABASE_URL"):
            raise CannotStartError(str(error).strip()) from error
        raise CannotStartError(
            f"The database of DATABASE_URL cannot be reached: {one_line(error)}\n"
            "Correct DATABASE_URL (postgresql://user:password@host:5432/database), or unset it to use the embedded one."
        ) from error


def one_line(error: BaseException) -> str:
    return " ".join(str(error).split())


# What is brought up to date


def prepare() -> None:
    step("Bringing the tables up to date")
    call_command("migrate", interactive=False, verbosity=0)
    call_command("createcachetable", verbosity=0)
    step("Loading the seed data (kept when it is there)")
    call_command("load_seed")
    collect_static_files()


def history_is_told() -> bool:
    from verification.demo.history import is_told  # noqa: PLC0415 -- models, which need settings

    return is_told()


def collect_static_files() -> None:
    """Copy, fingerprint and compress the static files; only when one of them has changed since the last time."""
    target = Path(settings.STATIC_ROOT)
    stamp = target / ".collected"
    wanted = fingerprint_of_static_files()
    if stamp.exists() and stamp.read_text() == wanted:
        return
    step("Collecting the static files")
    shutil.rmtree(target, ignore_errors=True)
    call_command("collectstatic", interactive=False, verbosity=0, ignore_patterns=NOT_SERVED)
    stamp.write_text(wanted)


def fingerprint_of_static_files() -> str:
    digest = hashlib.sha256()
    for finder in get_finders():
        for name, storage in sorted(finder.list(NOT_SERVED), key=lambda found: found[0]):
            status = Path(storage.path(name)).stat()
            digest.update(f"{name} {status.st_size} {status.st_mtime_ns}\n".encode())
    return digest.hexdigest()


# What is kept up


class Child:
    """A process in a group of its own, so that a Ctrl-C reaches it through us, once, and in order."""

    def __init__(self, name: str, command: Sequence[str]) -> None:
        self.name = name
        self.command = command
        self.failures = 0
        self.start()

    def start(self) -> None:
        self.started = time.monotonic()
        self.start_again_at = 0.0
        self.process = subprocess.Popen(  # noqa: S603
            self.command,
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            process_group=0,
            preexec_fn=end_with_parent,  # noqa: PLW1509 -- we have no threads
        )

    @property
    def lives(self) -> bool:
        return self.process.poll() is None

    def send(self, number: signal.Signals) -> None:
        if self.lives:
            os.killpg(self.process.pid, number)

    def restart_when_dead(self) -> None:
        """Wait longer after each failure: 1 s, 2, 4 … up to a minute. Whoever has lived for a minute begins anew."""
        if self.lives:
            return
        now = time.monotonic()
        if not self.start_again_at:
            self.failures = 1 if now - self.started > LONGEST_WAIT else self.failures + 1
            pause = min(2 ** (self.failures - 1), LONGEST_WAIT)
            step(f"The {self.name} ended ({self.process.returncode}); starting it again in {pause} s")
            self.start_again_at = now + pause
        elif now >= self.start_again_at:
            self.start()


def end_with_parent() -> None:
    """Runs in the child: where the system knows how (Linux), it is told to stop when we are killed."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def web_command(port: int) -> list[str]:
    return [
        sys.executable, "-m", "gunicorn", "config.wsgi:application",
        "--config", "python:config.web_server",
        "--bind", f"{HOST}:{port}", "--workers", "1", "--worker-class", "gthread", "--threads", str(THREADS),
        "--timeout", "120", "--graceful-timeout", str(GRACE), "--log-level", "warning", "--no-control-socket",
    ]  # fmt: skip


def worker_command() -> list[str]:
    return [
        sys.executable, "manage.py", "procrastinate", "worker", "--shutdown-graceful-timeout", str(GRACE),
        # So that mail does not wait until all bulk files are made.
        "--concurrency", "2",
    ]  # fmt: skip


def history_command() -> list[str]:
    return [sys.executable, "manage.py", "load_demo_applications"]


def serve(port: int, words: str, *, tell_history: bool) -> int:
    """Keep web server and worker up until somebody asks to stop, or the web server ends. Returns the exit code.

    `tell_history`: fill the demonstration with applications, beside the server, once it answers.
    """
    request = StopRequest()
    web = Child("web server", web_command(port))
    worker = Child("worker", worker_command())
    children = [web, worker]
    told = False
    while web.lives and not request.asked_at:
        if not told and answers(port):
            print(words, flush=True)
            told = True
            if tell_history:
                step("Filling the review queue with applications (in the background, some seconds)")
                children.append(Child("history", history_command()))
        worker.restart_when_dead()
        time.sleep(0.2)
    if not request.asked_at:
        print(f"\nThe web server ended by itself ({web.process.returncode}).", file=sys.stderr)
    stop(children, request)
    return 0 if request.asked_at else 1


def answers(port: int) -> bool:
    try:
        socket.create_connection((HOST, port), timeout=1).close()
    except OSError:
        return False
    return True


def stop(children: Sequence[Child], request: StopRequest) -> None:
    """End the children in good order, or at once when it takes too long or somebody asks again."""
    begun = time.monotonic()
    for child in children:
        child.send(signal.SIGTERM)
    while any(child.lives for child in children):
        if request.hurry or time.monotonic() - begun > GRACE + 3:
            for child in children:
                child.send(signal.SIGKILL)
        time.sleep(0.05)


# What the person reads


def step(words: str) -> None:
    print(f"  {words} …", file=sys.stderr, flush=True)


def banner(port: int) -> Iterator[str]:
    from verification.services.demo_people import demo_sign_ins  # noqa: PLC0415 -- models, which need settings

    url = f"http://{HOST}:{port}"
    yield ""
    yield f"  PCL Registry is at  {url}/      (Ctrl-C stops it; what you enter is kept)"
    yield ""
    yield "  Sign in as"
    for person in demo_sign_ins():
        yield f"    {person.role!s:<28} {person.email:<36} {person.password}"
    yield ""
    yield "  To try"
    yield f"    Find a product            {url}/?q=rewalk"
    yield f"    A code and its listings   {url}/codes/K1007/"
    yield f"    Apply for a product       {url}/apply/        (as a manufacturer)"
    yield f"    Work the review queue     {url}/review/       (as a reviewer)"
    yield f"    The API                   {url}/api/v1/docs/"
    yield ""


def launch() -> int:
    port = chosen_port()
    check_data_folder()
    os.environ["PORT"] = str(port)
    load_settings()
    step("Starting the database")
    check_database()
    prepare()
    words = "\n".join(banner(port))
    tell_history = not history_is_told()
    connections.close_all()
    return serve(port, words, tell_history=tell_history)


def stop_preparing(number: int, frame: FrameType | None) -> None:
    ignore_further_signals()
    raise StopAskedError


def ignore_further_signals() -> None:
    """What follows is tidying up, which takes a moment and ends by itself."""
    for number in stop_signals():
        signal.signal(number, signal.SIG_IGN)


def main() -> int:
    for number in stop_signals():
        signal.signal(number, stop_preparing)
    try:
        code = launch()
    except StopAskedError:
        code = 0
    except CannotStartError as problem:
        print(f"\nCannot start. {problem}", file=sys.stderr)
        return 1
    ignore_further_signals()
    if code == 0:
        print("\n  Stopped.", file=sys.stderr)
    return code


if __name__ == "__main__":
    sys.exit(main())
