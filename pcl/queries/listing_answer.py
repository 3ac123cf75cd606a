"""Was a listing in force on day D, and did the list say so at instant P? One answer for both clocks."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from pcl.models import EntryVersion, ShownListing
from pcl.models.listing import last_day

NOT_YET_ON_THE_LIST = "absent"


@dataclass(frozen=True)
class ListingAnswer:
    day: date
    """The date of service."""
    instant: datetime | None
    """Whose list is asked about; None for the list as it is now."""
    history: Sequence[EntryVersion]
    """All that the list ever said of the listing, oldest first: at least one, the last of which it says now."""

    @property
    def now(self) -> EntryVersion:
        return self.history[-1]

    @property
    def then(self) -> EntryVersion | None:
        """What the list said at the instant asked about; None where the listing did not stand on it yet."""
        if self.instant is None:
            return self.now
        return next((version for version in self.history if says_at(version, self.instant)), None)

    @property
    def status_now(self) -> str:
        return self.now.status_on(self.day)

    @property
    def status_then(self) -> str:
        then = self.then
        return NOT_YET_ON_THE_LIST if then is None else then.status_on(self.day)

    @property
    def agrees(self) -> bool:
        """Whether the list of the instant asked about gave today's answer for the day: both that it is, or is not."""
        return (self.status_then == "current") is (self.status_now == "current")

    @property
    def first_published(self) -> datetime:
        return self.history[0].said.lower

    @property
    def said_since(self) -> datetime | None:
        """Since when the list had, without a break, given the answer of the instant asked about; None for no list."""
        status = self.status_then
        return self.since(lambda version: version.status_on(self.day) == status)

    def since(self, said_it: Callable[[EntryVersion], bool]) -> datetime | None:
        """Since when the list of that instant had said, without a break, what `said_it` looks for; None for no list."""
        then = self.then
        if then is None:
            return None
        since = then.said.lower
        earlier = [version for version in self.history if version.said.lower < since]
        for version in reversed(earlier):
            if not said_it(version):
                break
            since = version.said.lower
        return since


def says_at(version: EntryVersion, instant: datetime) -> bool:
    """Whether the list said this at `instant`."""
    return version.said.lower <= instant and (version.said.upper is None or instant < version.said.upper)


def listing_answer(listing_id: int, *, on: date, instant: datetime | None) -> ListingAnswer | None:
    """None where there never was such a listing. Costs one query."""
    said = EntryVersion.objects.filter(listing=listing_id).order_by("said")
    related = ("code_meaning", "manufacturer_organization", "distributor_organization", "listing__model")
    history = list(said.select_related(*related).defer("search", "code_meaning__search"))
    return ListingAnswer(on, instant, history) if history else None


def last_day_to_bill(shown: ShownListing) -> date | None:
    """The listing's last day, or the code's where it is earlier; None while no end is set, or where there is no day."""
    return None if shown.in_force.isempty else last_day(shown.in_force)


def differing_days(one: ShownListing, other: ShownListing) -> bool:
    """Whether two states of a listing name different dates of service."""

    def days(shown: ShownListing) -> tuple[Any, ...]:
        return (shown.effective, shown.in_force)

    return days(one) != days(other)
