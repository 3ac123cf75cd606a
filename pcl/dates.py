"""Which days can be meant. A day far away is a slip of the keyboard, and says so before it reaches the register."""

from datetime import date, datetime, time

from django.utils import timezone

from pcl.errors import RegisterError

# Medicare paid its first claims on July 1, 1966.
FIRST_DAY = date(1966, 7, 1)
LAST_DAY = date(2199, 12, 31)


def refuse_implausible_day(day: date) -> None:
    """Raise RegisterError unless `day` lies between FIRST_DAY and LAST_DAY, both inclusive."""
    if not FIRST_DAY <= day <= LAST_DAY:
        raise RegisterError(
            f"{day.isoformat()} is not a plausible date. Give one from {FIRST_DAY:%B %-d, %Y} to {LAST_DAY:%B %-d, %Y}."
        )


def day_in_words(day: date) -> str:
    """June 1, 2024."""
    return f"{day:%B} {day.day}, {day.year}"


def instant_in_words(at: datetime) -> str:
    """In US Eastern time: Jun 1, 2024, 1:05 p.m. ET. The last instant of a day stands for that day: June 1, 2024."""
    local = timezone.localtime(at)
    if local.time() == time.max:
        return day_in_words(local.date())
    clock = f"{local.hour % 12 or 12}:{local:%M} {'a.m.' if local.hour < 12 else 'p.m.'} ET"
    return f"{local:%b} {local.day}, {local.year}, {clock}"
