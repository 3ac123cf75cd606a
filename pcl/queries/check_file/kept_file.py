"""A file of lines made fit to be kept: without what looks like data of patients, and with a guess at its columns."""

import json
import math
import re
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from typing import Any

from pcl.queries.check.line import FIELDS
from pcl.queries.check_file.columns import (
    CODE,
    HEADER_WITHIN,
    LOOKED_AT,
    Columns,
    NotRecognized,
    columns_of,
    day_text,
    lines_in,
    named_columns,
)
from pcl.queries.check_file.patients import (
    header_is_of_a_patient,
    value_is_of_a_patient,
    values_are_of_births,
    values_are_of_patients,
)
from pcl.queries.check_file.rows import Cells

MOST_COLUMNS = 100
SHOWN_ROWS = 25
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
# Longer than any field may be, so that what is too long is still told to be.
_LONGEST_CELL = 400

Rows = list[tuple[int, Cells]]


@dataclass
class Told:
    """What a person is shown of a kept file: places count its kept columns from 0, rows its kept rows."""

    letters: list[str]
    """Of each column, as a spreadsheet names it."""
    first_rows: Rows
    begin: int
    """The row that is the first line to check."""
    chosen: dict[str, int]
    """Field -> place, as far as it was recognized."""
    dropped: list[str]
    emptied: int
    rows: int
    recognized: bool = field(default=True)

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def of(cls, said: dict[str, Any]) -> "Told":
        return cls(**said)

    def names(self, begin: int) -> list[str]:
        """What the columns are called where the lines begin at row `begin`: by the row above it, if there is one."""
        above = self.first_rows[begin - 1][1] if begin else []
        return [
            " ".join(str(above[place]).split())[:60] if place < len(above) and above[place] else ""
            for place in range(len(self.letters))
        ]


def kept_file(rows: Sequence[tuple[int, Cells]]) -> tuple[Told, bytes]:
    """What is told of the file, and its rows to be kept.

    Raises NotRecognized for a file without a column for the code and another for the day, and for one with so many
    columns that nobody could choose among them.
    """
    columns, begin, failure = _recognized(rows)
    if columns is None:
        above = [each for each in rows[:begin] if _filled(each[1]) > 1]
        rows, begin = [*above, *rows[begin:]], len(above)
    else:
        # What stands above the names, such as a title, is nobody's business.
        rows, begin = (rows[begin - 1 :], 1) if begin else (rows, 0)
    filled = sorted({place for _, cells in rows for place, cell in enumerate(cells) if cell not in {"", None}})
    if len(filled) > MOST_COLUMNS:
        raise NotRecognized(f"{failure or ''} There are more than {MOST_COLUMNS} columns. Keep those that are needed.")
    known = columns or _guessed(rows, begin, filled)
    model = known.places.get("model_number")
    patients = dict(_of_patients(rows, filled, known, begin))
    places = [place for place in filled if place not in patients]
    if len(places) < 2:
        raise failure or NotRecognized("There are not two columns left.")
    kept, emptied = _without_patients(rows, places, model)
    told = Told(
        letters=[_letter(place) for place in places],
        first_rows=kept[:SHOWN_ROWS],
        begin=begin,
        chosen={name: places.index(place) for name, place in known.places.items() if place in places},
        dropped=list(patients.values()),
        emptied=emptied,
        rows=len(kept),
        recognized=columns is not None,
    )
    return told, zlib.compress(json.dumps(kept, ensure_ascii=False, separators=(",", ":")).encode(), level=1)


def lines_as_chosen(
    told: Told, content: bytes, *, chosen: dict[str, int], begin: int
) -> tuple[Columns, list[tuple[int, dict[str, str]]]]:
    """The columns, and each line from row `begin` on, where `chosen` says which column each field stands in."""
    rows = json.loads(zlib.decompress(content))
    called = [name or f"column {letter}" for name, letter in zip(told.names(begin), told.letters, strict=True)]
    columns = Columns(
        dict(chosen),
        {name: called[chosen[name]] for name in FIELDS if name in chosen},
        [name for place, name in enumerate(called) if place not in chosen.values()],
        list(told.dropped),
        told.emptied,
    )
    return columns, lines_in(columns, rows[begin:])


def _recognized(rows: Sequence[tuple[int, Cells]]) -> tuple[Columns | None, int, NotRecognized | None]:
    """The columns, if they are; the first row that is a line; and why they are not."""
    try:
        columns, body = columns_of(rows)
    except NotRecognized as error:
        first = rows[:HEADER_WITHIN]
        with_code = (index for index, (_, cells) in enumerate(first) if any(map(_is_code, cells)))
        with_day = (index for index, (_, cells) in enumerate(first) if any(map(_is_day, cells)))
        begin = next(with_code, None)
        begin = next(with_day, min(1, len(rows) - 1)) if begin is None else begin
        return None, begin, error
    return columns, len(rows) - len(body), None


def _guessed(rows: Sequence[tuple[int, Cells]], begin: int, filled: list[int]) -> Columns:
    """By the names, where there are any; else the only column that looks like codes, and the only one like days."""
    columns = named_columns(rows[begin - 1][1]) if begin else Columns({}, {})
    some = [cells for _, cells in rows[begin : begin + LOOKED_AT]]
    for name, fits in (("code", _is_code), ("date_of_service", _is_day)):
        if name not in columns.places:
            alike = [
                place
                for place in filled
                if 2 * sum(fits(_at(cells, place)) for cells in some) > len(some)
                and place not in columns.places.values()
                and not _is_of_births(some, place)
            ]
            if len(alike) == 1:
                columns.places[name] = alike[0]
    return columns


def _of_patients(
    rows: Sequence[tuple[int, Cells]], filled: list[int], known: Columns, begin: int
) -> Iterator[tuple[int, str]]:
    """Places and names of columns that look like data of patients, by a name above them or by their values."""
    names = [cells for _, cells in rows[:HEADER_WITHIN] if _filled(cells) > 1 and not any(map(_is_line_like, cells))]
    some = [cells for _, cells in rows[:LOOKED_AT]]
    for place in filled:
        values = [_text(_at(cells, place)) for cells in some]
        named = next((cells for cells in names if header_is_of_a_patient(_text(_at(cells, place)))), None)
        if (
            named is not None
            or values_are_of_patients(values, is_model_number=place == known.places.get("model_number"))
            or (place != known.places.get("date_of_service") and _is_of_births(some, place))
        ):
            yield place, _name(named or (rows[begin - 1][1] if begin else []), place)


def _is_of_births(some: Sequence[Cells], place: int) -> bool:
    return values_are_of_births(day_text(_at(cells, place)) for cells in some)


def _without_patients(rows: Sequence[tuple[int, Cells]], places: list[int], model: int | None) -> tuple[Rows, int]:
    """The rows with these columns only, and how many single cells of them were emptied."""
    seen: dict[tuple[bool, Any], tuple[Any, bool]] = {}
    emptied = 0
    kept: Rows = []
    for number, cells in rows:
        left: Cells = []
        for place in places:
            given = _at(cells, place)
            key = (place == model, given if isinstance(given, str) else repr(given))
            if key not in seen:
                value = _plain(given)
                is_patients = value_is_of_a_patient(str(value), is_model_number=key[0])
                seen[key] = ("" if is_patients else value, is_patients)
            value, is_patients = seen[key]
            emptied += is_patients
            left.append(value)
        kept.append((number, left))
    return kept, emptied


def _plain(value: Any) -> str | int | float:
    """As JSON can hold it, and PostgreSQL's too."""
    if isinstance(value, datetime | date):
        return day_text(value)
    if isinstance(value, bool) or (isinstance(value, float) and not math.isfinite(value)):
        return str(value)
    if isinstance(value, int | float):
        return value
    return _text(value).replace("\x00", "")[:_LONGEST_CELL]


def _is_line_like(value: Any) -> bool:
    return _is_code(value) or _is_day(value)


def _is_code(value: Any) -> bool:
    return isinstance(value, str) and CODE.fullmatch(value) is not None


def _is_day(value: Any) -> bool:
    # A number may be a day of a spreadsheet's, and may be anything else.
    return not isinstance(value, int | float) and _DAY.fullmatch(day_text(value)) is not None


def _filled(cells: Cells) -> int:
    return sum(cell not in {"", None} for cell in cells)


def _at(cells: Cells, place: int) -> Any:
    return cells[place] if place < len(cells) else ""


def _text(value: Any) -> str:
    return "" if value is None else str(value)


def _name(above: Cells, place: int) -> str:
    """Of a column that is dropped; a value of a patient's is no name."""
    name = " ".join(_text(_at(above, place)).split())[:60]
    return f"column {_letter(place)}" if not name or value_is_of_a_patient(name) else name


def _letter(place: int) -> str:
    """0 is A, 26 is AA."""
    more, last = divmod(place, 26)
    return (_letter(more - 1) if more else "") + chr(ord("A") + last)
