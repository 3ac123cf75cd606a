"""Days and ranges of days as lists write them. What can be meant in two ways is not guessed at."""

import re
from datetime import date, datetime
from typing import Any

from pcl.dates import refuse_implausible_day
from pcl.queries.written_day import NotADay, serial, written_day

_NO_END = frozenset({"open", "present", "current", "ongoing", "none", "no end", "n/a", "-", "12/31/9999", "9999-12-31"})
# In the order in which they are tried; a bare hyphen only between dates with slashes, since ISO dates have hyphens.
_BETWEEN = (
    re.compile(r"\s*\.\.+\s*"),
    re.compile(r"\s*[–—]\s*"),
    re.compile(r"\s+(?:to|through|thru|until)(?:\s+|$)", re.IGNORECASE),
    re.compile(r"\s+-\s*|\s*-\s+|\s*-$"),
    re.compile(r"(?<=/\d{4})-(?=\d{1,2}/)"),
)


def day_of(value: Any) -> date | None:
    """The day in a cell, None in an empty one. Raises RegisterError."""
    day = _day(value)
    if day is not None:
        refuse_implausible_day(day)
    return day


def end_of(value: Any) -> date | None:
    """The last day in a cell; None where it is empty or says that there is no end. Raises RegisterError."""
    says_none = isinstance(value, str) and value.strip().lower() in _NO_END
    if says_none or (isinstance(value, date) and value.year == 9999):
        return None
    return day_of(value)


def range_of(value: Any) -> tuple[date | None, date | None]:
    """First and last day, both inclusive, in a cell that holds both, or the first alone. Raises RegisterError."""
    if isinstance(value, str) and not _reads_as_day(value.strip()):
        for between in _BETWEEN:
            parts = between.split(value.strip(), maxsplit=1)
            if len(parts) == 2 and parts[0]:
                return day_of(parts[0]), end_of(parts[1])
    return day_of(value), None


def _reads_as_day(text: str) -> bool:
    try:
        written_day(text)
    except NotADay:
        return False
    return True


def _day(value: Any) -> date | None:
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    if isinstance(value, int | float) and not isinstance(value, bool) and (kept_for := serial(value)):
        return kept_for
    text = str(value if value is not None else "").strip()
    return written_day(text) if text else None
