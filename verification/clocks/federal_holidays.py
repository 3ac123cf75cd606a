"""The days on which federal offices are closed (5 U.S.C. 6103), as they are observed.

A holiday on a Saturday is observed on the Friday before, one on a Sunday on the Monday after (Executive Order 11582).
Closings that a president orders for a single year, such as December 24, are configuration: clocks.toml.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from functools import cache

MONDAY, THURSDAY, SATURDAY, SUNDAY = 0, 3, 5, 6
# Public Law 117-17 was signed on June 17, 2021, and the day was kept the same week.
JUNETEENTH_SINCE = 2021
A_DAY = timedelta(days=1)


@cache
def federal_holidays(year: int, *, inauguration_day: bool = False) -> frozenset[date]:
    """The days of `year` that are observed; New Year's Day of the next year may be one of them (December 31).

    `inauguration_day`: also January 20 after an election, on which only offices around Washington, D.C. are closed.
    """
    said = [*_holidays(year), date(year + 1, 1, 1)]
    observed = {_observed(day) for day in said}
    if inauguration_day and year % 4 == 1:
        # On a Saturday there is no other day for it.
        observed.add(date(year, 1, 21) if date(year, 1, 20).weekday() == SUNDAY else date(year, 1, 20))
    return frozenset(day for day in observed if day.year == year)


def _holidays(year: int) -> Iterator[date]:
    yield date(year, 1, 1)  # New Year's Day
    yield _nth(3, MONDAY, year, 1)  # Birthday of Martin Luther King, Jr.
    yield _nth(3, MONDAY, year, 2)  # Washington's Birthday
    yield date(year, 5, 31) - A_DAY * date(year, 5, 31).weekday()  # Memorial Day, the last Monday
    if year >= JUNETEENTH_SINCE:
        yield date(year, 6, 19)
    yield date(year, 7, 4)  # Independence Day
    yield _nth(1, MONDAY, year, 9)  # Labor Day
    yield _nth(2, MONDAY, year, 10)  # Columbus Day
    yield date(year, 11, 11)  # Veterans Day
    yield _nth(4, THURSDAY, year, 11)  # Thanksgiving Day
    yield date(year, 12, 25)  # Christmas Day


def _nth(number: int, weekday: int, year: int, month: int) -> date:
    first = date(year, month, 1)
    return first + A_DAY * ((weekday - first.weekday()) % 7 + 7 * (number - 1))


def _observed(day: date) -> date:
    return {SATURDAY: day - A_DAY, SUNDAY: day + A_DAY}.get(day.weekday(), day)
