"""What charts have in common: shapes that a template draws as SVG, without script or style.

Across in percent, so that letters stay legible on a phone; down in pixels.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

LEFT, RIGHT = 17.0, 98.0
TOP, BOTTOM = 14.0, 150.0
MOST_LABELS = 4


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
    strokes: list[Stroke]


@dataclass(frozen=True)
class Column:
    x: str
    y: float
    width: str
    height: float


@dataclass(frozen=True)
class Tick:
    text: str
    at: float | str


class ValueScale:
    """Round values up the side, from a round one below the lowest to one above the highest."""

    def __init__(self, values: Sequence[float], *, finest: float, from_zero: bool = False) -> None:
        """`finest` is the least step between two ticks; `from_zero` keeps heights in proportion to values."""
        low, high = (0.0 if from_zero else min(values)), max(values)
        step = round_step((high - low) or high / 10, finest=finest)
        lowest = math.floor(low / step)
        highest = max(math.ceil(high / step), lowest + 1)
        self.step = step
        self.ticks = [number * step for number in range(lowest, highest + 1)]

    def y(self, value: float) -> float:
        share = (value - self.ticks[0]) / (self.ticks[-1] - self.ticks[0])
        return round(BOTTOM - share * (BOTTOM - TOP), 1)


class SlotScale:
    """As many places side by side as there are things."""

    def __init__(self, count: int) -> None:
        self.count = count

    def middle(self, index: int) -> str:
        return f"{LEFT + (index + 0.5) / self.count * (RIGHT - LEFT):.2f}%"

    def column(self, index: int, value: float, values: ValueScale) -> Column:
        """A column with a little air on both sides."""
        width = (RIGHT - LEFT) / self.count
        y = values.y(value)
        return Column(f"{LEFT + (index + 0.15) * width:.2f}%", y, f"{0.7 * width:.2f}%", round(BOTTOM - y, 1))

    def labels(self, texts: Sequence[str]) -> list[Tick]:
        """No more than MOST_LABELS of `texts`, evenly apart."""
        every = math.ceil(self.count / MOST_LABELS)
        return [Tick(texts[index], self.middle(index)) for index in range(0, self.count, every)]


def joined(dots: Sequence[Dot]) -> Line:
    return Line(list(dots), [Stroke(before.x, before.y, after.x, after.y) for before, after in pairwise(dots)])


def round_step(span: float, *, finest: float) -> float:
    """1, 2 or 5 and noughts, so that three steps or so make up the span; not below `finest`."""
    rough = max(span / 3, finest)
    power = 10 ** math.floor(math.log10(rough))
    return next(factor * power for factor in (1, 2, 5, 10) if factor * power >= rough * 0.999)
