"""Plain searches for codes are answered from the process's memory, before Django is woken up.

Django takes ten times as long for what is around a search as the search itself takes. The answer is the one that Django
would give, headers and all: those are Django's own, of an answer that it was asked for to learn them.
"""

import logging
import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.core.handlers.wsgi import WSGIRequest
from django.db import DatabaseError, close_old_connections

from pcl.api.codes_at_once import PATH, CodesAtOnce, codes_at_once
from pcl.api.read_view import site_of

# Where `KeptAnswers` says which catalogue it is about.
CATALOGUE = "pcl.catalogue"
# What the headers and the links depend on. An address beyond these many begins anew.
SEEN_ADDRESS = ("wsgi.url_scheme", "HTTP_HOST", "HTTP_X_FORWARDED_PROTO", "HTTP_X_FORWARDED_HOST", "SCRIPT_NAME")
MOST_SITES = 100
OF_ONE_ANSWER = {"content-length", "link", "ratelimit", "ratelimit-policy"}

Headers = list[tuple[str, str]]
log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Frame:
    """What surrounds an answer at one address of the register."""

    site: str
    headers: Headers


class QuickCodes:
    """Wraps Django; one for each process. While the catalogue is being read, Django answers."""

    def __init__(
        self, application: Callable[..., Iterable[bytes]], *, read: Callable[[], CodesAtOnce | None] = codes_at_once
    ) -> None:
        self.application = application
        self.read = read
        self.codes: CodesAtOnce | None = None
        self.frames: dict[tuple[Any, ...], Frame] = {}
        self.reading = threading.Lock()

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        is_search = environ.get("PATH_INFO") == PATH and not environ.get("SCRIPT_NAME")
        if is_search and environ["REQUEST_METHOD"] == "GET" and environ.get(CATALOGUE):
            answer = self._answer(environ, start_response)
            if answer is not None:
                return answer
        return self.application(environ, start_response)

    def _answer(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes] | None:
        codes = self.codes
        if codes is None or codes.fingerprint != environ[CATALOGUE]:
            self._begin_to_read()
            return None
        frame = self._frame(environ)
        if frame is None:
            return None
        close_old_connections()
        try:
            found = codes.answer(environ.get("QUERY_STRING", "").encode("latin-1"), site=frame.site)
        except DatabaseError:
            return None
        finally:
            close_old_connections()
        if found is None:
            return None
        body, following = found
        headers = [*frame.headers, ("Content-Length", str(len(body)))]
        if following:
            headers.append(("Link", f'<{following}>; rel="next"'))
        start_response("200 OK", headers)
        return [body]

    def _begin_to_read(self) -> None:
        if self.reading.acquire(blocking=False):
            threading.Thread(target=self._read, name="read-codes", daemon=True).start()

    def _read(self) -> None:
        try:
            self.codes = self.read()
        except DatabaseError as error:
            log.warning("The codes could not be read into memory: %s", error)
        finally:
            close_old_connections()
            self.reading.release()

    def _frame(self, environ: dict[str, Any]) -> Frame | None:
        """None where Django does not want to answer at this address, such as for a host that is not ours."""
        key = tuple(map(environ.get, SEEN_ADDRESS))
        frame = self.frames.get(key)
        if frame is None:
            said: list[Any] = []
            plain = {**environ, "QUERY_STRING": "limit=1"}
            response = self.application(plain, lambda *given: said.extend(given))
            try:
                for _ in response:
                    pass
            finally:
                if hasattr(response, "close"):
                    response.close()
            status, headers = said[:2]
            if not status.startswith("200 ") or any(name.lower() == "set-cookie" for name, _ in headers):
                return None
            kept = [(name, value) for name, value in headers if name.lower() not in OF_ONE_ANSWER]
            frame = Frame(site_of(WSGIRequest(plain)), kept)
            if len(self.frames) >= MOST_SITES:
                self.frames.clear()
            self.frames[key] = frame
        return frame
