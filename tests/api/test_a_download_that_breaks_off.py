"""A stream that fails on its way is never taken for a whole file: the production server breaks the connection off."""

import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings

BROKEN = """
import django
django.setup()
from django.core.wsgi import get_wsgi_application
from pcl.api import exports

def broken(*args, **kwargs):
    yield b"header\\n"
    yield b"row\\n" * 50_000
    raise RuntimeError("the database went away")

exports.listings_as_csv = exports.listings_as_ndjson = broken
application = get_wsgi_application()
"""


@pytest.fixture
def port(tmp_path: Path) -> Iterator[int]:
    (tmp_path / "broken.py").write_text(BROKEN)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    command = [
        *(sys.executable, "-W", "ignore", "-m", "gunicorn", "broken:application", "--bind", f"127.0.0.1:{port}"),
        *("--pythonpath", str(tmp_path), "--worker-class", "gthread", "--threads", "2", "--no-control-socket"),
    ]
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "config.settings.test"}
    server = subprocess.Popen(command, env=environment, cwd=settings.BASE_DIR, stderr=subprocess.DEVNULL)
    try:
        for _ in range(1200):
            assert server.poll() is None, "gunicorn did not start"
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.1)
        yield port
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait()


def test_what_did_not_arrive_whole_is_noticed(port: int) -> None:
    for kind in ("csv", "ndjson"):
        asked = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        asked.request("GET", f"/api/v1/exports/listings.{kind}")
        answer = asked.getresponse()
        assert answer.status == 200
        with pytest.raises(http.client.IncompleteRead) as broken:
            answer.read()
        assert broken.value.partial.startswith(b"header\nrow\n")
        asked.close()
