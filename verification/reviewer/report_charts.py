"""A report as a picture: columns where rows follow each other in time, else a bar in each row."""

from dataclasses import dataclass
from typing import Any

from pcl.public.chart import Column, SlotScale, Tick, ValueScale
from verification.queries.reports import Figures


@dataclass(frozen=True)
class Chart:
    columns: list[Column]
    y_ticks: list[Tick]
    x_ticks: list[Tick]


@dataclass(frozen=True)
class TableRow:
    label: str
    cells: list[Any]
    bar: str
    """How wide the row's bar is, in percent of the widest; empty where there is none."""


def column_chart(figures: Figures) -> Chart | None:
    """None for what is no course over time, and where there is nothing to draw."""
    values = [float(row[figures.drawn] or 0) for row in figures.rows]
    if not figures.over_time or not any(values):
        return None
    scale, slots = ValueScale(values, finest=1.0, from_zero=True), SlotScale(len(values))
    return Chart(
        columns=[slots.column(index, value, scale) for index, value in enumerate(values) if value],
        y_ticks=[Tick(f"{tick:,.0f}", scale.y(tick)) for tick in scale.ticks],
        x_ticks=slots.labels([_short(row[0]) for row in figures.rows]),
    )


def _short(slot: str) -> str:
    """ "Dec 2025" of "December 2025", "Nov 22" of "Nov 22, 2026": four of them stand side by side on a phone."""
    day, comma, _year = slot.partition(",")
    month, _, number = day.partition(" ")
    return day if comma else f"{month[:3]} {number}"


def table_rows(figures: Figures) -> list[TableRow]:
    most = max((float(row[figures.drawn] or 0) for row in figures.rows), default=0.0)
    return [
        TableRow(
            row[0],
            list(zip(figures.columns[1:], row[1:], strict=True)),
            "" if figures.over_time or not row[figures.drawn] else f"{max(100 * row[figures.drawn] / most, 0.5):.1f}%",
        )
        for row in figures.rows
    ]
