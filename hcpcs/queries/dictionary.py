"""The data dictionary: every field of CMS's record, every value that it can have, and where that stands."""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from hcpcs.indicators import indicator_tables
from hcpcs.models import LAYOUT_FIELDS, Code
from hcpcs.queries.described_fields import field_texts

LAYOUT_SOURCE = "CMS, HCPCS 2019 record layout (HCPCS Contractor Record)"
_GROUPS = Path(__file__).parent.parent / "data" / "groups.toml"
# Values that CMS has used since the layout of 2019 was printed.
NEWER_VALUES = {("pricing_indicators", "40"), ("betos", "O1L")}
_KINDS = {"CharField": "text", "TextField": "text", "DateField": "date", "PositiveSmallIntegerField": "whole number"}


@dataclass(frozen=True)
class DictionaryValue:
    value: str
    meaning: str
    is_newer: bool
    """Not in the printed layout; CMS uses it since 2024."""


@dataclass(frozen=True)
class DictionaryField:
    """`name` is what the API calls it; `positions` is "" for what is not in CMS's file."""

    name: str
    label: str
    explanation: str
    positions: str
    form: str
    """Such as "text of 2 characters, up to 4 times"."""
    values: list[DictionaryValue]

    @property
    def source(self) -> str:
        return f"{LAYOUT_SOURCE}, positions {self.positions}" if self.positions else "This register"


@cache
def code_groups() -> dict[str, str]:
    """First letter of a code -> the section of HCPCS Level II that it stands for."""
    with _GROUPS.open("rb") as file:
        return tomllib.load(file)


@cache
def dictionary() -> list[DictionaryField]:
    """In the order of the record, what the register adds last."""
    return [
        DictionaryField(
            name=name,
            label=text["label"],
            explanation=text["explanation"],
            positions=text.get("positions", ""),
            form=_form(name),
            values=[
                DictionaryValue(value, meaning, (name, value) in NEWER_VALUES)
                for value, meaning in indicator_tables().get(name, {}).items()
            ],
        )
        for name, text in field_texts().items()
    ]


def _form(name: str) -> str:
    if name not in LAYOUT_FIELDS:
        return "text"
    field: Any = Code._meta.get_field(name)  # noqa: SLF001  # Django's public `_meta`
    base = getattr(field, "base_field", field)
    kind = _KINDS[type(base).__name__]
    length = f" of up to {base.max_length} characters" if base.max_length else ""
    if base.max_length == 1:
        length = " of 1 character"
    times = f", up to {field.size} times" if hasattr(field, "size") else ""
    return f"{kind}{length}{times}"
