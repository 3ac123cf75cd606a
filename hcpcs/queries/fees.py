"""What a fee schedule says of a code: by quarter, on a date of service, by state. A fee is not coverage."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from hcpcs.models import Code, Fee, FeeSchedule
from hcpcs.models.fee_schedule import quarter_of
from hcpcs.queries.codes import as_code


@dataclass(frozen=True)
class QuarterFees:
    """A quarter's rows of one code, in order of their modifiers; none where the schedule does not have the code."""

    schedule: FeeSchedule
    fees: list[Fee]


def latest_schedules() -> list[FeeSchedule]:
    """The highest revision of each loaded quarter, newest quarter first. One query."""
    newest_first = FeeSchedule.objects.order_by("-year", "-quarter", "-revision")
    return list(newest_first.distinct("year", "quarter"))


def schedule_on(schedules: Iterable[FeeSchedule], day: date) -> FeeSchedule | None:
    """The one for date of service `day`. None where its quarter is not loaded: fees of another do not apply."""
    return next((each for each in schedules if (each.year, each.quarter) == quarter_of(day)), None)


def schedules_of(meaning: Code, schedules: Iterable[FeeSchedule]) -> list[FeeSchedule]:
    """Those with a date of service on which the code could be used with this meaning."""
    return [
        each
        for each in schedules
        if not meaning.begins_after(each.effective_to) and not meaning.ended_on(each.effective_from)
    ]


def fees_in(schedules: Sequence[FeeSchedule], **conditions: object) -> QuerySet[Fee]:
    """Rows of these schedules, in order of code and modifiers."""
    return Fee.objects.filter(schedule__in=[each.pk for each in schedules], **conditions).order_by(
        "code", "modifier", "modifier_2", "schedule_id"
    )


def fees_of(code: str | Code, schedules: Sequence[FeeSchedule] | None = None) -> list[QuarterFees]:
    """The code's rows in each of the loaded quarters, newest first. At most two queries, however many quarters.

    Of a meaning (`Code`), only the quarters in which it could be used: its letters may have meant something else in the
    others.
    """
    listed = latest_schedules() if schedules is None else list(schedules)
    if isinstance(code, Code):
        listed = schedules_of(code, listed)
    letters = code.code if isinstance(code, Code) else as_code(code)
    by_schedule: dict[int, list[Fee]] = defaultdict(list)
    if listed:
        for fee in fees_in(listed, code=letters):
            by_schedule[fee.schedule_id].append(fee)
    return [QuarterFees(schedule, by_schedule[schedule.pk]) for schedule in listed]


def fee_table(code: str | Code, *, on: date) -> QuarterFees | None:
    """The code's rows for date of service `on`; each has its ceiling, its floor and `amounts` by state.

    None where the quarter is not loaded.
    """
    schedule = schedule_on(latest_schedules(), on)
    return fees_of(code, [schedule])[0] if schedule else None
