"""What may stand behind the question mark of an address, and what is said when it cannot."""

import re
from collections.abc import Collection, Iterable
from datetime import date

from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.dateparse import parse_date

from pcl.dates import refuse_implausible_day
from pcl.errors import RegisterError

DEFAULT_LIMIT = 100
MOST_PER_PAGE = 1000
LARGEST_NUMBER = 2**63 - 1
_AS_DAYS_ARE_WRITTEN = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_HOW = "Write the year, the month and the day, such as 2024-06-01."
NOT_A_DAY = f"“%(given)s” is not a date that exists. {_HOW}"
# It may well exist, and mean two days.
NOT_READ = f"“%(given)s” cannot be read as a date. {_HOW}"


class BadParameter(ValueError):
    """A parameter that cannot be used. Its text says why and what to give instead."""

    def __init__(self, parameter: str, message: str, *, unknown: bool = False) -> None:
        super().__init__(message)
        self.parameter = parameter
        self.unknown = unknown


def refuse_unknown(given: QueryDict, known: Collection[str]) -> None:
    """Raise BadParameter for a parameter that nobody reads: an answer that ignored it would be a wrong answer."""
    for name in given:
        if name not in known:
            raise BadParameter(name[:60], f"There is no parameter “{name[:60]}”. {_list_of(known)}", unknown=True)


def refuse_repeated(given: QueryDict) -> None:
    """Raise BadParameter for a parameter that stands there twice: which of the two is meant?"""
    for name, values in given.lists():
        if len(values) > 1:
            raise BadParameter(name[:60], f"“{name[:60]}” is given {len(values)} times. Give it once.")


def limit_in(given: QueryDict) -> int:
    """How many results a page has: 1 to 1000, 100 where nothing is said."""
    limit = number_in(given, "limit", default=DEFAULT_LIMIT)
    if not 1 <= limit <= MOST_PER_PAGE:
        raise BadParameter("limit", f"limit is {given['limit'][:30]}; give a whole number from 1 to {MOST_PER_PAGE}.")
    return limit


def number_in(given: QueryDict, name: str, *, default: int) -> int:
    """A whole number of ASCII digits, 0 or more."""
    text = given.get(name, "").strip()
    if not text:
        return default
    if not (text.isascii() and text.isdigit()) or len(text) > 19 or int(text) > LARGEST_NUMBER:
        raise BadParameter(name, f"{name} is “{text[:30]}”; give a whole number, such as {default}.")
    return int(text)


def choice_in(given: QueryDict, name: str, choices: Iterable[str], *, default: str) -> str:
    text = given.get(name, "").strip() or default
    if text not in (allowed := list(choices)):
        raise BadParameter(name, f"{name} is “{text[:30]}”; it must be one of: {', '.join(allowed)}.")
    return text


def text_in(given: QueryDict, name: str, *, longest: int = 400) -> str:
    text = given.get(name, "")
    if "\x00" in text:
        raise BadParameter(name, f"{name} holds a character that no text has (NUL). Type it again.")
    if len(text) > longest:
        raise BadParameter(name, f"{name} has {len(text):,} characters; at most {longest} can be looked for.")
    return text.strip()


def day_in(given: QueryDict, name: str, *, default: date) -> date:
    """A date of service, written as 2024-06-01."""
    text = given.get(name, "").strip()
    if not text:
        return default
    try:
        return day_from(text)
    except ValidationError as error:
        raise BadParameter(name, error.messages[0]) from error


def day_from(text: str) -> date:
    """The day that is written as YYYY-MM-DD. Raises ValidationError for any other text and for an implausible day."""
    try:
        day = parse_date(text) if len(text) == len("2024-06-01") else None
    except ValueError:
        day = None
    if day is None:
        said = NOT_A_DAY if _AS_DAYS_ARE_WRITTEN.fullmatch(text) else NOT_READ
        raise ValidationError(said, params={"given": text[:30]})
    try:
        refuse_implausible_day(day)
    except RegisterError as error:
        raise ValidationError(str(error)) from error
    return day


def _list_of(known: Collection[str]) -> str:
    return f"Known here: {', '.join(sorted(known))}." if known else "This address takes none."
