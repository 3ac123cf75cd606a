"""How the listings that a search finds are spread over codes, classifications, manufacturers and statuses."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import F, QuerySet

from pcl.queries.keyset import COUNTED_EXACTLY
from pcl.queries.listing_status import status_in_words
from pcl.queries.size import Size, size_of

FACETS = {"classification": "Classification", "code": "Code", "manufacturer": "Manufacturer", "status": "Status"}
STATUSES = {"current": "In force", "ended": "Ended", "future": "Not yet in force"}


@dataclass(frozen=True)
class FacetValue:
    """`value` is what the parameter of the facet takes."""

    value: str
    text: str
    count: int


@dataclass(frozen=True)
class Facet:
    name: str
    label: str
    values: list[FacetValue]


@dataclass(frozen=True)
class Spread:
    facets: list[Facet]
    counts_exact: bool
    """False where only the first COUNTED_EXACTLY listings were looked at: each count is then a lower bound."""
    size: Size
    """Of the listings with the status asked for."""
    at_any_time: int
    """Listings of any status; a lower bound where the counts are not exact."""


def spread(at_any_time: QuerySet[Any], *, found: QuerySet[Any], status: str, on: date) -> Spread:
    """`found` are those of `at_any_time` that have `status` on date of service `on`.

    One query where there are at most COUNTED_EXACTLY of any status, and one more where there are others.
    """
    return spread_of(list(looked_at(at_any_time, on=on)), status=status, size_if_many=lambda: size_of(found))


def looked_at(at_any_time: QuerySet[Any], *, on: date) -> QuerySet[Any]:
    """For `spread_of`."""
    return at_any_time.order_by().values_list(
        "classification", "code", "manufacturer_organization__slug", F("manufacturer"), status_in_words(on), "pk"
    )[: COUNTED_EXACTLY + 1]


def spread_of(rows: list[Any], *, status: str, size_if_many: Callable[[], Size]) -> Spread:
    """Of what `looked_at` found."""
    exact = len(rows) <= COUNTED_EXACTLY
    rows = rows[:COUNTED_EXACTLY]
    shown = [row for row in rows if status in {"all", row[4]}]
    counted = Size(len(shown), is_exact=True, about=len(shown), keys=tuple(row[5] for row in shown))
    size = counted if exact else size_if_many()
    names = {slug: name for _, _, slug, name, *_ in shown}
    values = {
        "classification": [FacetValue(name, name, n) for name, n in _most(row[0] for row in shown)],
        "code": [FacetValue(code, code, n) for code, n in _most(row[1] for row in shown)],
        "manufacturer": [FacetValue(slug, names[slug], n) for slug, n in _most(row[2] for row in shown)],
        "status": [FacetValue(key, STATUSES[key], n) for key, n in _most(row[4] for row in rows)],
    }
    return Spread(
        facets=[Facet(name, label, values[name]) for name, label in FACETS.items()],
        counts_exact=exact,
        size=size,
        at_any_time=len(rows),
    )


def _most(values: Any) -> list[tuple[str, int]]:
    """The most frequent first; what is not stated is left out."""
    counted = Counter(value for value in values if value)
    return sorted(counted.items(), key=lambda each: (-each[1], each[0]))
