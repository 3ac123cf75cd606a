"""Differences between two records, as pages show them: old and new beside each other, words marked."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from hcpcs.models import CONTENT_FIELDS, ReleaseRecord
from hcpcs.queries.field_values import as_text, label_of, meanings_in
from hcpcs.queries.word_differences import Part, in_one, side_by_side

TEXTS = {"long_description", "short_description"}


@dataclass(frozen=True)
class ShownDifference:
    """`parts` are of a text, word by word; of any other field, all of the old value and all of the new one."""

    name: str
    label: str
    parts: list[Part]


@dataclass(frozen=True)
class ComparedField:
    name: str
    label: str
    before: list[Part]
    after: list[Part]
    meanings_before: list[tuple[str, str]]
    meanings_after: list[tuple[str, str]]
    differs: bool


def shown_differences(fields: Mapping[str, tuple[Any, Any]]) -> list[ShownDifference]:
    return [ShownDifference(name, label_of(name), _parts(name, *pair)) for name, pair in fields.items()]


def _parts(name: str, before: Any, after: Any) -> list[Part]:
    if name in TEXTS:
        return in_one(before, after)
    return [Part(as_text(before) or "none", "del"), Part(" → "), Part(as_text(after) or "none", "ins")]


def compared_fields(before: ReleaseRecord | None, after: ReleaseRecord | None) -> list[ComparedField]:
    """Every field that has a value in one of the two, in the order of the record."""
    pairs = {name: (getattr(before, name, None), getattr(after, name, None)) for name in CONTENT_FIELDS}
    return [_compared(name, *pair) for name, pair in pairs.items() if any(map(as_text, pair))]


def _compared(name: str, before: Any, after: Any) -> ComparedField:
    old, new = as_text(before), as_text(after)
    if name in TEXTS:
        sides = side_by_side(old, new)
        parts = sides.before, sides.after
    elif old == new:
        parts = [Part(old)], [Part(new)]
    else:
        parts = [Part(old, "del")] if old else [], [Part(new, "ins")] if new else []
    return ComparedField(
        name, label_of(name), *parts, meanings_in(name, before), meanings_in(name, after), differs=old != new
    )
