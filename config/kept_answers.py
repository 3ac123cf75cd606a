"""What has not changed is said in a word, and answers that change only with a release are given again as they are.

Both before Django is woken up, and both from one short text: the fingerprint of the catalogue of codes and of the
register (pcl/queries/fingerprint.py), read again RECHECKED_EVERY seconds. **The rule: for that long, and no longer, an
answer from here can be older than the register.** An answer that Django makes is never old.

- Everything that the API tells of codes, releases, fees, listings, changes, requirements, organizations and
  publications, and what FHIR searches for devices and organizations find, carries a strong `ETag`, made of the
  fingerprints, the Eastern day, the address, the form (`Accept`, encoding) and the program itself. Who has it is told
  304 without a look at any row. Made before the answer, it is at worst of an older state than the answer: then the next
  question is answered in full.
- `Last-Modified` is when the first of all processes saw the fingerprint (one row in the shared cache for each). It is
  told only once that second is well over, so that no two states can have the same; see docs/adr/0017.
- Of codes, modifiers and releases, also in the form of Clinical Tables, and of listings the whole answer is kept in the
  process; of pages, what the search page says to a stranger who brings no cookie.

Nothing else is kept: no error, no answer to somebody's cookie, no file, and nothing of one asker's allowance.
"""

import hashlib
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from email.utils import parsedate_to_datetime
from functools import cache
from typing import Any

from django.conf import settings
from django.core.cache import cache as shared_cache
from django.db import DatabaseError, close_old_connections
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.http import http_date

from config.encoding import encoding_of
from config.quick_codes import CATALOGUE, OF_ONE_ANSWER, SEEN_ADDRESS
from hcpcs.queries.releases import catalogue_fingerprint
from pcl.api.read_view import READABLE_BY_PAGES
from pcl.queries.fingerprint import register_fingerprint

KEPT = ("/api/v1/codes/", "/api/v1/modifiers/", "/api/v1/releases/", "/api/hcpcs/v3/search")
REGISTER = tuple(
    f"/api/v1/{noun}/" for noun in ("listings", "changes", "requirements", "organizations", "publications", "fees")
)
LISTINGS = REGISTER[0]
# One DeviceDefinition has a tag of its own version, as FHIR would have it.
FHIR = frozenset({"/fhir/DeviceDefinition", "/fhir/DeviceDefinition.ndjson", "/fhir/Organization"})
FHIR_ORGANIZATION = "/fhir/Organization/"
# A page says who is signed in: it is kept for those who bring no cookie.
KEPT_PAGES = frozenset({"/"})
RECHECKED_EVERY = 1.0
# A second in which two states can be seen is over after it, for every process.
SETTLED_AFTER = RECHECKED_EVERY + 1
REMEMBERED = 7 * 24 * 3600
MOST_BYTES = 32 * 1024 * 1024
LONGEST_QUERY = 1000
# Of an answer's memory besides its body, key and headers, about.
_OVERHEAD = 1024
MOST_ADDRESSES = 20_000
_OF_ONE_ASKER = OF_ONE_ANSWER - {"content-length", "link"}

Key = tuple[Any, ...]
Headers = list[tuple[str, str]]


@dataclass(frozen=True)
class Answer:
    headers: Headers
    body: bytes

    def bytes_under(self, key: Key) -> int:
        """What it takes of memory: many short answers, of long addresses, take most of it for what is around them."""
        texts = [*(text for header in self.headers for text in header), *filter(None, key)]
        return _OVERHEAD + len(self.body) + sum(len(str(text)) for text in texts)


@dataclass(frozen=True)
class State:
    catalogue: str
    register: str
    today: date
    since: int | None
    """When it was seen first, in whole seconds; None where nobody could keep that."""

    def of(self, key: Key) -> tuple[Any, ...]:
        """What an answer hangs on: of codes, only the catalogue and the day."""
        return (self.catalogue, self.today) if key[0].startswith(KEPT) else (self.catalogue, self.register, self.today)

    def validators(self, key: Key) -> "Validators":
        said = salted_hmac("config.kept_answers", repr((key, *map(str, self.of(key)), program())), algorithm="sha256")
        settled = self.since is not None and time.time() >= self.since + SETTLED_AFTER
        return Validators(f'"{said.hexdigest()[:32]}"', self.since if settled else None)


@dataclass(frozen=True)
class Validators:
    etag: str
    modified: int | None

    def are_known(self, environ: dict[str, Any], *, has_been_told: bool) -> bool:
        """Whether the asker has what it would be told. A tag decides; a time only where no tag is given.

        Anybody can give a time, also of an address that has no answer: `has_been_told` says that there is one.
        """
        if given := environ.get("HTTP_IF_NONE_MATCH", ""):
            return self.etag in {tag.strip().removeprefix("W/") for tag in given.split(",")}
        since = _instant_of(environ.get("HTTP_IF_MODIFIED_SINCE", ""))
        return has_been_told and since is not None and self.modified is not None and since >= self.modified

    def headers(self) -> Headers:
        # To be asked again, and answered in a word where nothing has changed.
        told = [("ETag", self.etag), ("Cache-Control", "no-cache")]
        return told if self.modified is None else [*told, ("Last-Modified", http_date(self.modified))]


class KeptAnswers:
    """Wraps the application; one for each process."""

    def __init__(
        self,
        application: Callable[..., Iterable[bytes]],
        *,
        catalogue: Callable[[], str] = catalogue_fingerprint,
        register: Callable[[], str] = register_fingerprint,
    ) -> None:
        self.application = application
        self.catalogue = catalogue
        self.register = register
        self.checked_at = float("-inf")
        self.state: State | None = None
        self.answers: OrderedDict[Key, Answer] = OrderedDict()
        # Of what was answered with 200 in the state seen last.
        self.addresses: set[int] = set()
        self.bytes = 0
        self.lock = threading.Lock()

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        key = _key(environ)
        state = self._state() if key is not None else None
        if key is None or state is None:
            return self.application(environ, start_response)
        validators = state.validators(key)
        kept = self.answers.get((*key, *state.of(key)))
        if validators.are_known(environ, has_been_told=hash(key) in self.addresses):
            headers = kept.headers if kept else _headers_of(key)
            told = [each for each in headers if each[0].lower() not in OF_NO_BODY]
            start_response("304 Not Modified", [*told, *validators.headers()])
            return []
        if kept is not None and environ["REQUEST_METHOD"] == "GET":
            start_response("200 OK", [*kept.headers, *validators.headers()])
            return [kept.body]
        environ[CATALOGUE] = state.catalogue
        if environ["REQUEST_METHOD"] == "GET" and _is_kept(key[0]):
            return self._asked(key, state, validators, environ, start_response)

        def validated(status: str, headers: Headers, exc_info: Any = None) -> Any:
            more: Headers = []
            if status.startswith("200 ") and not _has_cookie(headers):
                more = validators.headers()
                self._has_told(key)
            return start_response(status, [*headers, *more], exc_info)

        return self.application(environ, validated)

    def _state(self) -> State | None:
        """What is told now, at most RECHECKED_EVERY seconds old. None where the database does not answer."""
        if time.monotonic() - self.checked_at <= RECHECKED_EVERY:
            return self.state
        close_old_connections()
        try:
            # The moment before: what is read afterwards is at least as new.
            checked_at = time.monotonic()
            catalogue, register, today = self.catalogue(), self.register(), timezone.localdate()
            known = self.state
            if known is None or (catalogue, register, today) != (known.catalogue, known.register, known.today):
                self.state = State(catalogue, register, today, _first_seen(f"{catalogue} {register} {today}"))
                self.addresses = set()
                if known is None or (catalogue, today) != (known.catalogue, known.today):
                    with self.lock:
                        self.answers.clear()
                        self.bytes = 0
            self.checked_at = checked_at
        except DatabaseError:
            # Then Django says so.
            return None
        finally:
            close_old_connections()
        return self.state

    def _asked(
        self,
        key: Key,
        state: State,
        validators: Validators,
        environ: dict[str, Any],
        start_response: Callable[..., Any],
    ) -> Iterable[bytes]:
        said: list[Any] = []

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
        if not status.startswith("200 ") or _has_cookie(headers):
            start_response(status, headers, exc_info)
            return [body]
        self._has_told(key)
        kept = Answer([each for each in headers if each[0].lower() not in _OF_ONE_ASKER], body)
        self._keep((*key, *state.of(key)), kept)
        start_response(status, [*headers, *validators.headers()], exc_info)
        return [body]

    def _keep(self, key: Key, answer: Answer) -> None:
        """The oldest ones go where there is no room."""
        if len(answer.body) > MOST_BYTES // 8:
            return
        with self.lock:
            if key not in self.answers:
                self.answers[key] = answer
                self.bytes += answer.bytes_under(key)
            while self.bytes > MOST_BYTES:
                oldest, gone = self.answers.popitem(last=False)
                self.bytes -= gone.bytes_under(oldest)

    def _has_told(self, key: Key) -> None:
        """Who asks by a time only is told 304 of nothing else: there may be nothing at that address, or a fault."""
        if len(self.addresses) >= MOST_ADDRESSES:
            self.addresses.clear()
        self.addresses.add(hash(key))


def _key(environ: dict[str, Any]) -> Key | None:
    """What an answer depends on besides the state. None for what is neither kept nor validated here."""
    path, query = environ.get("PATH_INFO", ""), environ.get("QUERY_STRING", "")
    if environ["REQUEST_METHOD"] not in {"GET", "HEAD"} or len(query) > LONGEST_QUERY:
        return None
    is_told = path.startswith((*KEPT, *REGISTER, FHIR_ORGANIZATION)) or path in FHIR
    if not is_told and (path not in KEPT_PAGES or environ.get("HTTP_COOKIE")):
        return None
    # Only listings are told in more than one form.
    accept = environ.get("HTTP_ACCEPT", "") if path == LISTINGS else ""
    return (path, query, accept, encoding_of(environ), *map(environ.get, SEEN_ADDRESS))


def _is_kept(path: str) -> bool:
    return path.startswith((*KEPT, LISTINGS)) or path in KEPT_PAGES


# No 304 has them.
OF_NO_BODY = {"content-length", "content-type", "content-encoding", "link"}


def _headers_of(key: Key) -> Headers:
    """What a 304 says of an answer that is not at hand."""
    if key[0] in KEPT_PAGES:
        return [("Vary", "Accept-Encoding, Cookie")]
    return [
        *READABLE_BY_PAGES.items(),
        ("Vary", "Accept, Accept-Encoding" if key[0] == LISTINGS else "Accept-Encoding"),
    ]


def _has_cookie(headers: Headers) -> bool:
    return any(name.lower() == "set-cookie" for name, _ in headers)


def _instant_of(text: str) -> float | None:
    try:
        return parsedate_to_datetime(text).timestamp() if text else None
    except (ValueError, OverflowError):
        return None


def _first_seen(fingerprint: str) -> int | None:
    """When any process first saw this state, in whole seconds, so that all of them tell the same time."""
    name = f"state:{hashlib.sha256(f'{fingerprint} {program()}'.encode()).hexdigest()}"
    now = int(time.time())
    return now if shared_cache.add(name, now, timeout=REMEMBERED) else shared_cache.get(name)


@cache
def program() -> str:
    """Of the code that makes the answers: another version may tell the same state otherwise."""
    digest = hashlib.blake2b(digest_size=12)
    for room in ("config", "hcpcs", "pcl"):
        for path in sorted((settings.BASE_DIR / room).rglob("*.py")):
            digest.update(path.read_bytes())
    return digest.hexdigest()
