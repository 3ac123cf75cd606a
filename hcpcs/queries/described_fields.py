"""A code's record, field by field, as a person reads it."""

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from hcpcs.indicators import has_meanings, meaning_of
from hcpcs.models import LAYOUT_FIELDS, Code, Kind, Release, ReleaseRecord
from hcpcs.queries.releases import newest_complete_release

_FIELDS = Path(__file__).parent.parent / "data" / "fields.toml"


@dataclass(frozen=True)
class DescribedField:
    """One value of a record. `meaning` is None where the layout has no table of values for the field."""

    # The name in hcpcs/models/record_layout.py, or `status`, `last_update`.
    name: str
    # As in CMS's record layout, such as "Pricing Indicator Code #1".
    label: str
    value: str | int | date
    meaning: str | None
    explanation: str
    # 1-based inclusive positions in CMS's text file; "" for what is not in it.
    positions: str = ""

    @property
    def meaning_label(self) -> str:
        """How the record layout calls the meaning, such as "Coverage Code Description"."""
        return f"{self.label} Description"


@cache
def field_texts() -> dict[str, dict[str, str]]:
    """Field name -> label, positions and explanation (hcpcs/data/fields.toml), in the order of the record."""
    with _FIELDS.open("rb") as file:
        return tomllib.load(file)


def described_fields(record: Code | ReleaseRecord) -> list[DescribedField]:
    """Every field of the record layout that has a value, in its order, with label, value, meaning and explanation.

    A termination date is always there, "None" when the code has not ended. For a `Code`, its standing in the newest
    loaded release follows; that costs one query, and another unless `last_release` is selected along.
    """
    fields = [field for name in field_texts() if name in LAYOUT_FIELDS for field in _described(record, name)]
    return fields + _standing(record) if isinstance(record, Code) else fields


def described_as_of(record: ReleaseRecord | None, *, code: Code) -> list[DescribedField]:
    """The fields as `record` has them, then the code's standing in the newest loaded release; see described_fields."""
    return described_fields(record) + _standing(code) if record else described_fields(code)


def _standing(code: Code) -> list[DescribedField]:
    newest = newest_complete_release()
    return [
        _described_extra("status", _status(code, newest)),
        _described_extra("last_update", code.last_release.label),
    ]


def _described(record: Code | ReleaseRecord, name: str) -> Iterator[DescribedField]:
    text = field_texts()[name]
    value = getattr(record, name)
    label = "Modifier" if name == "code" and record.kind == Kind.MODIFIER else text["label"]
    if isinstance(value, list):
        for index, each in enumerate(value, start=1):
            if each:
                yield _field(name, f"{label} #{index}", each)
    elif value not in {None, ""}:
        yield _field(name, label, value)
    elif "blank" in text:
        yield _field(name, label, text["blank"])


def _field(name: str, label: str, value: str | int | date) -> DescribedField:
    text = field_texts()[name]
    meaning = None
    if has_meanings(name):
        meaning = meaning_of(name, str(value)) or "Unknown value; CMS's record layout does not explain it"
    return DescribedField(name, label, value, meaning, text["explanation"], text["positions"])


def _described_extra(name: str, value: str) -> DescribedField:
    text = field_texts()[name]
    return DescribedField(name, text["label"], value, None, text["explanation"])


def _status(code: Code, newest: Release | None) -> str:
    if newest is None or code.last_release.age_key >= newest.age_key:
        return "Actual"
    return f"Not in {newest.label}"
