"""Asking again for listings: a not-modified answer beside the full one (DESIGN, section 8).

Our API as gunicorn serves it, one process, four kept-alive connections; in turn, round by round. The full answer is a
page of a hundred listings that Django makes each time, with and without gzip: each question is about another date of
service. Beside them the full answer to one question, which is kept in memory (config/kept_answers.py).
"""

import itertools
import os
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from datetime import date, timedelta
from pathlib import Path

from benchmarks.code_search import CONNECTIONS, ROUNDS, SECONDS, Connection, free_port, gunicorn, served

ROOT = Path(__file__).resolve().parents[1]
ADDRESS = "/api/v1/listings/?status=all"
KEEP = 5.0
FULL, NOT_MODIFIED = "full answer", "not modified"
# Enough of them that none is asked twice.
FIRST = date(1970, 1, 1)
QUESTIONS = itertools.count()
LISTINGS = 2000
FILL = f"""
import django; django.setup()
from datetime import date
from tests.factories.register import publish
for number in range({LISTINGS} // 20):
    for model in range(20):
        publish(f"Product {{number}}", model_number=f"M-{{model}}", begins=date(2024, 1, 1))
"""


class Asker(Connection):
    """Sends headers, and takes 304 for an answer."""

    def __init__(self, port: int, headers: dict[str, str], *, anew: bool) -> None:
        super().__init__(port)
        self.anew = anew
        self.headers = "".join(f"{name}: {value}\r\n" for name, value in headers.items())

    def ask(self) -> None:
        address = f"{ADDRESS}&on={FIRST + timedelta(days=next(QUESTIONS))}" if self.anew else ADDRESS
        self.socket.sendall(f"GET {address} HTTP/1.1\r\nHost: 127.0.0.1:{self.port}\r\n{self.headers}\r\n".encode())
        got = b""
        while b"\r\n\r\n" not in got:
            piece = self.socket.recv(262144)
            if not piece:
                raise ConnectionError("no answer")
            got += piece
        head, _, body = got.partition(b"\r\n\r\n")
        head = head.lower()
        if b" 200 " in head[:20]:
            length = int(head.split(b"content-length:")[1].split(b"\r\n")[0])
            received = len(body)
            while received < length:
                received += len(self.socket.recv(262144))
        elif b" 304 " not in head[:20]:
            raise RuntimeError(head[:300])
        if b"connection: close" in head:
            self.socket.close()
            self.open()


def per_second(port: int, headers: dict[str, str], *, anew: bool) -> float:
    counts = [0] * CONNECTIONS
    until = time.perf_counter() + SECONDS

    def go(place: int) -> None:
        asker = Asker(port, headers, anew=anew)
        while time.perf_counter() < until:
            asker.ask()
            counts[place] += 1

    threads = [threading.Thread(target=go, args=(place,)) for place in range(CONNECTIONS)]
    began = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sum(counts) / (time.perf_counter() - began)


def etag_of(port: int) -> str:
    with urllib.request.urlopen(f"http://127.0.0.1:{port}{ADDRESS}", timeout=30) as answer:
        return str(answer.headers["ETag"])


def main() -> int:
    with tempfile.TemporaryDirectory(prefix="pcl-bench-", dir="/tmp") as name:
        folder = Path(name)
        folder.chmod(0o755)
        environment = {
            **os.environ,
            "PCL_VAR": str(folder / "v"),
            "DJANGO_SETTINGS_MODULE": "config.settings.demo",
            "LOG_LEVEL": "WARNING",
            "PYTHONPATH": str(ROOT),
            "API_UNITS_PER_MINUTE": "0",
        }
        environment.pop("DATABASE_URL", None)
        (folder / "v" / "static").mkdir(parents=True)
        for command in (["manage.py", "migrate", "-v0"], ["manage.py", "createcachetable"], ["-c", FILL]):
            subprocess.run([sys.executable, *command], cwd=ROOT, env=environment, check=True, stdout=subprocess.DEVNULL)
        port = free_port()
        rates: dict[str, list[float]] = {}
        with served(gunicorn(port), port, ADDRESS, environment):
            etag = etag_of(port)
            asked = {
                FULL: ({}, True),
                f"{FULL}, gzip": ({"Accept-Encoding": "gzip"}, True),
                f"{FULL}, kept": ({}, False),
                NOT_MODIFIED: ({"If-None-Match": etag}, False),
            }
            for number in range(ROUNDS + 1):
                for what, (headers, anew) in asked.items():
                    rate = per_second(port, headers, anew=anew)
                    # The first round warms what there is to warm and does not count.
                    if number:
                        rates.setdefault(what, []).append(rate)
    return told(rates)


def told(rates: dict[str, list[float]]) -> int:
    print(f"{LISTINGS:,} listings, a page of 100; {CONNECTIONS} connections, one process; median of {ROUNDS} rounds\n")
    print(f"{'':<20} {'per second':>10}")
    for what, each in rates.items():
        print(f"{what:<20} {statistics.median(each):>10.0f}")
    pairs = zip(rates[NOT_MODIFIED], rates[FULL], strict=True)
    reached = statistics.median(quick / full for quick, full in pairs)
    print(f"\n{'kept' if reached >= KEEP else 'NOT kept'}: {reached:.0f} times the full answer, {KEEP:.0f} asked for")
    return 0 if reached >= KEEP else 1


if __name__ == "__main__":
    sys.exit(main())
