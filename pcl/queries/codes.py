"""A code as the register shows it: the meaning that it has on a day, what is required for it, who speaks of it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from django.db.models import QuerySet

from hcpcs.indicators import has_meanings, indicator
from hcpcs.models import LAYOUT_FIELDS, Code, Kind, ReleaseRecord
from hcpcs.queries.code_history import RecordAsOf, record_as_of
from hcpcs.queries.codes import meanings
from pcl.queries.keyset import Order, Row

BY_CODE = Order(columns=("code", "id"), key=("code", "number"))
MODIFIER_LENGTH = 2
# The order of an answer; the status stands between the two.
_FIRST = ("code", "kind", "added", "terminated", "action_effective", "action_code")
_DESCRIPTIONS = ("long_description", "short_description")
_NOT_TOLD_HERE = {*_FIRST, *_DESCRIPTIONS, "sequence_number"}
_OTHERS = (*_DESCRIPTIONS, *(name for name in LAYOUT_FIELDS if name not in _NOT_TOLD_HERE))
# `status` and `url` take the place of columns that stand where they belong.
_ROW_NAMES = (*_FIRST, "status", *_OTHERS, "url", "number")
CODE_COLUMNS = (*_FIRST, "kind", *_OTHERS, "code", "id")
_INDICATORS = tuple(name for name in LAYOUT_FIELDS if has_meanings(name))


@dataclass(frozen=True)
class CodeOnDay:
    """`meaning` is the one in force on the day; where none is, the last to have ended before it, or else the first."""

    meaning: Code
    others: list[Code]
    """The code's other meanings, newest first."""
    known: list[Code]
    """All meanings, oldest first."""

    def as_of(self, on: date) -> RecordAsOf | None:
        """What the release in force on the day said of the meaning; see `record_as_of`. Costs one query."""
        return record_as_of(self.meaning, known=self.known, on=on)


def code_on(code: str, *, on: date) -> CodeOnDay | None:
    """None for a code that was never in the catalogue. Two characters are a modifier."""
    text = code.strip()
    kind = Kind.MODIFIER if len(text) == MODIFIER_LENGTH else Kind.CODE
    known = list(meanings(text, kind=kind).select_related("first_release", "last_release").defer("search"))
    if not known:
        return None
    begun = [meaning for meaning in known if not meaning.begins_after(on)]
    in_force = [meaning for meaning in begun if not meaning.ended_on(on)]
    shown = (in_force or begun or known[:1])[-1]
    return CodeOnDay(shown, [meaning for meaning in reversed(known) if meaning.pk != shown.pk], known)


def code_status(code: Code, *, on: date) -> str:
    """`current`, `ended` or `future`, by the added and the termination date alone."""
    if code.ended_on(on):
        return "ended"
    return "future" if code.begins_after(on) else "current"


def code_rows(*, on: date, site: str) -> Callable[[QuerySet[Code]], list[Row]]:
    """Makes answers of codes, as `code_row` does, without making objects of them first; `number` is the code's id."""

    def rows(found: QuerySet[Code]) -> list[Row]:
        return [code_row_of(values, on=on, site=site) for values in found.values_list(*CODE_COLUMNS)]

    return rows


def code_row_of(values: tuple[Any, ...], *, on: date, site: str) -> Row:
    """`values` are of CODE_COLUMNS."""
    row: Row = dict(zip(_ROW_NAMES, values, strict=True))
    for name in _INDICATORS:
        value = row[name]
        if value.__class__ is list:
            row[name] = [_indicator(name, each) for each in value if each]
        else:
            row[name] = _indicator(name, value) if value else None
    terminated, added = row["terminated"], row["added"]
    if terminated is not None and terminated < on:
        row["status"] = "ended"
    else:
        row["status"] = "future" if added is not None and on < added else "current"
    row["url"] = code_url(row["code"], site=site)
    return row


# Read by many answers and written by none.
_indicator = cache(indicator)


def code_row(code: Code, *, on: date, site: str, said: ReleaseRecord | None = None) -> Row:
    """Every field of the record layout under its name in the layout; indicators with what they stand for.

    With `said`, the fields are what that record says. Validity is not: an end that a later release announced holds for
    earlier days, too, so that `added`, `terminated` and `status` are always those of the newest loaded release.
    """
    fields = {name: _told(name, getattr(said or code, name)) for name in LAYOUT_FIELDS if name != "sequence_number"}
    fields |= {"added": code.added, "terminated": code.terminated}
    return {
        **{name: fields[name] for name in _FIRST},
        "status": code_status(code, on=on),
        **{name: fields[name] for name in _OTHERS},
        "url": code_url(code.code, site=site),
    }


def code_detail(found: CodeOnDay, *, on: date, site: str) -> Row:
    """As on the code's page: the fields of the release in force on the day, which release that is, other meanings."""
    as_of = found.as_of(on)
    said = as_of.record if as_of else None
    release = as_of.release if as_of else None
    return {
        **code_row(found.meaning, on=on, site=site, said=said),
        "as_of": {
            "release": release.pk,
            "label": release.label,
            "in_force_from": release.in_force_from,
            "covers_day": as_of.covers_day,
            "added": said.added,
            "terminated": said.terminated,
        }
        if as_of and said and release
        else None,
        "other_meanings": [
            {"added": other.added, "terminated": other.terminated, "long_description": other.long_description}
            for other in found.others
        ],
    }


def code_url(code: str, *, site: str) -> str:
    return f"{site}/{'modifiers' if len(code) == MODIFIER_LENGTH else 'codes'}/{code}/"


def _told(name: str, value: Any) -> Any:
    if has_meanings(name):
        if isinstance(value, list):
            return [indicator(name, each) for each in value if each]
        return indicator(name, value) if value else None
    return value
