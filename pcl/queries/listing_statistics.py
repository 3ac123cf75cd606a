"""The list in figures: how many listings are in force over time, and what came and goes.

Read from the counts of each month (pcl/models/listing_count.py). In force means what it means everywhere: the listing
is, and its code is valid (pcl/queries/listing_status.py), here on the last day of a month.
"""

import calendar
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib.postgres.fields.ranges import RangeEndsWith
from django.db import connection
from django.db.models import F, Q, QuerySet, Sum

from hcpcs.models import Code, Kind
from pcl.models import ListingCount, RegisterEntry
from pcl.queries.keyset import Row
from pcl.queries.listing_shown import shown_listings
from pcl.queries.listing_status import with_status

MOST_SHOWN = 10


@dataclass(frozen=True)
class Scope:
    """Which listings are meant; empty means all."""

    code: str = ""
    classification: str = ""

    @property
    def entries(self) -> QuerySet[RegisterEntry]:
        return RegisterEntry.objects.filter(**self._given)

    @property
    def counts(self) -> QuerySet[ListingCount]:
        renamed = {"code": "code_meaning__code", "classification": "classification"}
        return ListingCount.objects.filter(**{renamed[name]: value for name, value in self._given.items()})

    @property
    def _given(self) -> dict[str, str]:
        given = {"code": self.code, "classification": self.classification}
        return {name: value for name, value in given.items() if value}


@dataclass(frozen=True)
class Month:
    first: date
    in_force: int
    """On the month's last day."""
    began: int
    """Listings whose first day is in the month."""
    ending: int
    """Listings whose last day is in the month."""

    @property
    def last(self) -> date:
        return last_day_of(self.first)


def last_day_of(month: date) -> date:
    return month.replace(day=calendar.monthrange(month.year, month.month)[1])


def month_after(month: date, months: int = 1) -> date:
    """The first day of the month that comes `months` later (or earlier, where negative)."""
    year, index = divmod(month.year * 12 + month.month - 1 + months, 12)
    return date(year, index + 1, 1)


# On the last day of a month, a code is valid from the month of its first day on, and until the month in which a day
# without it comes. What a listing counts before its code begins, it counts from then on; what is left when the code
# ends is taken away at once.
_COURSE = """
    WITH counted AS (
        SELECT month, began, gone, last_days,
               greatest(month, date_trunc('month', added::timestamp)::date) AS from_month,
               date_trunc('month', (terminated + 1)::timestamp)::date AS over_month
        FROM pcl_listingcount AS count JOIN hcpcs_code AS code ON code.id = count.code_meaning_id
        WHERE (%(code)s = '' OR code.code = %(code)s)
          AND (%(classification)s = '' OR count.classification = %(classification)s)
    )
    SELECT month, sum(net)::int, sum(began)::int, sum(last_days)::int FROM (
        SELECT from_month AS month, began - gone AS net, 0 AS began, 0 AS last_days
        FROM counted WHERE over_month IS NULL OR from_month < over_month
        UNION ALL
        SELECT over_month, gone - began, 0, 0 FROM counted WHERE from_month < over_month
        UNION ALL
        SELECT month, 0, began, last_days FROM counted
    ) AS each
    GROUP BY month
    HAVING sum(net) <> 0 OR sum(began) <> 0 OR sum(last_days) <> 0
    ORDER BY month
"""


def course(scope: Scope, *, until: date) -> list[Month]:
    """Each month from that of the first listing to that of `until`, none left out; empty where there is no listing."""
    with connection.cursor() as cursor:
        cursor.execute(_COURSE, {"code": scope.code, "classification": scope.classification})
        counted = {month: numbers for month, *numbers in cursor.fetchall()}
    months: list[Month] = []
    if not counted:
        return months
    month, in_force = min(counted), 0
    while month <= until:
        net, began, ending = counted.get(month, (0, 0, 0))
        in_force += net
        months.append(Month(month, in_force, began, ending))
        month = month_after(month)
    return months


@dataclass(frozen=True)
class Share:
    """How many listings of a code or a product group are in force."""

    name: str
    in_force: int
    description: str = ""


def by_code(scope: Scope, *, month: date) -> list[Share]:
    """The codes with most listings in force on the last day of `month`, most first."""
    rows = _in_force(scope, month, "code_meaning__code", "code_meaning__short_description")[:MOST_SHOWN]
    return [Share(row["code_meaning__code"], row["n"], row["code_meaning__short_description"]) for row in rows]


def by_group(scope: Scope, *, month: date) -> list[Share]:
    """Every product group with listings in force on the last day of `month`, most first."""
    return [Share(row["classification"], row["n"]) for row in _in_force(scope, month, "classification")]


def _in_force(scope: Scope, month: date, *by: str) -> QuerySet[Any, dict[str, Any]]:
    day = last_day_of(month)
    is_valid = (Q(code_meaning__added=None) | Q(code_meaning__added__lte=day)) & (
        Q(code_meaning__terminated=None) | Q(code_meaning__terminated__gte=day)
    )
    counted = scope.counts.filter(is_valid, month__lte=month).values(*by)
    return counted.annotate(n=Sum(F("began") - F("gone"))).filter(n__gt=0).order_by("-n", by[0])


def newest(scope: Scope, *, on: date) -> list[Row]:
    """What was put on the list last; the status is that of `on`."""
    return shown_listings(on=on)(scope.entries.order_by("-listing_id")[:MOST_SHOWN])


def next_ends(scope: Scope, *, on: date) -> list[Row]:
    """Listings in force on `on` for which an end is set, the next one first."""
    ending = with_status(scope.entries, "current", on=on).filter(effective__upper_inf=False)
    ends = RangeEndsWith("effective")
    # The same as that it holds on `on`, in the words of the index that has the ends in order.
    soon = ending.annotate(end=ends).filter(end__gt=on).order_by("end", "listing_id")
    return shown_listings(on=on)(soon[:MOST_SHOWN])


def meaning_of(code: str) -> Code | None:
    """The code's newest meaning."""
    return Code.objects.filter(code=code, kind=Kind.CODE).order_by("-added").first()
