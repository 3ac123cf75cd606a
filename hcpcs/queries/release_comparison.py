"""What a release changed: compared, record by record, with the complete release that came before it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import reduce
from operator import and_
from typing import Any

from django.db import connection
from django.db.models import Q, QuerySet
from django.db.models.expressions import RawSQL

from hcpcs.models import CONTENT_FIELDS, Release, ReleaseRecord
from hcpcs.queries.words import words_of

PRICE_FIELDS = ("pricing_indicators", "multiple_pricing_indicator")
# What CMS notes about its own maintenance. It changes with every release and says nothing about the code.
MAINTENANCE_FIELDS = ("action_effective", "action_code")
_SAID_APART = {"long_description", "terminated", *PRICE_FIELDS, *MAINTENANCE_FIELDS}
OTHER_FIELDS = tuple(name for name in CONTENT_FIELDS if name not in _SAID_APART)


class ReleaseChangeKind(StrEnum):
    """A record can be of several kinds: ended and re-described, for example."""

    ADDED = "added"
    ENDED = "ended"
    END_MOVED = "end_moved"
    REDESCRIBED = "redescribed"
    REPRICED = "repriced"
    OTHER = "other"
    MAINTENANCE = "maintenance"
    ABSENT = "absent"


K = ReleaseChangeKind


def _differ(names: Iterable[str]) -> str:
    names = list(names)
    return " IS DISTINCT FROM ".join(f"ROW ({', '.join(f'{side}.{name}' for name in names)})" for side in "ba")


# `b` is the record in the release before, `a` the one in the release itself; the one that there is not is NULL.
_BOTH = "b.id IS NOT NULL AND a.id IS NOT NULL"
_CONDITIONS = {
    K.ADDED: "b.id IS NULL",
    K.ENDED: f"{_BOTH} AND b.terminated IS NULL AND a.terminated IS NOT NULL",
    K.END_MOVED: f"{_BOTH} AND b.terminated IS NOT NULL AND a.terminated IS DISTINCT FROM b.terminated",
    K.REDESCRIBED: f"{_BOTH} AND b.long_description <> a.long_description",
    K.REPRICED: f"{_BOTH} AND {_differ(PRICE_FIELDS)}",
    K.OTHER: f"{_BOTH} AND {_differ(OTHER_FIELDS)}",
    K.MAINTENANCE: f"{_BOTH} AND {_differ(MAINTENANCE_FIELDS)}"
    f" AND NOT {_differ(name for name in CONTENT_FIELDS if name not in MAINTENANCE_FIELDS)}",
    K.ABSENT: "a.id IS NULL",
}
_CHANGED = f"{_BOTH} AND {_differ(CONTENT_FIELDS)}"
_DIFFERENT = f"(b.id IS NULL OR a.id IS NULL OR {_differ(CONTENT_FIELDS)})"
_PAIR = """
    (SELECT * FROM hcpcs_releaserecord WHERE release_id = %s) AS b
    FULL JOIN (SELECT * FROM hcpcs_releaserecord WHERE release_id = %s) AS a USING (kind, code)
"""


@dataclass(frozen=True)
class Comparison:
    """`before` is the complete release next in age below `release`."""

    release: Release
    before: Release

    @property
    def kinds(self) -> list[ReleaseChangeKind]:
        """The kinds there can be: absence from an excerpt means nothing."""
        return [kind for kind in K if kind is not K.ABSENT or self.release.is_complete]


@dataclass(frozen=True)
class ChangeCounts:
    """How many records are of each kind."""

    of_kind: dict[ReleaseChangeKind, int]
    changed: int
    """Records of both releases that differ in any field."""
    added_and_ended: int
    """Those of the added ones that have a last day of use already."""

    @property
    def total(self) -> int:
        return self.changed + self.of_kind[K.ADDED] + self.of_kind[K.ABSENT]


def comparisons(releases: Sequence[Release]) -> dict[int, Comparison]:
    """Release id -> what it is compared with; without those that no older complete release is loaded for.

    By age, whatever the order of loading: a release that is loaded later between two others is from then on what the
    newer one is compared with.
    """
    found = {}
    before: Release | None = None
    for release in sorted(releases, key=lambda each: each.age_key):
        if before is not None:
            found[release.pk] = Comparison(release, before)
        if release.is_complete:
            before = release
    return found


_counts: dict[tuple[int, str, int, str], ChangeCounts] = {}
_MOST_KEPT = 500


def change_counts(asked: Iterable[Comparison]) -> dict[int, ChangeCounts]:
    """Release id -> counts, in one statement for all that this process has not counted yet.

    A release never changes but by a file that replaces it, and then it has another digest.
    """
    comparisons = list(asked)
    missing = [each for each in comparisons if _key(each) not in _counts]
    if missing:
        if len(_counts) + len(missing) > _MOST_KEPT:
            _counts.clear()
        for each, counted in zip(missing, _counted(missing), strict=True):
            _counts[_key(each)] = counted
    return {each.release.pk: _counts[_key(each)] for each in comparisons}


def _key(of: Comparison) -> tuple[int, str, int, str]:
    return (of.before.pk, of.before.sha256, of.release.pk, of.release.sha256)


def _counted(missing: list[Comparison]) -> list[ChangeCounts]:
    conditions = [*_CONDITIONS.values(), _CHANGED, f"{_CONDITIONS[K.ADDED]} AND a.terminated IS NOT NULL"]
    columns = ", ".join(f"count(*) FILTER (WHERE {condition})" for condition in conditions)
    one = f"SELECT %s AS place, {columns} FROM {_PAIR}"  # noqa: S608  # conditions of our own
    parameters = [value for place, each in enumerate(missing) for value in (place, each.before.pk, each.release.pk)]
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join([one] * len(missing)) + " ORDER BY place", parameters)
        rows = cursor.fetchall()
    return [_counts_in(each, row[1:]) for each, row in zip(missing, rows, strict=True)]


def _counts_in(of: Comparison, numbers: tuple[int, ...]) -> ChangeCounts:
    *by_kind, changed, added_and_ended = numbers
    of_kind = dict(zip(_CONDITIONS, by_kind, strict=True))
    if not of.release.is_complete:
        of_kind[K.ABSENT] = 0
    return ChangeCounts(of_kind, changed, added_and_ended)


def changed_records(
    comparison: Comparison, *, kind: ReleaseChangeKind | None = None, q: str = ""
) -> QuerySet[ReleaseRecord]:
    """The records of the release that are new or differ, and those of the release before that are absent from it.

    `kind` leaves those of one kind. `q` is the beginning of a code, or words of the long description, each of which may
    be the beginning of one. Ordered by code, id.
    """
    condition = _CONDITIONS[kind] if kind else _DIFFERENT
    if not comparison.release.is_complete:
        condition = f"a.id IS NOT NULL AND {condition}"
    ids = RawSQL(  # noqa: S611  # conditions of our own
        f"(SELECT coalesce(a.id, b.id) FROM {_PAIR} WHERE {condition})",  # noqa: S608
        [comparison.before.pk, comparison.release.pk],
    )
    found = ReleaseRecord.objects.filter(pk__in=ids)
    if q.strip():
        words = words_of(q)
        # Written as in a description of ASCII; a word begins where none of its letters stands before.
        each = [Q(code__istartswith=word) | Q(long_description__iregex=rf"\m{word}") for word in words]
        found = found.filter(reduce(and_, each)) if each else found.none()
    return found.order_by("code", "id")


@dataclass(frozen=True)
class RecordChange:
    """One record as the release before had it and as the release has it; None where it is not in one of them."""

    before: ReleaseRecord | None
    after: ReleaseRecord | None

    @property
    def record(self) -> ReleaseRecord:
        """The newer of the two."""
        shown = self.after or self.before
        assert shown is not None  # noqa: S101
        return shown

    @property
    def fields(self) -> dict[str, tuple[Any, Any]]:
        """Field name -> (before, after), for every field that differs; empty for an added or absent record."""
        if self.before is None or self.after is None:
            return {}
        return differences(self.before, self.after)

    @property
    def kinds(self) -> list[ReleaseChangeKind]:
        """The same rules as in SQL, for a record that is at hand (a test holds them together)."""
        if self.before is None:
            return [K.ADDED]
        if self.after is None:
            return [K.ABSENT]
        differing = set(self.fields)
        kinds = []
        if "terminated" in differing:
            kinds.append(K.ENDED if self.before.terminated is None else K.END_MOVED)
        if "long_description" in differing:
            kinds.append(K.REDESCRIBED)
        if differing & set(PRICE_FIELDS):
            kinds.append(K.REPRICED)
        if differing & set(OTHER_FIELDS):
            kinds.append(K.OTHER)
        if differing and differing <= set(MAINTENANCE_FIELDS):
            kinds.append(K.MAINTENANCE)
        return kinds


def with_both_sides(records: Iterable[ReleaseRecord], comparison: Comparison) -> list[RecordChange]:
    """Records of `changed_records` with their counterparts, in the same order; one query for all of them."""
    shown = list(records)
    older = (
        {
            (record.kind, record.code): record
            for record in ReleaseRecord.objects.filter(
                release=comparison.before, code__in={record.code for record in shown if _is_of(record, comparison)}
            )
        }
        if shown
        else {}
    )
    return [
        RecordChange(older.get((record.kind, record.code)), record)
        if _is_of(record, comparison)
        else RecordChange(record, None)
        for record in shown
    ]


def _is_of(record: ReleaseRecord, comparison: Comparison) -> bool:
    return bool(record.release_id == comparison.release.pk)


def differences(before: ReleaseRecord, after: ReleaseRecord) -> dict[str, tuple[Any, Any]]:
    """Field name -> (before, after), in the order of the record layout; the place in the file is no field."""
    pairs = {name: (getattr(before, name), getattr(after, name)) for name in CONTENT_FIELDS}
    return {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}
