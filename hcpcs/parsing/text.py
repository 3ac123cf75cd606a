"""CMS's fixed-width text file: 320 bytes a line, a first line per code and continuation lines for long descriptions.

Positions are 1-based and inclusive in the record layout, and slices (0-based, end exclusive) here.
"""

import re
from collections.abc import Callable
from datetime import date
from functools import lru_cache

from hcpcs.parsing.record import (
    CONTINUATIONS,
    FIRST_LINES,
    LayoutRecord,
    LineError,
    ParsedFile,
    RecordCollector,
    ReleaseFileError,
    squeezed,
    without_trailing_blanks,
)

RECORD_LENGTH = 320
# Up to the action code in 293; only filler comes after it, which editors like to trim.
SHORTEST_FIRST_LINE = 293
# Code in 1-5 (a modifier in 4-5), sequence number in 6-10, record identification code in 11.
_RECORD_START = re.compile(r"(?: {3}[A-Z0-9]{2}|[A-Z0-9]{5})(?:\d{5}| *\d+)[3478]")
_KINDS = {**FIRST_LINES, **CONTINUATIONS}


def parse_text(content: bytes, *, progress: Callable[[int, int], None] | None = None) -> ParsedFile:
    """Read the bytes of a release. `progress` is told of lines read, and of all, now and then.

    Raises ReleaseFileError for what is no release: binary data, a file cut off in a record, continuation lines only.
    """
    text = _decoded(content)
    lines = text.split("\n")
    if lines and not lines[-1].strip("\x1a\r "):
        lines.pop()  # after the last line end; old CMS files end with Ctrl-Z
    collector = RecordCollector()
    started = False
    for number, raw in enumerate(lines, start=1):
        line = raw.rstrip("\r")
        if not _RECORD_START.match(line):
            if not started:
                collector.file.preamble_lines += 1
            elif line.strip():
                collector.skip(number, "is no record: no code, sequence number and record type in positions 1 to 11")
            continue
        started = True
        _take(collector, number, line)
        if progress and number % 1000 == 0:
            progress(number, len(lines))
    if progress:
        progress(len(lines), len(lines))
    parsed = collector.finish()
    last = lines[-1].rstrip("\r")
    # A line end after it would mean that somebody's editor trimmed it; a first line is never that short.
    if len(last) < SHORTEST_FIRST_LINE and (not text.endswith("\n") or last[10:11] in FIRST_LINES):
        raise ReleaseFileError(f"It is cut off in the middle of line {len(lines)}, the last one. Download it again.")
    return parsed


def _decoded(content: bytes) -> str:
    if b"\x00" in content:
        raise ReleaseFileError("It holds binary data, so it is not CMS's text file.")
    try:
        return content.decode("cp1252")
    except UnicodeDecodeError:
        # Five byte values mean nothing in cp1252; ISO 8859-1 knows all.
        return content.decode("latin-1")


def _take(collector: RecordCollector, number: int, line: str) -> None:
    code, kind = line[0:5].strip(), _KINDS[line[10]]
    if line[10] in CONTINUATIONS:
        collector.continuation(number, kind, code, squeezed(line[11:91]))
        return
    if len(line) < SHORTEST_FIRST_LINE:
        collector.unreadable(number, kind, code, f"the line has {len(line)} characters instead of {RECORD_LENGTH}")
        return
    try:
        collector.first_line(number, _record(line, kind, code))
    except LineError as error:
        collector.unreadable(number, kind, code, str(error))


def _record(line: str, kind: str, code: str) -> LayoutRecord:
    """Build by position: this runs for every code of a release, and keywords would take half as long again."""
    return LayoutRecord(
        kind,
        code,
        line[5:10].strip(),
        squeezed(line[11:91]),
        squeezed(line[91:119]),
        _repeated(line[119:127], 2),
        line[127].strip(),
        _repeated(line[128:146], 6),
        _repeated(line[146:170], 8),
        squeezed(line[170:180]),
        _repeated(line[180:204], 3),
        _repeated(line[204:229], 5),
        line[229].strip(),
        line[230:232].strip(),
        _day(line[232:240], "ASC payment group effective date"),
        line[240:243].strip(),
        line[243].strip(),
        _day(line[244:252], "MOG payment group effective date"),
        line[252:256].strip(),
        line[256:259].strip(),
        _repeated(line[260:265], 1),
        _units(line[265:268]),
        _day(line[268:276], "code added date"),
        _day(line[276:284], "action effective date"),
        _day(line[284:292], "termination date"),
        line[292].strip(),
    )


@lru_cache(maxsize=4096)
def _repeated(text: str, length: int) -> tuple[str, ...]:
    return without_trailing_blanks(text[start : start + length].strip() for start in range(0, len(text), length))


def _units(text: str) -> int | None:
    stripped = text.strip()
    if not stripped:
        return None
    if not stripped.isdecimal():
        raise LineError(f"the anesthesia base units are {stripped!r}, not a number")
    return int(stripped)


def _day(text: str, name: str) -> date | None:
    day = _known_day(text)
    if isinstance(day, str):
        raise LineError(f"the {name} is {day!r}, not a date written as YYYYMMDD")
    return day


@lru_cache(maxsize=4096)
def _known_day(text: str) -> date | str | None:
    """A few hundred distinct dates fill a release. What is no date comes back as it stands."""
    stripped = text.strip()
    if not stripped or stripped == "00000000":
        return None
    try:
        return (
            date(int(stripped[:4]), int(stripped[4:6]), int(stripped[6:])) if len(stripped) == len(text) else stripped
        )
    except ValueError:
        return stripped
