"""A clock counts days, of the calendar or those on which the contractor works; all of them US Eastern days."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import Enum

from verification.clocks.federal_holidays import SATURDAY, federal_holidays

A_DAY = timedelta(days=1)


class Counted(Enum):
    CALENDAR = "calendar"
    BUSINESS = "business"


@dataclass(frozen=True)
class WorkingDays:
    """Monday to Friday without federal holidays and without the days named."""

    extra_days_off: frozenset[date] = frozenset()
    inauguration_day: bool = False

    def __contains__(self, day: date) -> bool:
        return (
            day.weekday() < SATURDAY
            and day not in self.extra_days_off
            and day not in federal_holidays(day.year, inauguration_day=self.inauguration_day)
        )


@dataclass(frozen=True)
class Clock:
    days: int
    """How many days it runs; the last of them is still in time."""
    counted: Counted
    working_days: WorkingDays = field(default_factory=WorkingDays)
    soon: int = 0
    """So many of its days before the last one, the end counts as near."""

    def after(self, day: date, days: int) -> date:
        """The day on which `days` have been counted since `day`, which itself does not count.

        Negative: the day since which that many were counted up to and including `day`. So
        `between(day, after(day, n)) == n` for every n.
        """
        if self.counted is Counted.CALENDAR:
            return day + A_DAY * days
        if days >= 0:
            return self._forward(day, days)
        return self._back(day, -days)

    def between(self, first: date, last: date) -> int:
        """How many of its days lie after `first` up to and including `last`; below 0 where `last` comes first."""
        if self.counted is Counted.CALENDAR:
            return (last - first).days
        if last < first:
            return -self.between(last, first)
        return sum(first + A_DAY * number in self.working_days for number in range(1, (last - first).days + 1))

    def due(self, start: date) -> date:
        """The last day in time of what began on `start`."""
        return self.after(start, self.days)

    def _forward(self, day: date, days: int) -> date:
        while days:
            day += A_DAY
            days -= day in self.working_days
        return day

    def _back(self, day: date, days: int) -> date:
        while days:
            days -= day in self.working_days
            day -= A_DAY
        while day not in self.working_days:
            day -= A_DAY
        return day


@dataclass(frozen=True)
class AnswerClock(Clock):
    """How long an applicant has for an answer, where the reviewer names no other day."""

    longest: int = 365
    """At most so many calendar days may be given: later is a slip of the keyboard."""
    remind_before: tuple[int, ...] = ()
    """So many calendar days before the last one, the applicant is reminded."""


@dataclass(frozen=True)
class AuthorizationClock:
    """How long an authorization lasts is its parties' own; only when they are reminded that it ends is said here."""

    remind_before: tuple[int, ...] = ()
    """So many calendar days before its last day."""


@dataclass(frozen=True)
class Clocks:
    review: Mapping[str, Clock]
    """By kind of application."""
    answer: AnswerClock
    authorization: AuthorizationClock

    def review_of(self, kind: str) -> Clock:
        return self.review[kind]
