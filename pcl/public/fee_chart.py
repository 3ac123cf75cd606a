"""A small chart of two lines over the loaded quarters, as shapes that a template draws."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

from hcpcs.models.release import QUARTER_MONTHS
from hcpcs.queries.fee_history import QuarterPoint
from pcl.public.chart import MOST_LABELS, Dot, Line, SlotScale, Stroke, Tick, ValueScale


@dataclass(frozen=True)
class FeeChart:
    upper: Line
    lower: Line
    y_ticks: list[Tick]
    x_ticks: list[Tick]


def fee_chart(points: Sequence[QuarterPoint]) -> FeeChart | None:
    """None where fewer than two quarters have an amount: one point is no course."""
    amounts = [float(amount) for point in points for amount in (point.upper, point.lower) if amount is not None]
    if sum(point.upper is not None or point.lower is not None for point in points) < 2:
        return None
    slots = [4 * point.schedule.year + point.schedule.quarter - 1 for point in points]
    scale = _Scale(slots[0], slots[-1], amounts)
    return FeeChart(
        upper=_line(scale, [(slot, point.upper) for slot, point in zip(slots, points, strict=True)]),
        lower=_line(scale, [(slot, point.lower) for slot, point in zip(slots, points, strict=True)]),
        y_ticks=[Tick(f"${tick:,.{scale.digits}f}", scale.values.y(tick)) for tick in scale.values.ticks],
        x_ticks=list(_quarters(scale)),
    )


class _Scale:
    def __init__(self, first: int, last: int, amounts: Sequence[float]) -> None:
        self.first, self.last = first, last
        # A cent is the finest that a fee can differ by.
        self.values = ValueScale(amounts, finest=0.01)
        self.slots = SlotScale(last - first + 1)
        self.digits = 0 if self.values.step >= 1 else 2

    def x(self, slot: int) -> str:
        return self.slots.middle(slot - self.first)


def _line(scale: _Scale, values: Sequence[tuple[int, Decimal | None]]) -> Line:
    given = [(slot, Dot(scale.x(slot), scale.values.y(float(amount)))) for slot, amount in values if amount is not None]
    # Between neighbouring quarters only: what a quarter in between said is not known.
    strokes = [
        Stroke(before.x, before.y, after.x, after.y)
        for (slot, before), (following, after) in pairwise(given)
        if following == slot + 1
    ]
    return Line([dot for _, dot in given], strokes)


def _quarters(scale: _Scale) -> Iterator[Tick]:
    every = math.ceil((scale.last - scale.first + 1) / MOST_LABELS)
    for slot in range(scale.first, scale.last + 1, every):
        year, quarter = divmod(slot, 4)
        yield Tick(f"{QUARTER_MONTHS[quarter + 1][:3]} {year}", scale.x(slot))
