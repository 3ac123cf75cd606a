"""Answers are compressed as the asker wants, and never where that could betray something or cut a file."""

import gzip
import zlib
from collections.abc import Iterator
from typing import Any

import brotli
import pytest

from config.encoding import SMALLEST, Compressed, encoding_of
from tests.config.wsgi_client import ask

BODY = b'{"results": [' + b'{"code": "K1007"}, ' * 200 + b"]}"
UNPACK = {"gzip": gzip.decompress, "br": brotli.decompress}


class Application:
    def __init__(self, *pieces: bytes, kind: str = "application/json", streams: bool = False, **headers: str) -> None:
        self.pieces = pieces or (BODY,)
        length = [] if streams else [("Content-Length", str(sum(map(len, self.pieces))))]
        self.headers = [("Content-Type", kind), *length, *[(k.replace("_", "-"), v) for k, v in headers.items()]]
        self.closed = 0

    def __call__(self, environ: dict[str, Any], start_response: Any) -> "Application":
        start_response(environ.get("status", "200 OK"), self.headers)
        return self

    def __iter__(self) -> Iterator[bytes]:
        return iter(self.pieces)

    def close(self) -> None:
        self.closed += 1


@pytest.mark.parametrize("encoding", UNPACK)
def test_a_whole_answer(encoding: str) -> None:
    inner = Application(Vary="Accept")

    _, headers, body = ask(Compressed(inner), "/api/v1/listings/", accept_encoding=encoding)

    assert UNPACK[encoding](body) == BODY
    assert len(body) < len(BODY) / 5
    assert (headers["Content-Encoding"], headers["Content-Length"]) == (encoding, str(len(body)))
    assert headers["Vary"] == "Accept, Accept-Encoding"
    assert inner.closed == 1


@pytest.mark.parametrize("encoding", UNPACK)
def test_a_stream_is_compressed_as_it_comes(encoding: str) -> None:
    drawn = []

    class Slow(Application):
        def __iter__(self) -> Iterator[bytes]:
            for number in range(3):
                drawn.append(number)
                yield b"a,b\n" * 500

    inner = Slow(kind="text/csv; charset=utf-8", streams=True)
    told: list[Any] = []
    response = Compressed(inner)(
        {"PATH_INFO": "/x.csv", "HTTP_ACCEPT_ENCODING": encoding}, lambda *given: told.extend(given)
    )
    pieces = iter(response)
    first = next(pieces)

    assert drawn == [0]
    decoder = zlib.decompressobj(31) if encoding == "gzip" else brotli.Decompressor()
    unpack = decoder.decompress if encoding == "gzip" else decoder.process
    assert unpack(first) == b"a,b\n" * 500
    assert b"".join(unpack(piece) for piece in pieces) == b"a,b\n" * 1000
    assert "Content-Length" not in dict(told[1])
    response.close()  # type: ignore[attr-defined]
    assert inner.closed == 1


def test_a_stream_that_breaks_off_does_not_end() -> None:
    class Breaking(Application):
        def __iter__(self) -> Iterator[bytes]:
            yield BODY
            raise RuntimeError

    response = Compressed(Breaking(streams=True))({"PATH_INFO": "/x", "HTTP_ACCEPT_ENCODING": "gzip"}, lambda *_: None)
    got: list[bytes] = []
    with pytest.raises(RuntimeError):
        got.extend(response)
    with pytest.raises(EOFError):
        gzip.decompress(b"".join(got))


@pytest.mark.parametrize(
    ("given", "chosen"),
    [
        ("", ""),
        ("gzip", "gzip"),
        ("gzip, deflate, br, zstd", "br"),
        ("br;q=0, gzip", "gzip"),
        ("gzip;q=1.0, br;q=0.5", "gzip"),
        ("*", "br"),
        ("*;q=0", ""),
        ("identity", ""),
        ("identity, gzip;q=0.5", ""),
        ("gzip;q=x", ""),
        ("deflate", ""),
    ],
)
def test_what_the_asker_prefers(given: str, chosen: str) -> None:
    assert encoding_of({"HTTP_ACCEPT_ENCODING": given}) == chosen


@pytest.mark.parametrize(
    "inner",
    [
        Application(b"x" * (SMALLEST - 1)),
        Application(kind="application/pdf"),
        Application(Content_Encoding="gzip"),
        Application(kind="text/csv", Accept_Ranges="bytes"),
        Application(kind="text/html", Set_Cookie="csrftoken=a"),
    ],
)
def test_sent_as_it_is(inner: Application) -> None:
    _, headers, body = ask(Compressed(inner), "/page/", accept_encoding="gzip")
    assert body == b"".join(inner.pieces)
    assert headers.get("Content-Encoding") in {None, "gzip"}
    assert headers["Content-Length"] == str(len(body))


def test_a_page_of_somebody_signed_in_is_not_compressed() -> None:
    page = Compressed(Application(kind="text/html"))

    assert "Content-Encoding" not in ask(page, "/", accept_encoding="br", cookie="sessionid=abc")[1]
    assert ask(page, "/", accept_encoding="br", cookie="other=abc")[1]["Content-Encoding"] == "br"
    # What the API says depends on nobody's session.
    assert ask(page, "/api/v1/docs/", accept_encoding="br", cookie="sessionid=abc")[1]["Content-Encoding"] == "br"
