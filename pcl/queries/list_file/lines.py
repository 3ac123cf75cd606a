"""What each row of a list would list, or what is wrong with it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from pcl.errors import RegisterError
from pcl.names import name_key
from pcl.patient_numbers import patient_number_in
from pcl.queries.check_file.rows import Cells
from pcl.queries.list_file.columns import Columns
from pcl.queries.list_file.days import day_of, end_of, range_of
from pcl.queries.list_file.model_numbers import model_numbers_of
from pcl.text import clean_text

LONGEST = {"code": 60, "manufacturer": 300, "distributor": 300, "product": 300, "classification": 120, "comment": 1000}
MOST_OTHER_NAMES = 20
_KEPT_OF_A_BAD_CELL = 100


@dataclass(frozen=True)
class Problem:
    column: str
    message: str


@dataclass
class ReadRow:
    """A row's listings are one for each model number; a row with problems has none."""

    row: int
    texts: dict[str, str]
    model_numbers: list[str] = field(default_factory=list)
    other_names: list[str] = field(default_factory=list)
    first_day: date | None = None
    last_day: date | None = None
    hint: str = ""
    problems: list[Problem] = field(default_factory=list)


def read_row(row: int, cells: Cells, columns: Columns, *, first_day: date | None) -> ReadRow:
    """`first_day` is for rows that state none."""
    read = ReadRow(row, {name: _text(cells, columns, name) for name in LONGEST})
    read.texts["model_number"] = _text(cells, columns, "model_number", lines=True)

    def problem(name: str, message: str) -> None:
        read.problems.append(Problem(columns.label(name), message))

    for name, message in _refused_texts(read.texts):
        problem(name, message)
    _names(read, _text(cells, columns, "other_names"), problem)
    _numbers(read, problem)
    _days(read, cells, columns, problem)
    # A day that cannot be read is not also missing.
    if not any(each.column in {columns.label(name) for name in ("first_day", "dates")} for each in read.problems):
        read.first_day = read.first_day or first_day
        if read.first_day is None:
            problem("first_day", "The row states no first day. Give it, or one for all rows without when you upload.")
        elif read.last_day is not None and read.last_day < read.first_day:
            shown = f"{read.last_day.isoformat()} lies before the first day, {read.first_day.isoformat()}"
            problem("last_day", f"The last day, {shown}. Put one of them right.")
    if read.problems:
        # What is wrong may be anything: no more of it is kept than helps to find the row.
        read.texts = {name: _without_patient(text)[:_KEPT_OF_A_BAD_CELL] for name, text in read.texts.items()}
        read.first_day = read.last_day = None
        read.other_names, read.model_numbers = [], []
    return read


def _refused_texts(texts: dict[str, str]) -> Iterator[tuple[str, str]]:
    texts["code"] = texts["code"].upper()
    for name, what in (("code", "HCPCS code"), ("manufacturer", "manufacturer"), ("product", "product")):
        if not texts[name]:
            yield name, f"The cell is empty. Give the {what}."
    for name, text in texts.items():
        if number := patient_number_in(text):
            yield name, f"It holds what looks like {number}. Remove it: data of patients must not come here."
        elif len(text) > LONGEST.get(name, 30_000):
            yield name, f"The cell has {len(text):,} characters; at most {LONGEST[name]} can be kept. Shorten it."
        elif name in {"manufacturer", "distributor"} and text and not any(letter.isalpha() for letter in text):
            yield name, f"“{text[:40]}” has no letter, so it is no organization's name."
        elif name == "product" and text and not any(letter.isalnum() for letter in text):
            yield name, f"“{text[:40]}” has no letter or digit, so it is no product's name."
        elif name in {"manufacturer", "distributor"} and len(name_key(text)) > LONGEST[name]:
            yield name, "The name is too long. Shorten it."


def _names(read: ReadRow, text: str, problem: Callable[[str, str], None]) -> None:
    seen = {read.texts["product"].casefold()}
    for name in (" ".join(part.split()) for part in text.split(";")):
        if not name or name.casefold() in seen:
            continue
        seen.add(name.casefold())
        if len(name) > LONGEST["product"] or not any(letter.isalnum() for letter in name):
            problem("other_names", f"“{name[:40]}” cannot be a product's name. Part several names by “;”.")
        elif number := patient_number_in(name):
            problem("other_names", f"It holds what looks like {number}. Remove it.")
        else:
            read.other_names.append(name)
    if len(read.other_names) > MOST_OTHER_NAMES:
        problem("other_names", f"{len(read.other_names)} other names; a product may bring {MOST_OTHER_NAMES}.")


def _numbers(read: ReadRow, problem: Callable[[str, str], None]) -> None:
    try:
        numbers = model_numbers_of(read.texts["model_number"])
    except RegisterError as error:
        problem("model_number", str(error))
    else:
        read.model_numbers, read.hint = numbers.numbers, numbers.hint


def _days(read: ReadRow, cells: Cells, columns: Columns, problem: Callable[[str, str], None]) -> None:
    def asked(name: str, reader: Callable[[Any], Any]) -> Any:
        try:
            return reader(_cell(cells, columns, name))
        except RegisterError as error:
            problem(name, str(error))
            return None

    read.first_day, read.last_day = asked("first_day", day_of), asked("last_day", end_of)
    both = asked("dates", range_of)
    if both is not None and read.first_day is None:
        read.first_day = both[0]
        read.last_day = read.last_day or both[1]


def _cell(cells: Cells, columns: Columns, name: str) -> Any:
    place = columns.places.get(name)
    value = cells[place] if place is not None and place < len(cells) else ""
    return clean_text(value).strip() if isinstance(value, str) else value


def _text(cells: Cells, columns: Columns, name: str, *, lines: bool = False) -> str:
    value = _cell(cells, columns, name)
    if isinstance(value, datetime) and (value.hour, value.minute, value.second) == (0, 0, 0):
        value = value.date()
    text = "" if value is None else str(value)
    return text if lines else " ".join(text.split())


def _without_patient(text: str) -> str:
    return "" if patient_number_in(text) else text
