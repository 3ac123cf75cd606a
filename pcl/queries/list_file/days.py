"""Days and ranges of days as lists write them. What can be meant in two ways is not guessed at."""

import re
from datetime import date, datetime, timedelta
from typing import Any

from pcl.dates import refuse_implausible_day
from pcl.errors import RegisterError

_EPOCH = date(1899, 12, 30)
_SERIALS = range(20_000, 80_000)  # 1954 to 2119
_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ]00:00(?::00(?:\.0+)?)?)?")
_PACKED = re.compile(r"(\d{4})(\d{2})(\d{2})")
_US = re.compile(r"(\d{1,2})[/-](\d{1,2})[/-](\d{4})(?: 0?0:00(?::00)?)?")
_WORDED = ("%B %d, %Y", "%b %d, %Y", "%B %d %Y", "%d %B %Y", "%d %b %Y")
_NO_END = frozenset({"open", "present", "current", "ongoing", "none", "no end", "n/a", "-", "12/31/9999", "9999-12-31"})
_HOW = "Write it as 2024-01-31 or 01/31/2024."
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
    return any(form.fullmatch(text) for form in (_ISO, _PACKED, _US))


def _day(value: Any) -> date | None:
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    if isinstance(value, int | float) and not isinstance(value, bool) and int(value) in _SERIALS:
        return _EPOCH + timedelta(days=int(value))
    text = " ".join(str(value if value is not None else "").split())
    if not text:
        return None
    return _of_text(text)


def _of_text(text: str) -> date:
    shown = text[:40]
    if iso := _ISO.fullmatch(text) or _PACKED.fullmatch(text):
        parts = iso[1], iso[2], iso[3]
    elif us := _US.fullmatch(text):
        parts = us[3], us[1], us[2]
    elif re.fullmatch(r"\d{1,2}[/.-]\d{1,2}[/.-]\d{2}", text):
        raise RegisterError(f"“{shown}” can be meant in several ways: the year has two digits. {_HOW}")
    elif re.fullmatch(r"\d{1,2}\.\d{1,2}\.\d{4}", text):
        raise RegisterError(f"“{shown}” can be meant in several ways: day or month first? {_HOW}")
    else:
        for form in _WORDED:
            try:
                return datetime.strptime(text, form).date()  # noqa: DTZ007  # a day has no zone
            except ValueError:
                continue
        raise RegisterError(f"“{shown}” is no date. {_HOW}")
    try:
        return date(*map(int, parts))
    except ValueError as error:
        month = " The month comes first." if "/" in text and int(parts[1]) > 12 else ""
        raise RegisterError(f"“{shown}” is no day of the calendar.{month} {_HOW}") from error
