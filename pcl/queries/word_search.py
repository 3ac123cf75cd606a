"""The question that is asked most: words, and nothing else but a status, a day and an order. With kept SQL.

What is found is what `ListingFilter` finds, which is asked once for each kind of such a question and gives the SQL.
"""

from copy import deepcopy
from dataclasses import dataclass
from datetime import date
from functools import cached_property, lru_cache
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.db.models.expressions import RawSQL
from django.http import QueryDict
from django.utils import timezone

from pcl.models import RegisterEntry
from pcl.queries.kept_sql import Given, KeptSQL
from pcl.queries.keyset import Order, Row, first_rows
from pcl.queries.listing_columns import listing_values, named
from pcl.queries.listing_facets import Spread, looked_at, spread_of
from pcl.queries.listing_filter import ORDERS, ListingFilter
from pcl.queries.size import Size, counting_in_order, size_and_told, size_in
from pcl.queries.words_in_order import UNDER_CODES, CodesOfWords, Way, matching_beginnings, way_to
from pcl.text import prefix_query

_FIELDS = {name: deepcopy(each).field for name, each in ListingFilter.base_filters.items()}
_MEANT = {"q", "status", "on", "sort"}
# Of each, about 5 kB.
MOST_KEPT = 500


@dataclass(frozen=True)
class Kind:
    """Of such questions: all but the words."""

    status: str
    sort: str
    day: date

    @property
    def order(self) -> Order:
        return ORDERS[self.sort]

    @property
    def walks_soon_fill(self) -> bool:
        """Of most listings; those that are no longer or not yet in force may stand far from one another."""
        return self.sort == "code" and self.status in {"current", "all"}


@dataclass(frozen=True)
class WordSearch:
    words: str
    tsquery: str
    kind: Kind

    @classmethod
    def meant_by(cls, given: QueryDict) -> "WordSearch | None":
        """None where more is asked, or something wrong: then `ListingFilter` says what."""
        said = {name: value for name in _FIELDS if (value := given.get(name))}
        if "q" not in said or not _MEANT.issuperset(said):
            return None
        try:
            meant = {name: _FIELDS[name].clean(value) for name, value in said.items()}
        except ValidationError:
            return None
        tsquery = prefix_query(meant["q"])
        if tsquery is None:
            return None
        kind = Kind(
            meant.get("status") or "current", meant.get("sort") or "code", meant.get("on") or timezone.localdate()
        )
        return cls(meant["q"], tsquery, kind)

    def size(self, *, limit: int) -> Size:
        """With what stands first on a page of `limit` rows. One query."""
        codes = self._dense_codes
        kept = _counting(self.kind, limit + 1, in_order=codes is not None)
        return size_in(kept.rows(words=self.tsquery, codes=codes)[0])

    def sized_rows(self, *, limit: int, site: str) -> tuple[Size, list[Row]]:
        """`size`, and `first_rows` of it. One query, and at most two more where it is broad."""
        codes = self._dense_codes
        kept = _counting_and_first(self.kind, limit=limit, site=site, in_order=codes is not None)
        size, told = size_and_told(kept.rows(words=self.tsquery, codes=codes))
        return size, self.first_rows(size, limit=limit, site=site) if size.first is None else named(told)

    def spread(self, *, limit: int) -> Spread:
        """As `listing_facets.spread`."""
        rows = _looked_at(self.kind).rows(words=self.tsquery)
        return spread_of(rows, status=self.kind.status, size_if_many=lambda: self.size(limit=limit))

    def first_rows(self, size: Size, *, limit: int, site: str, further: tuple[str, ...] = ()) -> list[Row]:
        """As `listing_rows` would tell of the first page, and one row more if there is one. At most two queries."""
        if not size.count:
            return []
        way = way_to(self._codes, size, by_code=self.kind.sort == "code")
        sorts_many = size.is_many and size.first is None
        kept = _first(self.kind, way.open(), limit=limit, site=site, further=further, sorts_many=sorts_many)
        keys = list(size.first or size.keys or ())
        return named(kept.rows(words=self.tsquery, keys=keys, codes=way.codes), further=further)

    @cached_property
    def _codes(self) -> CodesOfWords:
        return CodesOfWords([self.words])

    @cached_property
    def _dense_codes(self) -> list[str] | None:
        return self._codes.dense if self.kind.walks_soon_fill else None


class _AnyWords(ListingFilter):
    """For whatever words are given later."""

    def _looked_for(self, value: str, *, weight: str = "") -> Given:
        return Given("words")


class _AnyBeginnings(_AnyWords):
    _matches = staticmethod(matching_beginnings)


def _of(kind: Kind, meant: type[ListingFilter] = _AnyBeginnings) -> ListingFilter:
    said = {"q": "words", "status": kind.status, "sort": kind.sort, "on": kind.day.isoformat()}
    asked = meant(said, RegisterEntry.objects.all())
    asked.is_valid()
    return asked


@lru_cache(maxsize=MOST_KEPT)
def _counting(kind: Kind, first: int, *, in_order: bool) -> KeptSQL:
    return counting_in_order(_counted(kind, in_order=in_order), order=kind.order, first=first, in_order=in_order)


@lru_cache(maxsize=MOST_KEPT)
def _counting_and_first(kind: Kind, *, limit: int, site: str, in_order: bool) -> KeptSQL:
    def told(keys: RawSQL) -> QuerySet[Any]:
        first = first_rows(_of(kind).along(Way(keys=keys)), order=kind.order, limit=limit)
        return listing_values(first, on=kind.day, site=site)

    found = _counted(kind, in_order=in_order)
    return counting_in_order(found, order=kind.order, first=limit + 1, told=told, in_order=in_order)


def _counted(kind: Kind, *, in_order: bool) -> QuerySet[Any]:
    return _of(kind, _AnyWords).along(UNDER_CODES) if in_order else _of(kind).qs


@lru_cache(maxsize=MOST_KEPT)
def _looked_at(kind: Kind) -> KeptSQL:
    return KeptSQL(looked_at(_of(kind).at_any_time, on=kind.day))


@lru_cache(maxsize=MOST_KEPT)
def _first(kind: Kind, way: Way, *, limit: int, site: str, further: tuple[str, ...], sorts_many: bool) -> KeptSQL:
    found = first_rows(_of(kind, _AnyWords).along(way), order=kind.order, limit=limit, sorts_many=sorts_many)
    return KeptSQL(listing_values(found, on=kind.day, site=site, further=further))
