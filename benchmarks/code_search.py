"""Searching codes: our API as `make run` serves it, beside Datasette's JSON on the same rows (DESIGN, section 8).

Both answer the same mixed questions (a word, the beginning of a word or code, two words, a code with a word), a hundred
rows at most, over kept-alive connections; in turn, round by round, because a shared machine changes its pace. Two kinds
of load: questions that come again, as autocompletion and dashboards send them, and questions that were never asked
before. Datasette is measured as it answers by default, and with its suggestions of facets switched off, which is the
quickest it can be. It is installed into var/benchmark/, and nothing of it is a part of the register.
"""

import json
import os
import socket
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
import venv
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

ROOT = Path(__file__).resolve().parents[1]
FILES = Path(os.environ.get("RELEASE_FILES") or ROOT.parent / "shared" / "data" / "hcpcs")
TEXT_2025 = "HCPC2025_OCT_ANWEB_v3_reconstructed.txt"
DATASETTE = Path(os.environ.get("PCL_VAR") or ROOT / "var").absolute() / "benchmark" / "datasette"
KEEP = 50.0
ROUNDS = int(os.environ.get("ROUNDS", "3"))
SECONDS = float(os.environ.get("SECONDS", "4"))
CONNECTIONS = 4
QUESTIONS = (
    *("wheelchair", "catheter", "insulin", "oxygen", "compression", "injection", "lymphedema", "prosthesis"),
    *("wheel*", "compress*", "K10*", "E06*", "A42*", "L56*", "J9*", "inject*"),
    *("power wheelchair", "compression garment", "insulin pump", "oxygen portable", "injection mg", "knee orthosis"),
    *("E0601 device", "K1007 powered", "A4253 blood", "L1832 knee"),
)
WORDS = (
    *("accessory", "adjustable", "all", "any", "arm", "assembly", "back", "bandage", "battery", "bed", "bilateral"),
    *("blood", "cannula", "cast", "catheter", "chair", "component", "control", "cover", "custom", "cushion", "device"),
    *("disposable", "dose", "drug", "each", "elastic", "electric", "exam", "fabricated", "foam", "foot", "frame"),
    *("garment", "gradient", "group", "hand", "heavy", "hip", "hospital", "infusion", "inhalation", "injection"),
    *("joint", "kit", "knee", "leg", "lens", "less", "liner", "liquid", "long", "manual", "mask", "mattress", "mg"),
    *("molded", "monitor", "mount", "nebulizer", "needle", "non", "oral", "orthosis", "outer", "pad", "patient"),
    *("plastic", "portable", "power", "pressure", "pump", "replacement", "seat", "service", "shoe", "single", "skin"),
    *("socket", "solution", "sterile", "strap", "supply", "support", "surface", "system", "test", "therapy", "thigh"),
    *("tube", "type", "unit", "upper", "use", "valve", "wheel", "wound", "wrist", "per", "inner"),
)


@dataclass(frozen=True)
class Load:
    per_second: float
    p50: float
    p95: float


def gunicorn(port: int, application: str = "config.wsgi:application", *more: str) -> list[str]:
    """One web process, as it is in production."""
    return [
        *(sys.executable, "-m", "gunicorn", application, "--config", "python:config.web_server"),
        *("--bind", f"127.0.0.1:{port}", "--workers", "1", "--worker-class", "gthread", "--threads", "8"),
        *("--no-control-socket", "--log-level", "warning", *more),
    ]


def asked(port: int, paths: list[str], *, seconds: float | None) -> Load:
    """Ask `paths` over and over for `seconds`, or each of them once."""
    taken: list[float] = []
    places = iter(range(10**9 if seconds else len(paths)))
    lock = threading.Lock()
    until = time.perf_counter() + seconds if seconds else float("inf")

    def ask() -> None:
        connection = Connection(port)
        while time.perf_counter() < until:
            with lock:
                place = next(places, None)
            if place is None:
                return
            started = time.perf_counter()
            connection.get(paths[place % len(paths)])
            taken.append(time.perf_counter() - started)

    threads = [threading.Thread(target=ask) for _ in range(CONNECTIONS)]
    began = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    elapsed = time.perf_counter() - began
    percentiles = statistics.quantiles(taken, n=100)
    return Load(len(taken) / elapsed, percentiles[49] * 1000, percentiles[94] * 1000)


class Connection:
    """Kept alive, and no more than it takes: the asker must not be slower than who is asked."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.open()

    def open(self) -> None:
        self.socket = socket.create_connection(("127.0.0.1", self.port))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def get(self, path: str) -> None:
        self.socket.sendall(f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{self.port}\r\n\r\n".encode())
        got = b""
        while b"\r\n\r\n" not in got:
            piece = self.socket.recv(262144)
            if not piece:
                raise ConnectionError(f"no answer to {path}")
            got += piece
        head, _, body = got.partition(b"\r\n\r\n")
        head = head.lower()
        if b" 200 " not in head[:20]:
            raise RuntimeError(f"{path}: {head[:200]!r}")
        if b"content-length:" in head:
            length, received = int(head.split(b"content-length:")[1].split(b"\r\n")[0]), len(body)
            while received < length:
                received += len(self.socket.recv(262144))
        else:
            while not body.endswith(b"0\r\n\r\n"):
                body += self.socket.recv(262144)
        if b"connection: close" in head:
            self.socket.close()
            self.open()


@contextmanager
def served(command: list[str], port: int, path: str, environment: dict[str, str]) -> Iterator[None]:
    """A server until the block ends; the block begins when it answers."""
    process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL)
    try:
        for _ in range(300):
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=5).close()
                break
            except OSError:
                if process.poll() is not None:
                    raise
                time.sleep(0.1)
        yield
    finally:
        process.terminate()
        process.wait(timeout=20)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def datasette() -> Path:
    """Its program, installed when it is asked for first."""
    program = DATASETTE / "bin" / "datasette"
    if not program.exists():
        print(f"(installing Datasette into {DATASETTE})")
        venv.create(DATASETTE, with_pip=True)
        subprocess.run([DATASETTE / "bin" / "pip", "install", "--quiet", "datasette<1"], check=True)
    return program


def prepared(folder: Path, environment: dict[str, str]) -> int:
    """A register of its own with the release, and the same rows in SQLite with full text; how many rows."""
    path = FILES / TEXT_2025
    if not path.exists():
        from benchmarks.import_release import made_up  # noqa: PLC0415  # sets Django up

        print(f"(CMS's file is not in {FILES}: one of its size and make is made up)")
        path = made_up(folder)
    for command in (["migrate", "-v0"], ["createcachetable"], ["import_hcpcs", str(path)]):
        subprocess.run(
            [sys.executable, "manage.py", *command], cwd=ROOT, env=environment, check=True, stdout=subprocess.DEVNULL
        )
    told = subprocess.run(
        [sys.executable, "-c", TELL_ROWS], cwd=ROOT, env=environment, check=True, capture_output=True, text=True
    )
    names, rows = json.loads(told.stdout)
    with sqlite3.connect(folder / "codes.db") as database:
        database.execute(f"CREATE TABLE codes (id INTEGER PRIMARY KEY, {', '.join(names)})")
        database.executemany(f"INSERT INTO codes VALUES ({', '.join('?' * (len(names) + 1))})", rows)
        database.execute(
            "CREATE VIRTUAL TABLE codes_fts USING FTS5 (code, long_description, short_description,"
            ' content="codes", content_rowid="id", tokenize="porter")'
        )
        database.execute("INSERT INTO codes_fts (codes_fts) VALUES ('rebuild')")
    return len(rows)


TELL_ROWS = """
import django, json
django.setup()
from hcpcs.models import LAYOUT_FIELDS, Code
names = [name for name in LAYOUT_FIELDS if name != "sequence_number"]
rows = Code.objects.order_by("code", "id").values_list("id", *names)
print(json.dumps([names, [[" ".join(v) if isinstance(v, list) else v for v in row] for row in rows]], default=str))
"""


def ours(question: str) -> str:
    return f"/api/v1/codes/?status=all&q={quote(question.replace('*', ''))}"


def theirs(question: str) -> str:
    return f"/codes/codes.json?_search={quote(question)}&_searchmode=raw&_size=100&_shape=objects"


def theirs_quickest(question: str) -> str:
    return f"{theirs(question)}&_nofacet=1&_nosuggest=1"


def new_questions(number: int) -> Iterator[str]:
    """Pairs of words that nobody has asked for; each round has its own."""
    for first in range(number, len(WORDS), ROUNDS + 1):
        for second in range(0, len(WORDS), 9):
            yield f"{WORDS[first]} {WORDS[(first + second + 1) % len(WORDS)]}"


SYSTEMS: dict[str, Callable[[str], str]] = {
    "this register": ours,
    "Datasette": theirs,
    "Datasette, facets off": theirs_quickest,
}


def measured(ports: dict[str, int]) -> dict[tuple[str, str], list[Load]]:
    loads: dict[tuple[str, str], list[Load]] = {}
    for number in range(ROUNDS + 1):
        for name, address in SYSTEMS.items():
            again = [address(question) for question in QUESTIONS]
            new = [address(question) for question in new_questions(number)]
            for kind, paths, seconds in (("again", again, SECONDS), ("new", new[:200], None)):
                load = asked(ports[name], paths, seconds=seconds)
                # The first round warms what there is to warm and does not count.
                if number:
                    loads.setdefault((kind, name), []).append(load)
    return loads


def main() -> int:
    program = datasette()
    with tempfile.TemporaryDirectory(prefix="pcl-bench-", dir="/tmp") as name:
        folder = Path(name)
        folder.chmod(0o755)
        environment = {
            **os.environ,
            "PCL_VAR": str(folder / "v"),
            "DJANGO_SETTINGS_MODULE": "config.settings.demo",
            "LOG_LEVEL": "WARNING",
            "PYTHONPATH": str(ROOT),
        }
        environment.pop("DATABASE_URL", None)
        (folder / "v" / "static").mkdir(parents=True)
        rows = prepared(folder, environment)
        our_port, their_port = free_port(), free_port()
        serve = [str(program), "serve", str(folder / "codes.db"), "--port", str(their_port)]
        with (
            served(gunicorn(our_port), our_port, "/api/v1/codes/?limit=1", environment),
            served(serve, their_port, "/codes.json", environment),
        ):
            ports = {name: our_port if name == "this register" else their_port for name in SYSTEMS}
            loads = measured(ports)
    return told(loads, rows)


def told(loads: dict[tuple[str, str], list[Load]], rows: int) -> int:
    print(f"{rows:,} codes and modifiers; {CONNECTIONS} connections, one process each; median of {ROUNDS} rounds\n")
    print(f"{'':<24} {'questions':<10} {'per second':>10} {'p50 ms':>8} {'p95 ms':>8} {'register is':>12}")
    ratios = {}
    for kind in ("again", "new"):
        own = [load.per_second for load in loads[kind, "this register"]]
        for name in SYSTEMS:
            found = loads[kind, name]
            middle = Load(*(statistics.median(values) for values in zip(*map(_numbers, found), strict=True)))
            ratio = statistics.median(mine / load.per_second for mine, load in zip(own, found, strict=True))
            ratios[kind, name] = ratio
            times = "" if name == "this register" else f"{ratio:.1f} times"
            print(f"{name:<24} {kind:<10} {middle.per_second:>10.0f} {middle.p50:>8.1f} {middle.p95:>8.1f} {times:>12}")
    reached = ratios["again", "Datasette"]
    kept = reached >= KEEP
    print(f"\n{'kept' if kept else 'NOT kept'}: {reached:.0f} times Datasette's, {KEEP:.0f} asked for")
    print(f"questions that were never asked before: {ratios['new', 'Datasette']:.0f} times")
    return 0 if kept else 1


def _numbers(load: Load) -> tuple[float, float, float]:
    return load.per_second, load.p50, load.p95


if __name__ == "__main__":
    sys.exit(main())
