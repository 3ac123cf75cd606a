"""Whether a listing can be billed on a date of service.

Two things must hold on that day: the listing, and the code that it stands under. CMS ends codes without telling the
listings, so a listing with no end set is over all the same when its code is: `in_force` holds the days of both.
"""

from datetime import date, timedelta
from typing import TypeVar

from django.db.backends.postgresql.psycopg_any import DateRange
from django.db.models import Case, CharField, Q, QuerySet, Value, When

from pcl.models import ShownListing

Shown = TypeVar("Shown", bound=ShownListing)


def _ended(on: date) -> Q:
    return Q(in_force__fully_lt=_only(on)) | Q(in_force__isempty=True)


def _future(on: date) -> Q:
    return Q(in_force__fully_gt=_only(on))


def _only(day: date) -> DateRange:
    return DateRange(day, day + timedelta(days=1))


def with_status(entries: QuerySet[Shown], status: str, *, on: date) -> QuerySet[Shown]:
    """The entries that are `current`, `ended` or `future` on date of service `on`, or `all` of them."""
    if status == "current":
        return entries.filter(in_force__contains=on)
    if status == "ended":
        return entries.filter(_ended(on))
    if status == "future":
        return entries.filter(_future(on))
    if status == "all":
        return entries
    raise ValueError(f"status is {status!r}; it must be current, ended, future or all.")


def status_in_words(on: date) -> Case:
    """The status as a column: the same rule as `with_status`."""
    return Case(
        When(_ended(on), then=Value("ended")),
        When(_future(on), then=Value("future")),
        default=Value("current"),
        output_field=CharField(),
    )
