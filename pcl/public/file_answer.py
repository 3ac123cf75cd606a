"""A file that never changes, as HTTP has it: whole or in part, or not again where the reader has it already.

RFC 9110: conditions in sections 13.1 and 13.2, ranges in section 14. Of several ranges at once none is taken, which a
server may do: the answer is then the whole file.
"""

import base64
import re
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import IO

from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.utils.cache import get_conditional_response
from django.utils.http import http_date, parse_http_date_safe

A_YEAR = 365 * 24 * 60 * 60
PIECE = 256 * 1024
# Longer numbers are no place in a file.
_RANGE = re.compile(r"bytes\s*=\s*(\d{0,18})\s*-\s*(\d{0,18})\s*", re.IGNORECASE)


class Unsatisfiable(Exception):
    """A range of which nothing is in the file."""


def unchanging_file(
    request: HttpRequest, path: Path, *, sha256: str, size: int, made_at: datetime, content_type: str
) -> HttpResponseBase:
    """Answers GET and HEAD. Raises FileNotFoundError where there is no file."""
    etag, modified = f'"{sha256}"', int(made_at.timestamp())
    headers = {
        "ETag": etag,
        "Last-Modified": http_date(modified),
        "Cache-Control": f"public, max-age={A_YEAR}, immutable",
        "Accept-Ranges": "bytes",
        # Public data without a session: any page may read it.
        "Access-Control-Allow-Origin": "*",
        "Access-Control-Expose-Headers": "ETag, Content-Length, Content-Range, Accept-Ranges, Repr-Digest",
        "Repr-Digest": f"sha-256=:{base64.b64encode(bytes.fromhex(sha256)).decode()}:",
    }
    conditional = get_conditional_response(request, etag=etag, last_modified=modified)
    if conditional is not None:
        return _with(conditional, headers)
    attached = {"Content-Type": content_type, "Content-Disposition": f'attachment; filename="{path.name}"'}
    try:
        part = _asked_part(request, size=size, etag=etag, modified=modified)
    except Unsatisfiable:
        refused = HttpResponse(
            f"The file has {size} bytes; nothing of it is in the range asked for.\n",
            status=416,
            content_type="text/plain; charset=utf-8",
        )
        refused["Content-Range"] = f"bytes */{size}"
        refused["Accept-Ranges"] = "bytes"
        refused["Access-Control-Allow-Origin"] = "*"
        return refused
    if request.method == "HEAD":
        path.stat()
        return _with(HttpResponse(), {**headers, **attached, "Content-Length": str(size)})
    file = path.open("rb")
    if part is None:
        return _with(FileResponse(file), {**headers, **attached, "Content-Length": str(size)})
    first, last = part
    answer = StreamingHttpResponse(Part(file, first, last), status=206)
    length = {"Content-Length": str(last - first + 1), "Content-Range": f"bytes {first}-{last}/{size}"}
    return _with(answer, {**headers, **attached, **length})


def _asked_part(request: HttpRequest, *, size: int, etag: str, modified: int) -> tuple[int, int] | None:
    """The first and the last byte, both inclusive; None for the whole file. Raises Unsatisfiable."""
    asked = _RANGE.fullmatch(request.headers.get("Range", "").strip())
    if request.method != "GET" or asked is None or not _still_that_file(request, etag=etag, modified=modified):
        return None
    begin, end = asked.groups()
    if begin:
        first, last = int(begin), int(end) if end else size - 1
        if last < first and end:
            # Not a range at all, which is ignored like any other header that says nothing.
            return None
    elif end:
        first, last = max(0, size - int(end)), size - 1
        if int(end) == 0:
            raise Unsatisfiable
    else:
        return None
    if first >= size:
        raise Unsatisfiable
    return first, min(last, size - 1)


def _still_that_file(request: HttpRequest, *, etag: str, modified: int) -> bool:
    """If-Range: a part is of use only to who has the other parts of the same file. A weak tag never fits."""
    said = request.headers.get("If-Range", "").strip()
    if not said:
        return True
    return said == etag if said.startswith(('"', "W/")) else parse_http_date_safe(said) == modified


class Part:
    """The bytes of `file` from `first` to `last`, both inclusive. The response closes it, also where nobody reads."""

    def __init__(self, file: IO[bytes], first: int, last: int) -> None:
        self.file = file
        self.first = first
        self.length = last - first + 1

    def __iter__(self) -> Iterator[bytes]:
        self.file.seek(self.first)
        left = self.length
        while left:
            piece = self.file.read(min(PIECE, left))
            if not piece:
                # Breaks the connection off: better than an end that nobody notices.
                raise OSError(f"{self.file.name} is shorter than it was.")
            left -= len(piece)
            yield piece

    def close(self) -> None:
        self.file.close()


def _with(response: HttpResponseBase, headers: dict[str, str]) -> HttpResponseBase:
    for name, value in headers.items():
        response[name] = value
    return response
