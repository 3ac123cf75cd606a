"""Which days can be meant. A day far away is a slip of the keyboard, and says so before it reaches the register."""

from datetime import date

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
