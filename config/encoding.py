"""Answers sent with fewer bytes: brotli or gzip, whichever the asker prefers.

What an address of a program answers is public and has nothing of the asker's in it, so that its length betrays nothing
(BREACH). A page is compressed only where it sets no cookie, as every page with a form's token does, and was asked for
without a session. Whole bodies are compressed at once, streams piece by piece, and files with ranges not at all: a
range counts bytes as they lie on the disk.
"""

import zlib
from collections.abc import Callable, Iterable, Iterator
from typing import Any, Protocol

import brotli
from django.conf import settings

PROGRAMS = ("/api/", "/fhir/")
# Below that many bytes it is not worth the while.
SMALLEST = 600
BROTLI_QUALITY = 4
GZIP_LEVEL = 5
_GZIP_HEADER = 31
_KINDS = ("text/", "application/json", "application/xml", "application/x-ndjson", "application/javascript")

Headers = list[tuple[str, str]]


class Compressor(Protocol):
    def compress(self, data: bytes) -> bytes: ...
    def sync(self) -> bytes:
        """What is held back so far."""
        ...

    def flush(self) -> bytes:
        """What is held back, and the end."""
        ...


class Gzip:
    def __init__(self) -> None:
        self._inner = zlib.compressobj(GZIP_LEVEL, zlib.DEFLATED, _GZIP_HEADER)
        self.compress = self._inner.compress
        self.flush = self._inner.flush

    def sync(self) -> bytes:
        return self._inner.flush(zlib.Z_SYNC_FLUSH)


class Brotli:
    def __init__(self) -> None:
        self._inner = brotli.Compressor(quality=BROTLI_QUALITY)
        self.compress: Callable[[bytes], bytes] = self._inner.process
        self.sync: Callable[[], bytes] = self._inner.flush
        self.flush: Callable[[], bytes] = self._inner.finish


COMPRESSORS: dict[str, Callable[[], Compressor]] = {"br": Brotli, "gzip": Gzip}


class Compressed:
    """Wraps the application."""

    def __init__(self, application: Callable[..., Iterable[bytes]]) -> None:
        self.application = application

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        said: list[Any] = []

        def note(status: str, headers: Headers, exc_info: Any = None) -> Callable[[bytes], object]:
            said[:] = [status, headers, exc_info]
            return lambda _: None

        response = self.application(environ, note)
        status, headers, exc_info = said
        if not _may_be_compressed(environ, status, headers):
            start_response(status, headers, exc_info)
            return response
        headers = _varying(headers)
        encoding = encoding_of(environ)
        length = next((int(value) for name, value in headers if name.lower() == "content-length"), None)
        if not encoding or (length is not None and length < SMALLEST):
            start_response(status, headers, exc_info)
            return response
        headers = [header for header in headers if header[0].lower() != "content-length"]
        headers.append(("Content-Encoding", encoding))
        compressor = COMPRESSORS[encoding]()
        if length is None:
            start_response(status, headers, exc_info)
            return Pieces(response, compressor)
        try:
            body = b"".join(response)
        finally:
            if hasattr(response, "close"):
                response.close()
        smaller = compressor.compress(body) + compressor.flush()
        start_response(status, [*headers, ("Content-Length", str(len(smaller)))], exc_info)
        return [smaller]


class Pieces:
    """A stream, compressed as it comes. One that breaks off has no end that could be taken for one."""

    def __init__(self, response: Iterable[bytes], compressor: Compressor) -> None:
        self.response = response
        self.compressor = compressor

    def __iter__(self) -> Iterator[bytes]:
        is_first = True
        for piece in self.response:
            smaller = self.compressor.compress(piece)
            if is_first:
                # Whoever waits sees at once that something comes.
                smaller += self.compressor.sync()
                is_first = False
            if smaller:
                yield smaller
        yield self.compressor.flush()

    def close(self) -> None:
        if hasattr(self.response, "close"):
            self.response.close()


def encoding_of(environ: dict[str, Any]) -> str:
    """ "br", "gzip", or "" where the asker understands neither."""
    given = environ.get("HTTP_ACCEPT_ENCODING", "")
    wanted: dict[str, float] = {}
    for part in given.split(","):
        name, _, weight = part.partition(";")
        wanted[name.strip().lower()] = _weight(weight)
    best = max(COMPRESSORS, key=lambda name: wanted.get(name, wanted.get("*", 0.0)))
    weight = wanted.get(best, wanted.get("*", 0.0))
    return best if weight > 0 and weight >= wanted.get("identity", 0.0) else ""


def _weight(text: str) -> float:
    name, _, value = text.partition("=")
    if name.strip().lower() != "q":
        return 1.0
    try:
        return float(value)
    except ValueError:
        return 0.0


def _may_be_compressed(environ: dict[str, Any], status: str, headers: Headers) -> bool:
    told = {name.lower(): value for name, value in headers}
    if status[:3] in {"204", "206", "304"} or "content-encoding" in told or "accept-ranges" in told:
        return False
    kind = told.get("content-type", "").lower()
    if not kind.startswith(_KINDS) and "+json" not in kind and "+xml" not in kind:
        return False
    if environ.get("PATH_INFO", "").startswith(PROGRAMS):
        return True
    return "set-cookie" not in told and f"{settings.SESSION_COOKIE_NAME}=" not in environ.get("HTTP_COOKIE", "")


def _varying(headers: Headers) -> Headers:
    said = [value for name, value in headers if name.lower() == "vary"]
    if any("accept-encoding" in value.lower() for value in said):
        return headers
    others = [header for header in headers if header[0].lower() != "vary"]
    return [*others, ("Vary", ", ".join([*said, "Accept-Encoding"]))]
