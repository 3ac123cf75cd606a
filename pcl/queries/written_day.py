"""Days as people write them: what can mean one day only is read, of anything else it is said what is wrong with it."""

import re
from datetime import date, timedelta
from functools import lru_cache

from django.utils import timezone

from pcl.dates import day_in_words
from pcl.errors import RegisterError

HOW = "Write the year, the month and the day, such as 2024-06-01."
_SHORT = "has a year of two digits; it needs all four."
_EPOCH = date(1899, 12, 30)
_SERIALS = range(20_000, 80_000)  # 1954 to 2119
_MONTHS = (
    *("january", "february", "march", "april", "may", "june"),
    *("july", "august", "september", "october", "november", "december"),
)
_YEAR_FIRST = re.compile(r"(\d{4})([-/.])(\d{1,2})\2(\d{1,2})", re.ASCII)
_YEAR_LAST = re.compile(r"(\d{1,2})([-/. ])(\d{1,2})\2(\d{4}|\d{2})", re.ASCII)
_PACKED = re.compile(r"\d{8}", re.ASCII)
_WORD = r"(?P<month>[A-Za-z]{3,9})\.?"
_DAY = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?"
_YEAR = r"(?P<year>\d{4}|\d{2})"
_WORDED = [
    re.compile(form, re.ASCII)
    for form in (
        rf"{_DAY}[ -]{_WORD}(?:, ?|[ -]){_YEAR}",
        rf"{_WORD}[ -]{_DAY}(?:, ?|[ -]){_YEAR}",
        rf"{_YEAR}[ -]{_WORD}[ -]{_DAY}",
    )
]
_TIME = re.compile(
    r"(?<=\d)[T ] ?\d{1,2}:\d\d(?::\d\d(?:\.\d+)?)?(?: ?[ap]\.?m\.?)?(?P<zone> ?(?:Z|[A-Z]{2,4}|[+-]\d\d:?\d\d))?$",
    re.ASCII | re.IGNORECASE,
)


class NotADay(RegisterError):
    """A text that is no day, or no certain one. `why` says so; `meant` is what it most likely means."""

    def __init__(self, why: str, meant: date | None = None) -> None:
        self.why, self.meant = why, meant
        super().__init__(f"{why} {HOW if meant is None else _if_meant(meant, f'{meant:%m/%d/%Y} or ')}")

    @property
    def with_year_first(self) -> str:
        """As its text, where only YYYY-MM-DD will do."""
        return f"{self.why} {HOW if self.meant is None else _if_meant(self.meant)}"


@lru_cache(maxsize=20_000)
def written_day(text: str) -> date:
    """The day that `text` means; in numbers the year stands first or, as in the US, the month.

    A time of day is passed over. Raises NotADay. A day far away is a day: see `pcl.dates.refuse_implausible_day`.
    """
    given = " ".join(text.split())
    shown = given[:30]
    time = _TIME.search(given)
    day = given[: time.start()] if time else given
    if time and time["zone"]:
        why = f"“{given[:40]}” has a time with a time zone, and may be another day at the place of service."
        raise NotADay(f"{why} Leave the time out.", _or_none(day))
    if found := _YEAR_FIRST.fullmatch(day):
        return _existing(shown, found[1], found[3], found[4])
    if found := _YEAR_LAST.fullmatch(day):
        return _year_last(shown, found[1], found[3], found[4], sign=found[2])
    if _PACKED.fullmatch(day):
        return _packed(shown, day)
    for form in _WORDED:
        found = form.fullmatch(day)
        month = _month(found["month"]) if found else 0
        if found and month:
            return _existing(shown, found["year"], str(month), found["day"])
    if day.isascii() and day.isdigit() and int(day) in _SERIALS:
        why = f"“{shown}” is not a date, but may be the number that a spreadsheet keeps for one."
        raise NotADay(why, serial(int(day)))
    raise NotADay(f"“{shown}” is not a date that can be read.")


def serial(value: float) -> date | None:
    """The day for which a spreadsheet keeps this number; None for a number that is hardly a day."""
    return _EPOCH + timedelta(days=int(value)) if _SERIALS.start <= value < _SERIALS.stop else None


def year_first(text: str) -> NotADay:
    """What is wrong with a text that is not written as YYYY-MM-DD, or is no day."""
    try:
        return NotADay(f"“{text[:30]}” is not written as dates are here.", written_day(text))
    except NotADay as error:
        return error


def _existing(shown: str, year: str, month: str, day: str) -> date:
    if len(year) == 2:
        raise NotADay(f"“{shown}” {_SHORT}", _date(_four_digits(year), month, day))
    found = _date(year, month, day)
    if found is None:
        raise NotADay(f"“{shown}” is not a date that exists.")
    return found


def _year_last(shown: str, month: str, day: str, year: str, *, sign: str) -> date:
    if len(year) == 2:
        # With dots, or without a month in front, it may also be the day or the year that stands first.
        raise NotADay(f"“{shown}” {_SHORT}", _date(_four_digits(year), month, day) if sign != "." else None)
    other_way = _date(year, day, month)
    if int(month) > 12 and other_way is not None:
        raise NotADay(f"“{shown}” begins with {month}, which is no month.", other_way)
    if sign == "." and month != day and other_way is not None:
        raise NotADay(f"“{shown}” can mean two days: which number is the month?")
    return _existing(shown, year, month, day)


def _packed(shown: str, digits: str) -> date:
    found, other_way = _date(digits[:4], digits[4:6], digits[6:]), _date(digits[4:], digits[:2], digits[2:4])
    if other_way is not None and (found is None or found.year < 1900):
        raise NotADay(f"“{shown}” does not begin with the year.", other_way)
    return _existing(shown, digits[:4], digits[4:6], digits[6:])


def _or_none(text: str) -> date | None:
    try:
        return written_day(text)
    except NotADay as error:
        return error.meant


def _date(year: str, month: str, day: str) -> date | None:
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None


def _month(name: str) -> int:
    """1 to 12 for a month's name or its beginning; 0 for another word."""
    return next((number for number, month in enumerate(_MONTHS, start=1) if month.startswith(name.lower())), 0)


def _four_digits(year: str) -> str:
    """Of two digits, the latest such year that is not far ahead."""
    if len(year) == 4:
        return year
    century = 2000 if 2000 + int(year) <= timezone.localdate().year + 10 else 1900
    return str(century + int(year))


def _if_meant(meant: date, also: str = "") -> str:
    return f"If it means {day_in_words(meant)}, write {also}{meant:%Y-%m-%d}."
