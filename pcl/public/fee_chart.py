"""A small chart of two lines over the loaded quarters, as shapes that a template draws (SVG, no script, no style)."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

from hcpcs.models.release import QUARTER_MONTHS
from hcpcs.queries.fee_history import QuarterPoint

# Across in percent, so that letters stay legible on a phone; down in pixels.
LEFT, RIGHT = 17.0, 98.0
TOP, BOTTOM = 14.0, 150.0
MOST_LABELS = 5


@dataclass(frozen=True)
class Dot:
    x: str
    y: float


@dataclass(frozen=True)
class Stroke:
    x1: str
    y1: float
    x2: str
    y2: float


@dataclass(frozen=True)
class Line:
    dots: list[Dot]
    # Between neighbouring quarters only: what a quarter in between said is not known.
    strokes: list[Stroke]


@dataclass(frozen=True)
class Tick:
    text: str
    at: float | str


@dataclass(frozen=True)
class FeeChart:
    upper: Line
    lower: Line
    y_ticks: list[Tick]
    x_ticks: list[Tick]


def fee_chart(points: Sequence[QuarterPoint]) -> FeeChart | None:
    """None where fewer than two quarters have an amount: one point is no course."""
    amounts = [amount for point in points for amount in (point.upper, point.lower) if amount is not None]
    if sum(point.upper is not None or point.lower is not None for point in points) < 2:
        return None
    slots = [4 * point.schedule.year + point.schedule.quarter - 1 for point in points]
    scale = _Scale(slots[0], slots[-1], amounts)
    return FeeChart(
        upper=_line(scale, [(slot, point.upper) for slot, point in zip(slots, points, strict=True)]),
        lower=_line(scale, [(slot, point.lower) for slot, point in zip(slots, points, strict=True)]),
        y_ticks=[Tick(f"${tick:,.{scale.digits}f}", scale.y(tick)) for tick in scale.ticks],
        x_ticks=list(_quarters(scale)),
    )


class _Scale:
    def __init__(self, first: int, last: int, amounts: Sequence[Decimal]) -> None:
        self.first, self.last = first, last
        low, high = float(min(amounts)), float(max(amounts))
        step = _round_step((high - low) or high / 10)
        lowest = math.floor(low / step)
        highest = max(math.ceil(high / step), lowest + 1)
        self.ticks = [number * step for number in range(lowest, highest + 1)]
        self.digits = 0 if step >= 1 else 2

    def x(self, slot: int) -> str:
        share = (slot - self.first + 0.5) / (self.last - self.first + 1)
        return f"{LEFT + share * (RIGHT - LEFT):.2f}%"

    def y(self, amount: float) -> float:
        share = (amount - self.ticks[0]) / (self.ticks[-1] - self.ticks[0])
        return round(BOTTOM - share * (BOTTOM - TOP), 1)


def _round_step(span: float) -> float:
    """1, 2 or 5 and noughts, so that three steps or so make up the span; not below a cent."""
    rough = max(span / 3, 0.01)
    power = 10 ** math.floor(math.log10(rough))
    return next(factor * power for factor in (1, 2, 5, 10) if factor * power >= rough * 0.999)


def _line(scale: _Scale, values: Sequence[tuple[int, Decimal | None]]) -> Line:
    given = [(slot, Dot(scale.x(slot), scale.y(float(amount)))) for slot, amount in values if amount is not None]
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
