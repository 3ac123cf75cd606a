"""The listings that a crosswalk is about, what was chosen for each, and how far the choosing is."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db.backends.postgresql.psycopg_any import DateRange
from django.db.models import Count, Exists, F, OuterRef, QuerySet

from pcl.models import (
    Crosswalk,
    CrosswalkChoice,
    CrosswalkChoiceTarget,
    CrosswalkState,
    CrosswalkTarget,
    Listing,
    RegisterEntry,
)
from pcl.queries.keyset import Row
from pcl.queries.listing_shown import shown_listings
from pcl.queries.word_query import WordQuery
from pcl.text import prefix_query

SHOWN = [
    ("undecided", "Without a choice"),
    ("changed", "Changed since the choice"),
    ("decided", "With a choice"),
    ("all", "All"),
]
ENDS = "ends"
"""How a choice is written that means: no code, it just ends."""


@dataclass(frozen=True)
class Progress:
    total: int
    decided: int
    """With a choice made for the listing as it is now."""
    changed: int
    """With a choice made for what the listing was before somebody changed it."""

    @property
    def undecided(self) -> int:
        return self.total - self.decided - self.changed

    @property
    def is_complete(self) -> bool:
        return self.total == self.decided


def crosswalks() -> QuerySet[Crosswalk]:
    return Crosswalk.objects.select_related("from_code", "created_by").defer("from_code__search")


def listings_of_crosswalk(crosswalk: Crosswalk) -> QuerySet[RegisterEntry]:
    """Those that hold under the old code's meaning on the last day before the new codes."""
    return RegisterEntry.objects.filter(
        code_meaning=crosswalk.from_code_id, effective__contains=crosswalk.begins - timedelta(days=1)
    )


def listings_that_begin_later(crosswalk: Crosswalk) -> int:
    """How many listings of the old code begin with the new codes or later: no part of the crosswalk."""
    later = DateRange(crosswalk.begins - timedelta(days=1), crosswalk.begins)
    return RegisterEntry.objects.filter(code_meaning=crosswalk.from_code_id, effective__fully_gt=later).count()


def progress_of(crosswalk: Crosswalk) -> Progress:
    listings = listings_of_crosswalk(crosswalk)
    chosen = CrosswalkChoice.objects.filter(crosswalk=crosswalk, listing__in=listings.values("pk"))
    decided = chosen.count()
    if crosswalk.state in {CrosswalkState.CHOOSING, CrosswalkState.APPLYING}:
        stale = chosen.exclude(seen_version=F("listing__version")).count()
    else:
        stale = 0
    return Progress(listings.count(), decided - stale, stale)


def narrowed(listings: QuerySet[RegisterEntry], crosswalk: Crosswalk, *, show: str, q: str) -> QuerySet[RegisterEntry]:
    """`show` is one of SHOWN; `q` are words as in the public search."""
    if q.strip():
        tsquery = prefix_query(q)
        listings = listings.filter(search=WordQuery(tsquery)) if tsquery else listings.none()
    if show == "all":
        return listings
    chosen = CrosswalkChoice.objects.filter(crosswalk=crosswalk, listing=OuterRef("pk"))
    if show == "undecided":
        return listings.filter(~Exists(chosen))
    fresh = Exists(chosen.filter(seen_version=OuterRef("listing__version")))
    is_open = crosswalk.state in {CrosswalkState.CHOOSING, CrosswalkState.APPLYING}
    if show == "decided":
        return listings.filter(fresh if is_open else Exists(chosen))
    return listings.filter(Exists(chosen) & ~fresh) if is_open else listings.none()


def crosswalk_rows(crosswalk: Crosswalk) -> Callable[[QuerySet[Any]], list[Row]]:
    """Rows as `shown_listings` makes them, with the choice."""
    shown = shown_listings(on=crosswalk.begins - timedelta(days=1))

    def rows(found: QuerySet[Any]) -> list[Row]:
        return with_choices(crosswalk, shown(found))

    return rows


def with_choices(crosswalk: Crosswalk, rows: list[Row]) -> list[Row]:
    """Each row gets `version`, `chosen` (as written), `chosen_by` and `is_changed`.

    A choice that was made for what the listing no longer is counts as none: it is `chosen_before`.
    """
    ids = [row["id"] for row in rows]
    versions = dict(Listing.objects.filter(pk__in=ids).values_list("pk", "version"))
    choices = {
        choice.listing_id: choice
        for choice in CrosswalkChoice.objects.filter(crosswalk=crosswalk, listing__in=ids)
        .select_related("chosen_by")
        .prefetch_related("targets")
    }
    is_open = crosswalk.state in {CrosswalkState.CHOOSING, CrosswalkState.APPLYING}
    told = []
    for row in rows:
        choice, version = choices.get(row["id"]), versions[row["id"]]
        is_changed = is_open and choice is not None and choice.seen_version != version
        chosen = written([target.pk for target in choice.targets.all()]) if choice else ""
        told.append(
            row
            | {
                "version": version,
                "chosen": "" if is_changed else chosen,
                "chosen_before": chosen if is_changed else "",
                "chosen_by": choice.chosen_by if choice else None,
                "is_changed": is_changed,
            }
        )
    return told


def written(targets: list[int]) -> str:
    """A choice in one word: the targets' ids, or that it just ends."""
    return ",".join(str(pk) for pk in sorted(targets)) or ENDS


def chosen_targets(crosswalk: Crosswalk) -> Mapping[int, list[CrosswalkTarget]]:
    """For each listing (by id) with a choice the targets, in the order of the listings."""
    targets = {target.pk: target for target in crosswalk.targets.select_related("code").defer("code__search")}
    chosen: dict[int, list[CrosswalkTarget]] = {
        listing: []
        for listing in CrosswalkChoice.objects.filter(crosswalk=crosswalk)
        .order_by("listing")
        .values_list("listing", flat=True)
    }
    pairs = CrosswalkChoiceTarget.objects.filter(choice__crosswalk=crosswalk).values_list("choice__listing", "target")
    for listing, target in pairs.order_by("choice__listing", "target"):
        chosen[listing].append(targets[target])
    return chosen


def open_counts(found: list[Crosswalk]) -> dict[int, int]:
    """How many choices each has."""
    counted = CrosswalkChoice.objects.filter(crosswalk__in=found).values_list("crosswalk")
    return dict(counted.annotate(count=Count("pk")).order_by())


def moves_by_codes(crosswalk: Crosswalk) -> list[tuple[str, int]]:
    """To which codes how many listings move, most first; "just ends" where to none."""
    counted: dict[str, int] = {}
    for targets in chosen_targets(crosswalk).values():
        codes = " and ".join(sorted(target.code.code for target in targets)) or "no code: they just end"
        counted[codes] = counted.get(codes, 0) + 1
    return sorted(counted.items(), key=lambda pair: (-pair[1], pair[0]))
