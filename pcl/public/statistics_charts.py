"""The pictures of the list: how many listings are in force over time, and how many come and go in a month."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from pcl.public.chart import Column, Dot, Line, SlotScale, Tick, ValueScale, joined
from pcl.queries.listing_statistics import Month, Share, month_after

# How far ahead ends that are known already are drawn.
MONTHS_AHEAD = 12
MONTHS_BACK = 12


@dataclass(frozen=True)
class CoursePoint:
    month: Month
    change: int | None
    """Since the point before; None at the first."""
    is_ahead: bool


@dataclass(frozen=True)
class CourseChart:
    past: Line
    ahead: Line
    y_ticks: list[Tick]
    x_ticks: list[Tick]
    points: list[CoursePoint]
    """The same for the table, newest first."""


@dataclass(frozen=True)
class ColumnChart:
    columns: list[Column]
    y_ticks: list[Tick]
    x_ticks: list[Tick]
    months: list[tuple[date, int]]
    """The same for the table: the month's first day, and how many."""


@dataclass(frozen=True)
class Bar:
    share: Share
    width: str


def course_chart(months: Sequence[Month], *, today: date, years: int) -> CourseChart | None:
    """The last `years` (all where 0) and a year ahead, at the ends of months. None where there is nothing to draw.

    Every month for three years, every third for ten, one a year for more: the months of the present one's kind.
    """
    if not months or months[0].first > today:
        return None
    step = {3: 1, 10: 3}.get(years, 12)
    if years:
        first = month_after(today, -12 * years)
        months = [month for month in months if month.first >= first]
    # From the end backwards, so that the present month is always among them: it is MONTHS_AHEAD from the end.
    shown = list(months)[::-1][::step][::-1]
    values = ValueScale([float(month.in_force) for month in shown] + [1.0], finest=1.0, from_zero=True)
    slots = SlotScale(len(shown))
    dots = [Dot(slots.middle(index), values.y(month.in_force)) for index, month in enumerate(shown)]
    past = sum(month.first <= today for month in shown)
    points = [
        CoursePoint(month, month.in_force - shown[index - 1].in_force if index else None, month.first > today)
        for index, month in enumerate(shown)
    ]
    return CourseChart(
        past=joined(dots[:past]),
        ahead=joined(dots[max(past - 1, 0) :]),
        y_ticks=_counted(values),
        x_ticks=slots.labels([f"{month.first:%b %Y}" for month in shown]),
        points=points[::-1],
    )


def column_chart(counts: Sequence[tuple[date, int]]) -> ColumnChart | None:
    """A column for each month; None where all are empty."""
    if not any(count for _, count in counts):
        return None
    values = ValueScale([float(count) for _, count in counts], finest=1.0, from_zero=True)
    slots = SlotScale(len(counts))
    return ColumnChart(
        columns=[slots.column(index, count, values) for index, (_, count) in enumerate(counts) if count],
        y_ticks=_counted(values),
        x_ticks=slots.labels([f"{month:%b %Y}" for month, _ in counts]),
        months=list(counts),
    )


def _counted(values: ValueScale) -> list[Tick]:
    return [Tick(f"{tick:,.0f}", values.y(tick)) for tick in values.ticks]


def began_lately(months: Sequence[Month], *, today: date) -> list[tuple[date, int]]:
    """The last MONTHS_BACK months, the present one included."""
    return _within(months, "began", first=month_after(today, 1 - MONTHS_BACK))


def ending_soon(months: Sequence[Month], *, today: date) -> list[tuple[date, int]]:
    """The present month and those after it, MONTHS_BACK in all."""
    return _within(months, "ending", first=month_after(today, 0))


def _within(months: Sequence[Month], what: str, *, first: date) -> list[tuple[date, int]]:
    counts = {month.first: getattr(month, what) for month in months}
    return [(month, counts.get(month, 0)) for month in (month_after(first, n) for n in range(MONTHS_BACK))]


def bars(shares: Sequence[Share]) -> list[Bar]:
    """As wide as they are large, the first one the widest."""
    most = max((share.in_force for share in shares), default=1)
    return [Bar(share, f"{max(100 * share.in_force / most, 0.5):.1f}%") for share in shares]
