"""Both clocks of a listing as shapes that a template draws (SVG, no script, no style), and the table beside them.

Across run the dates of service; each band is what the list said about them, the newest on top.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.utils import timezone

from pcl.models import EntryVersion
from pcl.queries.listing_answer import ListingAnswer, last_day_to_bill, says_at

# Across in percent, so that letters stay legible on a phone; down in pixels.
LEFT, RIGHT = 4.0, 97.0
BAND, TEXT, BAR = 52, 16, 16
TOP = 34
MOST_BANDS, MOST_TICKS = 12, 5
MONTHS_APART = (1, 2, 3, 6, 12, 24, 60, 120, 240)


@dataclass(frozen=True)
class Said:
    """Dates of service that the list named for some time without a break; `until` is None while it still does."""

    version: EntryVersion
    since: datetime
    until: datetime | None
    names: list[str]
    """How it named the product in that time, where that changed: oldest first."""
    status: str
    is_asked: bool

    @property
    def first_day(self) -> date:
        return self.version.in_force.lower if not self.version.in_force.isempty else self.version.effective_from

    @property
    def last_day(self) -> date | None:
        return last_day_to_bill(self.version)

    @property
    def is_never(self) -> bool:
        return bool(self.version.in_force.isempty)


@dataclass(frozen=True)
class Band:
    said: Said
    text_y: int
    y: int
    x: str
    width: str
    end: str
    is_open: bool


@dataclass(frozen=True)
class Tick:
    text: str
    x: str
    anchor: str


@dataclass(frozen=True)
class Timeline:
    said: list[Said]
    """All of it, newest first: the table."""
    bands: list[Band]
    more: int
    """How many older bands are not drawn."""
    ticks: list[Tick]
    day_x: str
    day_anchor: str
    height: int
    bar: int
    axis_y: int
    before_y: int
    first_published: datetime
    is_asked_before: bool
    """Whether the instant asked about lies before the listing was published."""

    @property
    def before_text_y(self) -> int:
        return self.before_y + TEXT - 4

    @property
    def tick_y(self) -> int:
        return self.axis_y + 18


def listing_timeline(answer: ListingAnswer) -> Timeline:
    said = _said(answer)[::-1]
    drawn = said[:MOST_BANDS]
    scale = _Scale(answer.day, drawn)
    bands = []
    for place, each in enumerate(drawn):
        y = TOP + place * BAND + TEXT
        begin, end = (
            (scale.first, scale.first) if each.is_never else (each.first_day, _after(each.last_day) or scale.last)
        )
        x, until = scale.at(begin), scale.at(end)
        bands.append(
            Band(
                said=each,
                text_y=y - 4,
                y=y,
                x=_percent(x),
                width=_percent(max(until - x, 0.0 if each.is_never else 0.4)),
                end=_percent(until),
                is_open=not each.is_never and each.last_day is None,
            )
        )
    before_y = TOP + len(drawn) * BAND
    axis_y = before_y + BAND // 2 + 4
    day_x = scale.at(answer.day)
    return Timeline(
        said=said,
        bands=bands,
        more=len(said) - len(drawn),
        ticks=list(scale.ticks()),
        day_x=_percent(day_x),
        day_anchor="start" if day_x < 25 else "end" if day_x > 75 else "middle",
        height=axis_y + 26,
        bar=BAR,
        axis_y=axis_y,
        before_y=before_y,
        first_published=answer.first_published,
        is_asked_before=answer.then is None,
    )


def _said(answer: ListingAnswer) -> list[Said]:
    """Oldest first; states of the list that name the same dates of service are one."""
    groups: list[list[EntryVersion]] = []
    for version in answer.history:
        if groups and _days(groups[-1][0]) == _days(version):
            groups[-1].append(version)
        else:
            groups.append([version])
    asked = answer.instant
    return [
        Said(
            version=group[-1],
            since=group[0].said.lower,
            until=group[-1].said.upper,
            names=list(dict.fromkeys(f"{each.product} by {each.manufacturer}" for each in group)),
            status=group[-1].status_on(answer.day),
            is_asked=asked is not None and any(says_at(each, asked) for each in group),
        )
        for group in groups
    ]


def _days(version: EntryVersion) -> tuple[Any, ...]:
    return (version.effective, version.in_force)


def _after(day: date | None) -> date | None:
    return None if day is None else day + timedelta(days=1)


def _percent(share: float) -> str:
    return f"{share:.2f}%"


class _Scale:
    """From some time before the first day to some time after the last one that anything names, in whole months."""

    def __init__(self, day: date, said: Sequence[Said]) -> None:
        named = [day, *(each.first_day for each in said), *(each.last_day for each in said if each.last_day)]
        # An open end runs to the right edge, at least past today.
        if any(each.last_day is None and not each.is_never for each in said):
            named.append(timezone.localdate())
        self.first, self.last = min(named), max(named)
        room = max((self.last - self.first) // 12, timedelta(days=20))
        self.first, self.last = _moved(self.first, -room), _moved(self.last, room)

    def at(self, day: date) -> float:
        share = (day - self.first).days / (self.last - self.first).days
        return LEFT + min(max(share, 0.0), 1.0) * (RIGHT - LEFT)

    def ticks(self) -> Iterator[Tick]:
        months = (self.last.year - self.first.year) * 12 + self.last.month - self.first.month
        every = next((each for each in MONTHS_APART if months / each <= MOST_TICKS), MONTHS_APART[-1])
        for month in range(self.first.year * 12 + self.first.month, self.last.year * 12 + self.last.month):
            year, of_year = divmod(month, 12)
            if month % every:
                continue
            x = self.at(date(year, of_year + 1, 1))
            text = f"{year}" if every >= 12 else f"{date(year, of_year + 1, 1):%b %Y}"
            yield Tick(text, _percent(x), "start" if x < 8 else "end" if x > 92 else "middle")


def _moved(day: date, room: timedelta) -> date:
    return date.fromordinal(min(max(day.toordinal() + room.days, date.min.toordinal()), date.max.toordinal()))
