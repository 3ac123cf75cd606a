"""CMS's DMEPOS fee schedule: a preamble, a header, and a row per code and modifiers with two amounts per state."""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple

from hcpcs.fee_values import CATEGORIES, CONTIGUOUS_STATES, JURISDICTIONS, STATES
from hcpcs.models.release import QUARTER_MONTHS
from hcpcs.parsing.fee_file import FeeFile, FeeFileError, Line, lines_of
from hcpcs.parsing.record import LineError, SkippedLine

_TITLE = re.compile(r"\b(?P<month>[A-Z][a-z]+)\s+(?P<year>\d{4})\s+(?:DMEPOS\s+)?Fee\s+Schedule", re.IGNORECASE)
_NAME = re.compile(r"DMEPOS_?(?:20)?(?P<year>\d{2})_(?P<month>JAN|APR|JUL|OCT)(?P<rest>[^/]*)\.\w+$", re.IGNORECASE)
_REVISION = re.compile(r"_(?:v|r|rev)_?(\d{1,3})(?!\d)", re.IGNORECASE)
_STATE_COLUMN = re.compile(r"^([A-Z]{2})\s*\(\s*(NR|R)\s*\)$", re.IGNORECASE)
_COLUMNS = {"HCPC": "HCPCS", "MOD1": "MOD", "JURISDICTION": "JURIS", "CATEGORY": "CATG"}
_REQUIRED = ("HCPCS", "MOD", "MOD2", "JURIS", "CATG", "CEILING", "FLOOR")
_CODE = re.compile(r"[A-Z]\d{4}")
# The American Medical Association's codes and the American Dental Association's: under copyright, and not Level II.
_COPYRIGHTED = re.compile(r"\d{4}[0-9A-Z]|D\d{4}")
_MODIFIER = re.compile(r"[A-Z0-9]{2}")
_AMOUNT = re.compile(r"\$?\s*(\d{1,8}|\d{1,3}(?:,\d{3})+)(\.\d+)?")
_CENT = Decimal("0.01")
_MOST_DOLLARS = Decimal(100_000_000)


class FeeRow(NamedTuple):
    """One row. Amounts in dollars; None where CMS's file says 0.00 or nothing."""

    code: str
    modifier: str
    modifier_2: str
    jurisdiction: str
    category: str
    ceiling: Decimal | None
    floor: Decimal | None
    states: tuple[str, ...]
    non_rural: tuple[Decimal | None, ...]
    rural: tuple[Decimal | None, ...]
    description: str


@dataclass
class ParsedFees:
    """`year` and `quarter` as the preamble says them; None where it does not."""

    year: int | None = None
    quarter: int | None = None
    rows: list[FeeRow] = field(default_factory=list)
    skipped: list[SkippedLine] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    copyrighted: int = 0


@dataclass(frozen=True)
class FeeFileName:
    """What CMS's file name says; all None for a name of somebody's own."""

    year: int | None
    quarter: int | None
    revision: int


def fee_file_name(name: str) -> FeeFileName:
    found = _NAME.search(name)
    if found is None:
        return FeeFileName(None, None, 1)
    revision = _REVISION.search(found["rest"])
    return FeeFileName(2000 + int(found["year"]), _quarter(found["month"]), int(revision[1]) if revision else 1)


def parse_fees(file: FeeFile, *, progress: Callable[[int, int], None] | None = None) -> ParsedFees:
    """Read every row. `progress` is told of lines read, and of all, now and then.

    Raises FeeFileError when the file as a whole is no fee schedule, or is cut off.
    """
    lines = lines_of(file)
    start = next((place for place, (_, cells) in enumerate(lines) if _is_header(cells)), None)
    if start is None:
        raise FeeFileError("Its header row cannot be parted into cells (a quotation mark that is never closed?).")
    parsed = ParsedFees()
    _take_title(parsed, lines[:start])
    table = _Table(lines[start][1], parsed.warnings)
    rows = [line for line in lines[start + 1 :] if any(line[1])]
    seen: set[tuple[str, str, str]] = set()
    for place, (number, cells) in enumerate(rows, start=1):
        try:
            _refuse_other_width(table, cells, number=number, is_last=place == len(rows))
            row = table.row(cells)
            _refuse_second(row, seen)
        except LineError as error:
            if _COPYRIGHTED.fullmatch(cells[0].upper()):
                parsed.copyrighted += 1
            else:
                parsed.skipped.append(SkippedLine(number, str(error)))
            continue
        parsed.rows.append(row)
        if progress and place % 250 == 0:
            progress(number, lines[-1][0])
    if progress:
        progress(lines[-1][0], lines[-1][0])
    _refuse_when_unreadable(parsed)
    parsed.warnings += _unknown_values(parsed.rows)
    return parsed


def _is_header(cells: Sequence[str]) -> bool:
    return bool(cells) and cells[0].upper() in {"HCPC", "HCPCS"}


def _take_title(parsed: ParsedFees, preamble: Iterable[Line]) -> None:
    found = _TITLE.search(" ".join(cell for _, cells in preamble for cell in cells if cell))
    if found:
        parsed.year, parsed.quarter = int(found["year"]), _quarter(found["month"])
        if parsed.quarter is None:
            parsed.warnings.append(f"The title says {found['month']}, which begins no quarter.")


def _quarter(month: str) -> int | None:
    names = {name[:3].upper(): quarter for quarter, name in QUARTER_MONTHS.items()}
    return names.get(month[:3].upper())


def _refuse_other_width(table: "_Table", cells: list[str], *, number: int, is_last: bool) -> None:
    if len(cells) == table.width or (len(cells) > table.width and not any(cells[table.width :])):
        return
    if is_last and len(cells) < table.width and _CODE.fullmatch(cells[0]):
        raise FeeFileError(f"It is cut off in the middle of line {number}, the last one. Download it again.")
    raise LineError(f"the row has {len(cells)} cells instead of {table.width}")


def _refuse_second(row: FeeRow, seen: set[tuple[str, str, str]]) -> None:
    key = (row.code, row.modifier, row.modifier_2)
    if key in seen:
        raise LineError(f"{' '.join(key).strip()} stands in the file twice; the first is kept")
    seen.add(key)


def _refuse_when_unreadable(parsed: ParsedFees) -> None:
    first = f" Line {parsed.skipped[0].number}: {parsed.skipped[0].reason}." if parsed.skipped else ""
    if not parsed.rows:
        raise FeeFileError(f"No row with a HCPCS code was found in it.{first}")
    if len(parsed.skipped) > max(5, len(parsed.rows) // 10):
        raise FeeFileError(
            f"{len(parsed.skipped)} rows beside {len(parsed.rows)} readable ones cannot be read, so it is probably not "
            f"in the layout of CMS's fee schedule.{first}"
        )


class _Table:
    """What stands in which column, by the header's names."""

    def __init__(self, header: list[str], warnings: list[str]) -> None:
        self._places: dict[str, int] = {}
        self._states: dict[str, dict[str, int]] = {}
        unknown: list[str] = []
        while header and not header[-1]:
            header = header[:-1]
        self.width = len(header)
        for place, title in enumerate(header):
            self._take(title, place, unknown)
        if missing := [name for name in _REQUIRED if name not in self._places]:
            raise FeeFileError(f"It has no column {', '.join(missing)}, so it is not CMS's DMEPOS fee schedule.")
        if not self._states:
            raise FeeFileError(
                "It has no column of a state such as AL (NR). CMS's schedule for parenteral and enteral nutrition, and "
                "those from before 2016, have other columns and are not read."
            )
        places = list(STATES)
        self._states = dict(
            sorted(self._states.items(), key=lambda each: places.index(each[0]) if each[0] in STATES else len(places))
        )
        warnings += [f"The column {title!r} is unknown and was not read." for title in unknown]
        warnings += self._gaps()

    def _take(self, title: str, place: int, unknown: list[str]) -> None:
        state = _STATE_COLUMN.match(title)
        if state:
            columns, name = self._states.setdefault(state[1].upper(), {}), state[2].upper()
        else:
            name = re.sub(r"[^A-Z0-9]", "", title.upper())
            columns, name = self._places, _COLUMNS.get(name, name)
            if name not in {*_REQUIRED, "DESCRIPTION"}:
                unknown.append(title)
                return
        if name in columns:
            raise FeeFileError(f"It has two columns {title}.")
        columns[name] = place

    def _gaps(self) -> Iterable[str]:
        if strange := [state for state in self._states if state not in STATES]:
            yield f"No state is known under {', '.join(strange)}; the columns were read as they stand."
        if missing := [state for state in CONTIGUOUS_STATES if state not in self._states]:
            yield f"It has no columns of {', '.join(missing)}."
        for state, columns in self._states.items():
            if len(columns) == 1:
                yield f"It has only a column {state} ({next(iter(columns))})."

    def row(self, cells: list[str]) -> FeeRow:
        """Raises LineError, which names the column."""
        code = cells[self._places["HCPCS"]].upper()
        if not _CODE.fullmatch(code):
            raise LineError(f"{code[:20]!r} is no HCPCS code")
        if _COPYRIGHTED.fullmatch(code):
            raise LineError(f"{code} is a CDT code")
        modifier, modifier_2 = (self._modifier(code, cells, name) for name in ("MOD", "MOD2"))
        if modifier_2 and (not modifier or modifier == modifier_2):
            raise LineError(f"{code}: the second modifier is {modifier_2}, the first is {modifier or 'missing'}")
        ceiling, floor = (_amount_in(code, cells, self._places[name], name.title()) for name in ("CEILING", "FLOOR"))
        if ceiling is not None and floor is not None and ceiling < floor:
            raise LineError(f"{code}: the ceiling {ceiling} is below the floor {floor}")
        amounts = [
            (state, *(_state_amount(code, cells, state, columns, kind) for kind in ("NR", "R")))
            for state, columns in self._states.items()
        ]
        given = [each for each in amounts if each[1] is not None or each[2] is not None]
        states, non_rural, rural = zip(*given, strict=True) if given else ((), (), ())
        description = cells[self._places["DESCRIPTION"]] if "DESCRIPTION" in self._places else ""
        return FeeRow(
            code, modifier, modifier_2,
            cells[self._places["JURIS"]].upper()[:1], cells[self._places["CATG"]].upper()[:2],
            ceiling, floor, states, non_rural, rural, " ".join(description.split())[:100],
        )  # fmt: skip

    def _modifier(self, code: str, cells: list[str], column: str) -> str:
        text = cells[self._places[column]].upper()
        if text and not _MODIFIER.fullmatch(text):
            raise LineError(f"{code}: column {column.title()} says {text[:20]!r}, which is no modifier")
        return text


def _state_amount(code: str, cells: list[str], state: str, columns: dict[str, int], kind: str) -> Decimal | None:
    return _amount_in(code, cells, columns[kind], f"{state} ({kind})") if kind in columns else None


def _amount_in(code: str, cells: list[str], place: int, column: str) -> Decimal | None:
    try:
        return _amount(cells[place])
    except ValueError as error:
        raise LineError(f"{code}: column {column} says {cells[place][:20]!r}, {error}") from error


@lru_cache(maxsize=16384)
def _amount(text: str) -> Decimal | None:
    """Dollars. In CMS's file, 0.00 means that there is no amount, not that something is free."""
    if not text:
        return None
    found = _AMOUNT.fullmatch(text)
    if found is None:
        raise ValueError("which is no amount in dollars")
    amount = Decimal(found[1].replace(",", "") + (found[2] or ""))
    if amount != (cents := amount.quantize(_CENT)):
        raise ValueError("which has fractions of a cent")
    if cents >= _MOST_DOLLARS:
        raise ValueError("which is beyond any fee")
    return cents or None


def _unknown_values(rows: Iterable[FeeRow]) -> Iterable[str]:
    listed = list(rows)
    for name, known in (("jurisdiction", JURISDICTIONS), ("category", CATEGORIES)):
        values = [getattr(row, name) for row in listed]
        for value in sorted(set(values) - set(known)):
            yield f"{name}: the value {value!r} is unknown (in {values.count(value):,} rows)"
