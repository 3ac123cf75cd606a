"""Several model numbers in one cell, and ranges of them."""

import re
from dataclasses import dataclass, field

from pcl.errors import RegisterError
from pcl.text import normalize_model_number

MOST_IN_ROW = 500
LONGEST = 120
_NONE = frozenset({"n/a", "none", "not stated", "-", "--", "—", "–"})
_PARTED = re.compile(r"[;\n]")
_DOTS = re.compile(r"\s*\.\.+\s*")
_WORDS = re.compile(r"\s+(?:through|thru|to)\s+", re.IGNORECASE)
_HYPHEN = re.compile(r"\s*[-–—]\s*")
# What rises in a range: the last digits.
_END = re.compile(r"(.*?)([0-9]{1,12})([^0-9]*)", re.DOTALL)


@dataclass
class ModelNumbers:
    numbers: list[str] = field(default_factory=list)
    """In the order of the cell, each once however it is punctuated; one empty number where none is stated."""
    hint: str = ""


def model_numbers_of(text: str) -> ModelNumbers:
    """The numbers in a cell: parted by `;` or line breaks, ranges written A..B, A through B or A to B.

    A hyphen is part of a number, never a range. Raises RegisterError.
    """
    found: dict[str, str] = {}
    hint = ""
    pieces = [" ".join(piece.split()) for piece in _PARTED.split(text)]
    for piece in pieces:
        if not piece or piece.lower() in _NONE:
            continue
        numbers = _expanded(piece)
        if len(numbers) == 1:
            hint = hint or _hint(piece)
        for number in numbers:
            normalized = normalize_model_number(number)
            if not normalized:
                raise RegisterError(f"“{number[:40]}” has no letter or digit, so it is no model number.")
            if len(number) > LONGEST or len(normalized) > LONGEST:
                raise RegisterError(
                    f"A model number has {len(number):,} characters; at most {LONGEST} can be kept. "
                    "Part several by “;”."
                )
            found.setdefault(normalized, number)
        if len(found) > MOST_IN_ROW:
            raise RegisterError(_too_many(len(found)))
    return ModelNumbers(list(found.values()) or [""], hint)


def _expanded(piece: str) -> list[str]:
    for between, is_surely_one in ((_DOTS, True), (_WORDS, False)):
        ends = between.split(piece)
        if len(ends) != 2 or not all(ends):
            continue
        if (numbers := _range(*ends)) is not None:
            return numbers
        # "Adapter to pump" is a name; "RW-100 to XY-105" is a range that went wrong.
        if is_surely_one or all(_END.fullmatch(end) for end in ends):
            raise RegisterError(
                f"“{piece[:60]}” is no range: both ends must be alike up to a rising number. List the numbers, parted "
                "by “;”."
            )
    return [piece]


def _range(first: str, last: str) -> list[str] | None:
    begin, end = _END.fullmatch(first), _END.fullmatch(last)
    if begin is None or end is None or (begin[1], begin[3]) != (end[1], end[3]):
        return None
    low, high = int(begin[2]), int(end[2])
    padded = begin[2].startswith("0") or end[2].startswith("0")
    if high < low or (padded and len(begin[2]) != len(end[2])):
        return None
    if high - low >= MOST_IN_ROW:
        raise RegisterError(_too_many(high - low + 1))
    width = len(begin[2]) if padded else 0
    return [f"{begin[1]}{number:0{width}}{begin[3]}" for number in range(low, high + 1)]


def _hint(piece: str) -> str:
    for place in _HYPHEN.finditer(piece):
        first, last = piece[: place.start()], piece[place.end() :]
        if not first or not last:
            continue
        begin, end = _END.fullmatch(first), _END.fullmatch(last)
        if begin and end and (begin[1], begin[3]) == (end[1], end[3]) and int(begin[2]) < int(end[2]):
            return (
                f"“{piece[:60]}” was read as one model number, since model numbers contain hyphens. If a range is "
                f"meant, write {first[:30]}..{last[:30]}."
            )
    return ""


def _too_many(count: int) -> str:
    return f"That would be {count:,} model numbers; a row may have {MOST_IN_ROW}. Spread them over several rows."
