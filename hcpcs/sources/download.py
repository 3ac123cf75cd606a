"""A file from an https address, into a temporary file: never more than it may be, never longer than it may take.

The standard library's connection, because each step must be looked at: which IP address is connected to, where a
redirect leads, how much has come. (No proxy is used: through one, nobody could say which address is reached.)
"""

import http.client
import re
import socket
import ssl
import threading
import time
from collections.abc import Callable, Collection
from contextlib import suppress
from dataclasses import dataclass, field
from email.message import Message
from pathlib import PurePosixPath
from tempfile import SpooledTemporaryFile
from typing import IO, Self
from urllib.parse import SplitResult, unquote, urljoin, urlsplit

from hcpcs.parsing.record import ReleaseFileError
from hcpcs.sources.public_address import AddressRefusedError, resolve_public

MOST_REDIRECTS = 5
LONGEST_SILENCE = 30.0
LONGEST_DOWNLOAD = 300.0
_CHUNK = 64 * 1024
_IN_MEMORY = 1024 * 1024
_REDIRECTS = frozenset({301, 302, 303, 307, 308})


@dataclass(frozen=True)
class Limits:
    """`internal_hosts`: "host:port" that may be fetched from though not public, by http too (settings)."""

    most_bytes: int
    longest: float = LONGEST_DOWNLOAD
    internal_hosts: Collection[str] = ()
    # None: the certificates that the machine trusts.
    tls: ssl.SSLContext | None = None


@dataclass
class Download:
    name: str
    address: str
    """Where it was in the end, after redirects."""
    file: IO[bytes] = field(repr=False)
    size: int = 0


def download(address: str, *, limits: Limits, progress: Callable[[int, int], None] | None = None) -> Download:
    """Fetch `address`. `progress` is told of bytes had, and of all (0 where the server does not say).

    Raises ReleaseFileError, with a sentence for whoever gave the address.
    """
    deadline = time.monotonic() + limits.longest
    seen = [address]
    for _ in range(MOST_REDIRECTS + 1):
        with _Watch(deadline) as watch:
            try:
                answer = _ask(seen[-1], limits, watch, is_redirect=len(seen) > 1)
                if answer.status in _REDIRECTS:
                    seen.append(_redirected(answer, seen[-1]))
                    continue
                return _received(answer, seen[-1], limits, watch, progress)
            except AddressRefusedError as error:
                raise ReleaseFileError(f"{_led(seen)}{error}") from error
            except (OSError, http.client.HTTPException, ValueError) as error:
                if watch.is_over or time.monotonic() >= deadline:
                    raise ReleaseFileError(
                        f"{_shown(seen[-1])} had not sent the whole file after {limits.longest:.0f} seconds. Nothing "
                        "was kept. Download it yourself and upload the file."
                    ) from error
                raise ReleaseFileError(f"{_shown(seen[-1])} could not be fetched: {_reason(error)}.") from error
    raise ReleaseFileError(f"{_shown(address)} redirects more than {MOST_REDIRECTS} times.")


class _Watch:
    """Cuts the connection when time is up, whatever it waits for: a byte now and then would outlast any timeout."""

    def __init__(self, deadline: float) -> None:
        self.is_over = False
        self._deadline = deadline
        self._sockets: list[socket.socket] = []
        self._connections: list[http.client.HTTPConnection] = []
        self._timer = threading.Timer(max(0.0, deadline - time.monotonic()), self._cut)
        self._timer.daemon = True

    def __enter__(self) -> Self:
        self._timer.start()
        return self

    def __exit__(self, *args: object) -> None:
        self._timer.cancel()
        for connection in self._connections:
            connection.close()

    @property
    def patience(self) -> float:
        """Seconds that one step may be waited for."""
        return max(0.1, min(LONGEST_SILENCE, self._deadline - time.monotonic()))

    def over(self, connection: http.client.HTTPConnection) -> None:
        self._connections.append(connection)

    def on(self, connected: socket.socket) -> None:
        self._sockets.append(connected)
        if self.is_over:
            self._cut()

    def _cut(self) -> None:
        self.is_over = True
        for connected in self._sockets:
            with suppress(OSError):
                # Of the socket below TLS, too, and without its farewell, which would wait for an answer.
                socket.socket.shutdown(connected, socket.SHUT_RDWR)


class _PinnedConnection(http.client.HTTPConnection):
    """To the IP address that was looked at; TLS and the Host header are for the name."""

    def __init__(self, host: str, port: int, *, ip: str, tls: ssl.SSLContext | None, watch: _Watch) -> None:
        super().__init__(host, port, timeout=watch.patience)
        self._ip = ip
        self._tls = tls
        self._watch = watch
        self.default_port = 443 if tls else 80
        watch.over(self)

    def connect(self) -> None:
        plain = socket.create_connection((self._ip, self.port), self.timeout)
        self._watch.on(plain)
        self.sock = plain
        if self._tls is not None:
            self.sock = self._tls.wrap_socket(plain, server_hostname=self.host)
            self._watch.on(self.sock)


def _ask(address: str, limits: Limits, watch: _Watch, *, is_redirect: bool) -> http.client.HTTPResponse:
    parts, host, port = _taken_apart(address, limits, is_redirect=is_redirect)
    ip = resolve_public(host, port, allowed=limits.internal_hosts)
    tls = (limits.tls or ssl.create_default_context()) if parts.scheme == "https" else None
    connection = _PinnedConnection(host, port, ip=ip, tls=tls, watch=watch)
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    connection.request("GET", target, headers={"Accept-Encoding": "identity", "User-Agent": "PCL-Registry"})
    return connection.getresponse()


def _taken_apart(address: str, limits: Limits, *, is_redirect: bool) -> tuple[SplitResult, str, int]:
    parts = urlsplit(address)
    host = (parts.hostname or "").lower()
    port = parts.port or (443 if parts.scheme == "https" else 80)
    what = "A redirect leads to" if is_redirect else "The address is"
    if parts.scheme not in {"http", "https"} or not host:
        raise AddressRefusedError(f"{what} {address[:200]}, which is no https address.")
    if re.search(r"[\x00-\x20\x7f]", parts.path + parts.query) or not address.isascii():
        raise AddressRefusedError(f"{what} {address[:200]}, which has characters that an address must not have.")
    if parts.username is not None or parts.password is not None:
        raise AddressRefusedError("The address has a name or password in it; none is sent.")
    if f"{host}:{port}" not in limits.internal_hosts:
        if parts.scheme != "https":
            raise AddressRefusedError(f"{what} {address[:200]}; only https is fetched.")
        if port != 443:
            raise AddressRefusedError(f"{what} {address[:200]}; only the usual port of https, 443, is asked.")
    return parts, host, port


def _redirected(answer: http.client.HTTPResponse, base: str) -> str:
    location = answer.getheader("Location")
    if not location:
        raise http.client.HTTPException(f"answer {answer.status} without an address to go to")
    return urljoin(base, location)


def _received(
    answer: http.client.HTTPResponse,
    address: str,
    limits: Limits,
    watch: _Watch,
    progress: Callable[[int, int], None] | None,
) -> Download:
    _check_headers(answer, address)
    expected = answer.length or 0
    if expected > limits.most_bytes:
        raise _too_large(address, limits)
    had = Download(_file_name(answer.headers, address), address, SpooledTemporaryFile(max_size=_IN_MEMORY))  # noqa: SIM115
    try:
        _read_all(answer, had, limits, progress)
        _check_whole(had, expected, watch)
    except BaseException:
        had.file.close()
        raise
    had.file.seek(0)
    return had


def _check_headers(answer: http.client.HTTPResponse, address: str) -> None:
    if answer.status != 200:
        raise http.client.HTTPException(f"the server answers {answer.status} {answer.reason}".rstrip())
    if (answer.getheader("Content-Encoding") or "identity").lower() != "identity":
        raise http.client.HTTPException("the server compresses it, though it was asked not to")
    if answer.headers.get_content_type() == "text/html":
        raise ReleaseFileError(
            f"{_shown(address)} is a web page, not a file. Open it and copy the address of the file itself."
        )


def _read_all(
    answer: http.client.HTTPResponse, had: Download, limits: Limits, progress: Callable[[int, int], None] | None
) -> None:
    expected = answer.length or 0
    while piece := answer.read1(_CHUNK):
        had.size += len(piece)
        if had.size > limits.most_bytes:
            raise _too_large(had.address, limits)
        had.file.write(piece)
        if progress:
            progress(had.size, expected)


def _check_whole(had: Download, expected: int, watch: _Watch) -> None:
    """A connection that was cut reads like one that ended."""
    if watch.is_over:
        raise TimeoutError
    if had.size < expected:
        raise http.client.HTTPException(f"only {had.size:,} of {expected:,} bytes came")


def _too_large(address: str, limits: Limits) -> ReleaseFileError:
    most = limits.most_bytes // 1024 // 1024
    return ReleaseFileError(f"{_shown(address)} sends more than {most} MB, so it is no release. Nothing was kept.")


def _file_name(headers: Message, address: str) -> str:
    """By the server's word, else by the address; never a path."""
    given = headers.get_filename() or unquote(urlsplit(address).path)
    name = PurePosixPath(given.replace("\\", "/")).name
    return re.sub(r"[\x00-\x1f\x7f]", "", name)[:200] or "release"


def _led(seen: list[str]) -> str:
    return "" if len(seen) == 1 else f"{_shown(seen[0])} redirects where it must not. "


def _shown(address: str) -> str:
    return address if len(address) <= 120 else f"{address[:117]}..."


def _reason(error: Exception) -> str:
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"its certificate is not trusted ({error.verify_message})"
    if isinstance(error, TimeoutError):
        return f"no answer for {LONGEST_SILENCE:.0f} seconds"
    if isinstance(error, http.client.IncompleteRead):
        return "the connection ended in the middle"
    return str(error.strerror if isinstance(error, OSError) and error.strerror else error) or type(error).__name__
