"""Which modifiers the fee rows of a code name, and which codes those of a modifier."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import F, Q

from hcpcs.models import Code, Fee, FeeSchedule, Kind
from hcpcs.queries.codes import as_code
from hcpcs.queries.fees import latest_schedules, schedule_on


@dataclass(frozen=True)
class NamedModifier:
    """A modifier with its description on the day that was asked for; "" where no loaded release has it."""

    modifier: str
    description: str


@dataclass(frozen=True)
class NamingCodes:
    """The codes whose rows in `schedule` name a modifier, in order; None where no schedule is loaded for the day."""

    schedule: FeeSchedule | None
    codes: list[Code]
    without_record: list[str]
    """Codes that the schedule has and no loaded release."""


def modifiers_of(code: str, *, on: date) -> list[NamedModifier]:
    """In order of the alphabet; empty where the quarter of date of service `on` is not loaded."""
    schedule = schedule_on(latest_schedules(), on)
    return modifiers_in(Fee.objects.filter(schedule=schedule, code=as_code(code)), on=on) if schedule else []


def modifiers_in(fees: Iterable[Fee], *, on: date) -> list[NamedModifier]:
    """The modifiers that these rows name. One query for the descriptions, none where there is no modifier."""
    named = sorted({modifier for fee in fees for modifier in fee.modifiers})
    if not named:
        return []
    shown = _shown_meanings(named, kind=Kind.MODIFIER, on=on)
    return [NamedModifier(each, shown[each].long_description if each in shown else "") for each in named]


def codes_naming(modifier: str, *, on: date | None = None) -> NamingCodes:
    """In the schedule for date of service `on`, or in the newest where no day is given."""
    schedules = latest_schedules()
    schedule = next(iter(schedules), None) if on is None else schedule_on(schedules, on)
    if schedule is None:
        return NamingCodes(None, [], [])
    asked = as_code(modifier)
    rows = Fee.objects.filter(Q(modifier=asked) | Q(modifier_2=asked), schedule=schedule)
    named = list(rows.order_by("code").values_list("code", flat=True).distinct())
    shown = _shown_meanings(named, kind=Kind.CODE, on=on or schedule.effective_to)
    return NamingCodes(
        schedule, [shown[each] for each in named if each in shown], [each for each in named if each not in shown]
    )


def _shown_meanings(letters: list[str], *, kind: Kind, on: date) -> dict[str, Code]:
    """Of each string the meaning that has begun by the day last; where none has, the first to come."""
    shown: dict[str, Code] = {}
    known = Code.objects.filter(kind=kind, code__in=letters).defer("search")
    for meaning in known.order_by("code", F("added").asc(nulls_first=True), "id"):
        if meaning.code not in shown or not meaning.begins_after(on):
            shown[meaning.code] = meaning
    return shown
