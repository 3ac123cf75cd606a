"""A virus scanner for tests: the real clamd where it is installed, and one of our own that speaks its protocol.

The real one gets signatures of our own: no test fetches any. Both find the harmless test file of EICAR, also inside
another file.
"""

import shutil
import socket
import socketserver
import struct
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

# Written so that no scanner takes this very file for it.
EICAR = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
FOUND = "Eicar-Test"
REAL = shutil.which("clamd") or shutil.which("clamd", path="/usr/sbin:/usr/local/sbin")
STARTS_WITHIN = 30
"""Seconds."""
STREAM_MAX = 1024 * 1024


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def real_clamd(folder: Path, *, port: int | None = None) -> Iterator[str]:
    """clamd with one signature, on a free port of the loopback address. Yields its address."""
    assert REAL
    port = port or free_port()
    (folder / "signatures").mkdir(parents=True, exist_ok=True)
    (folder / "signatures" / "own.ndb").write_text(f"{FOUND}:0:*:{EICAR.hex()}\n")
    settings = folder / "clamd.conf"
    settings.write_text(
        f"Foreground yes\nLogFile {folder}/log\nDatabaseDirectory {folder}/signatures\nTCPSocket {port}\n"
        f"TCPAddr 127.0.0.1\nLocalSocket {folder}/socket\nStreamMaxLength {STREAM_MAX}\nTemporaryDirectory {folder}\n"
    )
    with subprocess.Popen([REAL, "--config-file", str(settings)], stdout=subprocess.DEVNULL) as process:
        try:
            _wait_until_it_answers(process, port)
            yield f"127.0.0.1:{port}"
        finally:
            process.terminate()


def _wait_until_it_answers(process: subprocess.Popen[bytes], port: int) -> None:
    deadline = time.monotonic() + STARTS_WITHIN
    while time.monotonic() < deadline:
        assert process.poll() is None, "clamd did not start"
        try:
            with socket.create_connection(("127.0.0.1", port), timeout=1):
                return
        except OSError:
            time.sleep(0.1)
    raise TimeoutError


class _Handler(socketserver.BaseRequestHandler):
    """One connection, one command, as clamd(8) describes it."""

    server: "LoopbackClamd"

    def handle(self) -> None:
        command = self._up_to_zero()
        self.server.commands.append(command)
        if self.server.silent:
            time.sleep(self.server.silent)
            return
        if command == b"zVERSION":
            self.request.sendall(b"ClamAV 1.4.3/27000/Mon Nov 16 09:00:00 2026\0")
        elif command == b"zINSTREAM":
            self._stream()
        else:
            self.request.sendall(b"UNKNOWN COMMAND\0")

    def _stream(self) -> None:
        got = bytearray()
        while length := struct.unpack("!L", self._exactly(4))[0]:
            if len(got) + length > STREAM_MAX:
                self.request.sendall(b"INSTREAM size limit exceeded. ERROR\0")
                return
            got += self._exactly(length)
        self.server.streams.append(bytes(got))
        said = self.server.reply or (f"stream: {FOUND}.UNOFFICIAL FOUND" if EICAR in got else "stream: OK")
        self.request.sendall(said.encode() + b"\0")

    def _exactly(self, length: int) -> bytes:
        got = b""
        while len(got) < length:
            more = self.request.recv(length - len(got))
            if not more:
                raise ConnectionError
            got += more
        return got

    def _up_to_zero(self) -> bytes:
        got = b""
        while not got.endswith(b"\0"):
            more = self.request.recv(1)
            if not more:
                break
            got += more
        return got.rstrip(b"\0")


class LoopbackClamd(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.commands: list[bytes] = []
        self.streams: list[bytes] = []
        self.reply = ""
        self.silent = 0.0

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self.server_address[1]}"

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that hangs up is part of the test."""


@contextmanager
def loopback_clamd() -> Iterator[LoopbackClamd]:
    with LoopbackClamd() as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()
