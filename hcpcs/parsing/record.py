"""One code or modifier as a file gives it, and what all kinds of files have in common."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from hcpcs.models import Kind

# The American Medical Association's codes begin with a digit, the American Dental Association's are D and four digits.
# Both are under copyright, and neither is Level II.
_CPT = re.compile(r"\d")
_CDT = re.compile(r"D\d{4}$")
# Record identification code, position 11.
FIRST_LINES = {"3": Kind.CODE, "7": Kind.MODIFIER}
CONTINUATIONS = {"4": Kind.CODE, "8": Kind.MODIFIER}


class ReleaseFileError(Exception):
    """The file as a whole cannot be taken as a release. The message says why, to whoever chose the file.

    `options` are those of the command line that say what the message asks for; a page has fields for it.
    """

    def __init__(self, message: str, *, options: str = "") -> None:
        super().__init__(message)
        self.options = options


class LineError(Exception):
    """One line cannot be read; the file's other lines can."""


class LayoutRecord(NamedTuple):
    """The record layout's fields, in the order of `hcpcs.models.LAYOUT_FIELDS`."""

    kind: str
    code: str
    sequence_number: str
    long_description: str
    short_description: str
    pricing_indicators: tuple[str, ...]
    multiple_pricing_indicator: str
    cim_references: tuple[str, ...]
    mcm_references: tuple[str, ...]
    statute: str
    lab_certifications: tuple[str, ...]
    cross_references: tuple[str, ...]
    coverage: str
    asc_group: str
    asc_effective: date | None
    mog_group: str
    mog_indicator: str
    mog_effective: date | None
    processing_note: str
    betos: str
    types_of_service: tuple[str, ...]
    anesthesia_base_units: int | None
    added: date | None
    action_effective: date | None
    terminated: date | None
    action_code: str


@dataclass(frozen=True)
class SkippedLine:
    """A line that was left out. `number` counts from 1, as editors and spreadsheets do."""

    number: int
    reason: str


@dataclass
class ParsedFile:
    records: list[LayoutRecord] = field(default_factory=list)
    skipped: list[SkippedLine] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    # How many codes were left out because they are CPT or CDT codes.
    copyrighted: int = 0
    preamble_lines: int = 0


class RecordCollector:
    """Puts first lines and their continuation lines together, whatever kind of file they come from."""

    def __init__(self) -> None:
        self.file = ParsedFile()
        self._positions: dict[tuple[str, str], int] = {}
        # The record that a continuation line would belong to; its pieces; whether it was left out.
        self._open: LayoutRecord | None = None
        self._pieces: list[str] = []
        self._left_out: tuple[str, str] | None = None

    def first_line(self, number: int, record: LayoutRecord) -> None:
        self.close()
        key = (record.kind, record.code)
        if record.kind == Kind.CODE and (_CPT.match(record.code) or _CDT.match(record.code)):
            self.file.copyrighted += 1
            self._left_out = key
        elif key in self._positions:
            self.skip(number, f"{record.code} stands in the file twice; the first is kept")
            self._left_out = key
        elif not record.long_description:
            self.skip(number, f"{record.code} has no description")
            self._left_out = key
        else:
            self._positions[key] = -1
            self._open = record
            self._pieces = [record.long_description]

    def continuation(self, number: int, kind: str, code: str, piece: str) -> None:
        key = (kind, code)
        if self._open is not None and (self._open.kind, self._open.code) == key:
            if piece:
                self._pieces.append(piece)
        elif self._left_out != key:
            self.skip(number, f"continues the description of {code}, which is not the code before it")

    def unreadable(self, number: int, kind: str, code: str, reason: str) -> None:
        """A first line that cannot be read: its continuation lines go with it."""
        self.close()
        self._left_out = (kind, code)
        self.skip(number, f"{code}: {reason}")

    def skip(self, number: int, reason: str) -> None:
        self.file.skipped.append(SkippedLine(number, reason))

    def close(self) -> None:
        if self._open is not None:
            record = self._open
            if len(self._pieces) > 1:
                # Each piece stripped, joined by one space: so CMS's workbook writes the same description.
                record = record._replace(long_description=" ".join(self._pieces))
            self.file.records.append(record)
        self._open = self._left_out = None

    def finish(self) -> ParsedFile:
        """The file, checked as a whole. Raises ReleaseFileError when it is no release or largely unreadable."""
        self.close()
        if not self.file.records:
            what = f" Line {self.file.skipped[0].number}: {self.file.skipped[0].reason}." if self.file.skipped else ""
            raise ReleaseFileError(f"No HCPCS code or modifier was found in it.{what}")
        if len(self.file.skipped) > max(5, len(self.file.records) // 10):
            first = self.file.skipped[0]
            raise ReleaseFileError(
                f"{len(self.file.skipped)} lines beside {len(self.file.records)} readable records cannot be read, so "
                f"it is probably not in CMS's record layout. Line {first.number}: {first.reason}."
            )
        return self.file


def without_trailing_blanks(values: Iterable[str]) -> tuple[str, ...]:
    kept = list(values)
    while kept and not kept[-1]:
        kept.pop()
    return tuple(kept)


def squeezed(text: str) -> str:
    """Without the padding; runs of blanks (also no-break spaces) and control characters are one space."""
    return " ".join(text.replace("\x00", " ").split())
