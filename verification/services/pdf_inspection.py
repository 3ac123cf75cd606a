"""What is wrong with a PDF? Asked in a process of its own, because a small file can unfold to fill a machine's memory.

Parent: `verdict_on(file)`. Child: this very file run as a script, with the PDF as its standard input, within limits
that it sets itself. The child imports no Django and gets no environment: whoever breaks the parser finds no secrets.
"""

import json
import logging
import resource
import shutil
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterable, Iterator
from contextlib import suppress
from enum import StrEnum
from typing import Any, BinaryIO

import pikepdf

MOST_MEMORY = 512 * 1024 * 1024
"""Bytes of address space. A file of 25 MB as scanners and word processors make them needs a tenth of it."""
SMALL = 64 * 1024
"""Bytes."""
LONGEST = 20
"""Seconds."""
# All threads of a web process together use at most this many times MOST_MEMORY.
AT_ONCE = threading.BoundedSemaphore(2)

logger = logging.getLogger(__name__)


class PdfVerdict(StrEnum):
    FINE = "fine"
    DAMAGED = "damaged"
    ENCRYPTED = "encrypted"
    NO_PAGES = "no pages"
    RUNS_SOMETHING = "runs something"
    SENDS_SOMETHING = "sends something"
    LEADS_TO_ANOTHER_FILE = "leads to another file"
    HOLDS_FILES = "holds files"
    DYNAMIC_FORM = "dynamic form"
    RICH_MEDIA = "rich media"
    TOO_MUCH = "too much"
    """Takes more memory or time than a document needs."""


# Types of actions (ISO 32000-1, table 198). A link to a web address (/URI) does no harm before somebody follows it.
REFUSED_ACTIONS = {
    "/JavaScript": PdfVerdict.RUNS_SOMETHING,
    "/Launch": PdfVerdict.RUNS_SOMETHING,
    "/SubmitForm": PdfVerdict.SENDS_SOMETHING,
    "/ImportData": PdfVerdict.SENDS_SOMETHING,
    "/GoToR": PdfVerdict.LEADS_TO_ANOTHER_FILE,
    "/GoToE": PdfVerdict.LEADS_TO_ANOTHER_FILE,
}
REFUSED_KEYS = {
    "/EmbeddedFiles": PdfVerdict.HOLDS_FILES,
    "/XFA": PdfVerdict.DYNAMIC_FORM,
    "/RichMediaContent": PdfVerdict.RICH_MEDIA,
}
REFUSED_TYPES = {"/EmbeddedFile": PdfVerdict.HOLDS_FILES, "/RichMedia": PdfVerdict.RICH_MEDIA}
# The keys of a file specification's /EF; with others it is something else of that name, such as a font.
KEYS_OF_EF = frozenset({"/F", "/UF", "/DOS", "/Mac", "/Unix"})


def verdict_on(file: BinaryIO) -> PdfVerdict:
    """What stands against keeping the PDF `file`, from its begin. Takes at most LONGEST seconds and MOST_MEMORY."""
    if _cannot_unfold(file):
        file.seek(0)
        return inspect(file)
    with tempfile.TemporaryFile() as copy:
        file.seek(0)
        shutil.copyfileobj(file, copy)
        copy.seek(0)
        with AT_ONCE:
            try:
                done = subprocess.run(  # noqa: S603  # our own file, no argument
                    [sys.executable, "-I", __file__],
                    stdin=copy,
                    capture_output=True,
                    timeout=LONGEST,
                    env={},
                    check=False,
                )
            except subprocess.TimeoutExpired:
                return PdfVerdict.TOO_MUCH
    try:
        verdict = PdfVerdict(json.loads(done.stdout)["verdict"])
    except (ValueError, KeyError, TypeError):
        # The limits ended it before it could say anything.
        logger.warning("The inspection of a PDF ended with %s: %s", done.returncode, done.stderr[-2000:])
        return PdfVerdict.TOO_MUCH
    if done.stderr:
        logger.warning("The inspection of a PDF met something unexpected: %s", done.stderr[-2000:])
    return verdict


def _cannot_unfold(file: BinaryIO) -> bool:
    """Whether the PDF is small and has no filter, so that it takes no more room open than shut."""
    file.seek(0)
    content = file.read(SMALL + 1)
    # A `#` could spell the name of a filter in another way.
    return len(content) <= SMALL and b"/Filter" not in content and b"#" not in content


def inspect(file: BinaryIO) -> PdfVerdict:
    """The same within this process, without limits."""
    try:
        with pikepdf.open(file) as pdf:
            if pdf.is_encrypted:
                return PdfVerdict.ENCRYPTED
            if not len(pdf.pages):
                return PdfVerdict.NO_PAGES
            objection = next(_objections(pdf), PdfVerdict.FINE)
            return objection if objection != PdfVerdict.FINE else _whether_all_was_seen(pdf)
    except pikepdf.PasswordError:
        return PdfVerdict.ENCRYPTED
    except pikepdf.PdfError:
        return PdfVerdict.DAMAGED


def _objections(pdf: pikepdf.Pdf) -> Iterator[PdfVerdict]:
    """What is refused, wherever in the file it hangs."""
    names = pdf.Root.get("/Names")
    if isinstance(names, pikepdf.Dictionary) and "/JavaScript" in names:
        yield PdfVerdict.RUNS_SOMETHING
    for thing in pdf.objects:
        for part in _with_what_is_written_inside(thing):
            if isinstance(part, pikepdf.Dictionary | pikepdf.Stream):
                yield from _objections_to(part)


def _whether_all_was_seen(pdf: pikepdf.Pdf) -> PdfVerdict:
    """qpdf goes on without the objects of a stream that it could not unfold, and a script could be among them."""
    warnings = [str(warning) for warning in pdf.get_warnings()]
    if any("bad_alloc" in warning for warning in warnings):
        return PdfVerdict.TOO_MUCH
    if any("error decoding stream" in warning or "unfilterable stream" in warning for warning in warnings):
        return PdfVerdict.DAMAGED
    return PdfVerdict.FINE


def _objections_to(part: pikepdf.Object) -> Iterator[PdfVerdict]:
    action = part.get("/S")
    if isinstance(action, pikepdf.Name):
        if str(action) in REFUSED_ACTIONS:
            yield REFUSED_ACTIONS[str(action)]
        if action == "/Rendition" and "/JS" in part:
            yield PdfVerdict.RUNS_SOMETHING
    for key, objection in REFUSED_KEYS.items():
        if key in part:
            yield objection
    for key in ("/Type", "/Subtype"):
        kind = part.get(key)
        if isinstance(kind, pikepdf.Name) and str(kind) in REFUSED_TYPES:
            yield REFUSED_TYPES[str(kind)]
    files = part.get("/EF")
    if isinstance(files, pikepdf.Dictionary) and KEYS_OF_EF & set(files.keys()):
        yield PdfVerdict.HOLDS_FILES


def _with_what_is_written_inside(thing: Any) -> Iterator[Any]:
    """An object of a file and the dictionaries and lists within it; what it only refers to is an object of its own."""
    waiting = [thing]
    while waiting:
        part = waiting.pop()
        yield part
        inside: Iterable[Any] = ()
        if isinstance(part, pikepdf.Dictionary | pikepdf.Stream):
            inside = (value for _, value in part.items())
        elif isinstance(part, pikepdf.Array):
            inside = list(part)
        waiting += [
            each for each in inside if isinstance(each, pikepdf.Dictionary | pikepdf.Array) and not each.is_indirect
        ]


def _keep_within_limits() -> None:
    for what, limit in (
        (resource.RLIMIT_AS, MOST_MEMORY),
        (resource.RLIMIT_CPU, LONGEST),
        (resource.RLIMIT_CORE, 0),
    ):
        # macOS refuses the first one; there the time is the limit.
        with suppress(ValueError, OSError):
            resource.setrlimit(what, (limit, limit))


def _main() -> None:
    _keep_within_limits()
    try:
        verdict = inspect(sys.stdin.buffer)
    except MemoryError:
        verdict = PdfVerdict.TOO_MUCH
    except Exception:  # whatever a parser does with a hostile file, the file is to blame
        logger.exception("unexpected")
        verdict = PdfVerdict.DAMAGED
    sys.stdout.write(json.dumps({"verdict": verdict}))


if __name__ == "__main__":
    _main()
