"""Answers that change only with a release or a change to the list are given again, before Django is woken up.

What `/api/v1/` says of codes, modifiers, releases and listings, also in the form of Clinical Tables, and what the
search page says to a stranger, follows from the loaded releases, what the list says, the address and, where no date of
service is given, from the day. So an answer is kept in the process that made it, under the address, the day and a
fingerprint of catalogue and list, which is read again RECHECKED_EVERY seconds: for that long, and no longer, an answer
can be older than an import or a change.
Nothing else is kept: no error, no answer to somebody's cookie, no file.
"""

import hashlib
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import DatabaseError, close_old_connections
from django.utils import timezone

from config.quick_codes import CATALOGUE, SEEN_ADDRESS
from hcpcs.queries.releases import catalogue_fingerprint
from pcl.queries.list_fingerprint import list_fingerprint

KEPT = (
    "/api/v1/codes/",
    "/api/v1/modifiers/",
    "/api/v1/releases/",
    "/api/v1/listings/",
    "/api/hcpcs/v3/search",
)
# A page says who is signed in: it is kept for those who bring no cookie.
KEPT_PAGES = frozenset({"/"})
RECHECKED_EVERY = 1.0
MOST_BYTES = 32 * 1024 * 1024
LONGEST_QUERY = 1000

# The place of the fingerprint in a key.
CATALOGUE_OF_KEY = 2

Key = tuple[Any, ...]
Headers = list[tuple[str, str]]


def public_fingerprint() -> str:
    return f"{catalogue_fingerprint()} {list_fingerprint()}"


@dataclass(frozen=True)
class Answer:
    headers: Headers
    body: bytes
    etag: str


class KeptAnswers:
    """Wraps the application; one for each process."""

    def __init__(
        self, application: Callable[..., Iterable[bytes]], *, fingerprint: Callable[[], str] | None = None
    ) -> None:
        self.application = application
        self.fingerprint = fingerprint or public_fingerprint
        self.checked_at = float("-inf")
        self.known = ""
        self.today = date.min
        self.answers: OrderedDict[Key, Answer] = OrderedDict()
        self.bytes = 0
        self.lock = threading.Lock()

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        key = self._key(environ)
        if key is None:
            return self.application(environ, start_response)
        kept = self.answers.get(key)
        if kept is None:
            return self._asked(key, environ, start_response)
        return _given(kept, environ, start_response)

    def _key(self, environ: dict[str, Any]) -> Key | None:
        """None for what is not kept."""
        path, query = environ.get("PATH_INFO", ""), environ.get("QUERY_STRING", "")
        is_kept = path.startswith(KEPT) or (path in KEPT_PAGES and not environ.get("HTTP_COOKIE"))
        if environ["REQUEST_METHOD"] != "GET" or not is_kept or len(query) > LONGEST_QUERY:
            return None
        if time.monotonic() - self.checked_at > RECHECKED_EVERY and not self._check():
            return None
        return (path, query, self.known, self.today, *map(environ.get, SEEN_ADDRESS))

    def _check(self) -> bool:
        """Read the fingerprint and the day. False where the database does not answer: then Django says so."""
        close_old_connections()
        try:
            known = self.fingerprint()
        except DatabaseError:
            return False
        finally:
            close_old_connections()
        today = timezone.localdate()
        if (known, today) != (self.known, self.today):
            with self.lock:
                self.answers.clear()
                self.bytes = 0
            self.known, self.today = known, today
        self.checked_at = time.monotonic()
        return True

    def _asked(self, key: Key, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        said: list[Any] = []
        environ[CATALOGUE] = key[CATALOGUE_OF_KEY]

        def note(status: str, headers: Headers, exc_info: Any = None) -> Callable[[bytes], object]:
            said[:] = [status, headers, exc_info]
            return lambda _: None

        response = self.application(environ, note)
        try:
            body = b"".join(response)
        finally:
            if hasattr(response, "close"):
                response.close()
        status, headers, exc_info = said
        if not status.startswith("200 ") or any(name.lower() == "set-cookie" for name, _ in headers):
            start_response(status, headers, exc_info)
            return [body]
        etag = f'"{hashlib.blake2b(body, digest_size=12).hexdigest()}"'
        # To be asked again, and answered in a word where nothing has changed.
        answer = Answer([*headers, ("ETag", etag), ("Cache-Control", "no-cache")], body, etag)
        self._keep(key, answer)
        return _given(answer, environ, start_response)

    def _keep(self, key: Key, answer: Answer) -> None:
        """The oldest ones go where there is no room."""
        if len(answer.body) > MOST_BYTES // 8:
            return
        with self.lock:
            if key not in self.answers:
                self.answers[key] = answer
                self.bytes += len(answer.body)
            while self.bytes > MOST_BYTES:
                _, gone = self.answers.popitem(last=False)
                self.bytes -= len(gone.body)


def _given(answer: Answer, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    if environ.get("HTTP_IF_NONE_MATCH") == answer.etag:
        start_response("304 Not Modified", [each for each in answer.headers if each[0] != "Content-Length"])
        return []
    start_response("200 OK", answer.headers)
    return [answer.body]
