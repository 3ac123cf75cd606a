"""What a file's columns mean, by the names that people give them."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from pcl.errors import RegisterError
from pcl.queries.check.line import FIELDS
from pcl.queries.check_file.patients import header_is_of_a_patient, value_is_of_a_patient, values_are_of_patients
from pcl.queries.check_file.rows import Cells
from pcl.queries.written_day import NotADay, serial, written_day

NAMES = {
    "code": "code hcpcs hcpcscode hcpcscodes procedure procedurecode proccode cpthcpcs hcpcscpt billingcode billedcode",
    "date_of_service": "dateofservice dos servicedate svcdate dateservice dosfrom fromdos fromdate servicefromdate "
    "servicedatefrom dateofsvc dosdate dosbegin servicebegin deliverydate dateofdelivery",
    "manufacturer": "manufacturer mfr mfg manufacturername mfrname mfgname maker brand brandname distributor "
    "manufacturerdistributor manufacturerordistributor",
    "product": "product productname item itemname device devicename",
    "model_number": "model modelnumber modelno modelnum modelnr part partnumber partno sku catalognumber itemnumber "
    "itemno mfrpartnumber mfgpartnumber productnumber",
    "ref": "ref reference referencenumber line lineno linenumber lineid row rownumber id",
}
MEANING = {name: field_name for field_name, names in NAMES.items() for name in names.split()}
LABELS = {
    "code": "HCPCS code",
    "date_of_service": "Date of service",
    "manufacturer": "Manufacturer or distributor",
    "product": "Product",
    "model_number": "Model number",
    "ref": "Your reference",
}
WITHOUT_HEADER = ("code", "date_of_service", "manufacturer", "product", "model_number")
HEADER_WITHIN = 20
LOOKED_AT = 500
CODE = re.compile(r"[A-Za-z]\d{4}")


class NotRecognized(RegisterError):
    """The file can be read, but which column holds the code, and which one the day, cannot be told."""


@dataclass
class Columns:
    """Where each field stands; and, in words, what was left out."""

    places: dict[str, int]
    used: dict[str, str]
    """Field -> the column's name in the file."""
    ignored: list[str] = field(default_factory=list)
    dropped: list[str] = field(default_factory=list)
    """Columns that look like data of patients."""
    emptied: int = 0
    """Single cells that do."""

    def told(self) -> dict[str, Any]:
        return {"used": self.used, "ignored": self.ignored, "dropped": self.dropped, "emptied": self.emptied}


def lines_of(rows: Sequence[tuple[int, Cells]]) -> tuple[Columns, list[tuple[int, dict[str, str]]]]:
    """The columns, and each line's row number and texts by the names of FIELDS.

    Raises NotRecognized, and RegisterError where there is nothing.
    """
    if not rows:
        raise RegisterError("There is no line in it.")
    columns, body = columns_of(rows)
    columns.dropped += list(_drop_patients(columns, [cells for _, cells in body[:LOOKED_AT]]))
    return columns, lines_in(columns, body)


def lines_in(columns: Columns, body: Sequence[tuple[int, Cells]]) -> list[tuple[int, dict[str, str]]]:
    """Each row's number, and its texts by the names of FIELDS. Single cells that look like a patient's are emptied."""
    return [(number, _line(columns, cells)) for number, cells in body]


def columns_of(rows: Sequence[tuple[int, Cells]]) -> tuple[Columns, Sequence[tuple[int, Cells]]]:
    """By the names above them or, without names, in the order told on the page; and the rows below. Of some rows.

    Raises NotRecognized.
    """
    for index, (_, cells) in enumerate(rows[:HEADER_WITHIN]):
        columns = named_columns(cells)
        if {"code", "date_of_service"} <= columns.places.keys():
            return columns, rows[index + 1 :]
    first = [str(cell) for cell in rows[0][1][:2]]
    if len(first) > 1 and CODE.fullmatch(first[0].strip()) and re.search(r"\d", first[1]):
        width = max(len(cells) for _, cells in rows[:LOOKED_AT])
        places = {name: place for place, name in enumerate(WITHOUT_HEADER) if place < width}
        used = {name: f"column {place + 1}" for name, place in places.items()}
        return Columns(places, used, [f"column {place + 1}" for place in range(len(places), width)]), rows
    seen = named_columns(rows[0][1]).places
    missing = " and ".join(LABELS[name] for name in ("code", "date_of_service") if name not in seen)
    raise NotRecognized(
        f"No column was recognized as {missing}. Let the first line name the columns, such as: code, date of service, "
        "manufacturer, product, model number."
    )


def named_columns(cells: Cells) -> Columns:
    """What a row of names means."""
    columns = Columns({}, {})
    for place, cell in enumerate(cells):
        header = " ".join(str(cell).split())[:60]
        if not header:
            continue
        meaning = MEANING.get(re.sub(r"[^a-z0-9]", "", header.lower()))
        if header_is_of_a_patient(header):
            columns.dropped.append(header)
        elif meaning and meaning not in columns.places:
            columns.places[meaning], columns.used[meaning] = place, header
        else:
            columns.ignored.append(header)
    return columns


def _drop_patients(columns: Columns, some: Sequence[Cells]) -> Iterator[str]:
    for name in ("ref", "manufacturer", "product", "model_number"):
        if name in columns.places:
            place = columns.places[name]
            values = [_text(cells[place]) for cells in some if place < len(cells)]
            if values_are_of_patients(values, is_model_number=name == "model_number"):
                del columns.places[name]
                yield columns.used.pop(name)


def _line(columns: Columns, cells: Cells) -> dict[str, str]:
    line = dict.fromkeys(FIELDS, "")
    for name, place in columns.places.items():
        if place >= len(cells):
            continue
        if name == "date_of_service":
            line[name] = day_text(cells[place])
            continue
        text = _text(cells[place])
        if text and value_is_of_a_patient(text, is_model_number=name == "model_number"):
            columns.emptied += 1
            text = ""
        line[name] = text
    return line


def day_text(value: Any) -> str:
    """A day as 2024-06-01, from text (see written_day) or a spreadsheet's date; all else as it is, to be refused."""
    if isinstance(value, datetime | date):
        return value.strftime("%Y-%m-%d")
    if isinstance(value, int | float) and (kept_for := serial(value)):
        return kept_for.isoformat()
    text = _text(value)
    try:
        return written_day(text).isoformat()
    except NotADay:
        return text


def _text(value: Any) -> str:
    return value if isinstance(value, str) else "" if value is None else str(value)
