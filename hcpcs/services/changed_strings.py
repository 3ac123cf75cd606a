"""Which code strings a newly loaded release can give other meanings, so that only these are derived anew.

A record that says when a string was added and ended, and what it means, exactly as the releases right before and right
after do, moves no meaning: it only makes it seen earlier or later. Of a quarterly release that holds for nearly all.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from hcpcs.models import Release

# Added after its last day of use: no record of a meaning (derive_catalogue.sql).
_COUNTS = "(record.added IS NULL OR record.terminated IS NULL OR record.added <= record.terminated)"
_AS_IN = """EXISTS (
    SELECT FROM hcpcs_releaserecord AS beside
    WHERE beside.release_id = %({release})s AND (beside.kind, beside.code) = (record.kind, record.code)
    AND (beside.added, beside.terminated) IS NOT DISTINCT FROM (record.added, record.terminated)
    AND (beside.long_description = record.long_description
        OR lower(beside.long_description) = lower(record.long_description))
)"""
# NOT IN, whose list is looked up by hash whatever the planner guesses; NOT EXISTS became a million comparisons.
_UNCHANGED = "(record.kind, record.code) NOT IN (SELECT kind, code FROM changed_string)"


@dataclass(frozen=True)
class Neighbours:
    """The complete releases next to one, and the excerpts between, each of which has some of the strings only."""

    release: Release
    older: Release | None
    newer: Release | None
    excerpts: tuple[int, ...]
    # Whether nothing else is loaded.
    is_only: bool

    @classmethod
    def of(cls, release: Release, releases: Sequence[Release]) -> "Neighbours":
        """`releases` is every loaded one, oldest first."""
        place = next(index for index, other in enumerate(releases) if other.pk == release.pk)
        before, after = releases[:place][::-1], releases[place + 1 :]
        older = next((other for other in before if other.is_complete), None)
        newer = next((other for other in after if other.is_complete), None)
        between = [*before[: before.index(older) if older else None], *after[: after.index(newer) if newer else None]]
        return cls(release, older, newer, tuple(other.pk for other in between), len(releases) == 1)


def note_changed_strings(cursor: Any, beside: Neighbours) -> None:
    """Make the temporary table `changed_string`: kind, code, its record, and whether no other release has it."""
    unchanged = [_AS_IN.format(release=name) for name in ("older", "newer") if getattr(beside, name) is not None] or [
        "false"
    ]
    if beside.excerpts:
        unchanged.append(
            "NOT EXISTS (SELECT FROM hcpcs_releaserecord AS partial WHERE partial.release_id = ANY(%(excerpts)s)"
            " AND (partial.kind, partial.code) = (record.kind, record.code))"
        )
    lonely = (
        "true"
        if beside.is_only
        else "NOT EXISTS (SELECT FROM hcpcs_releaserecord AS other WHERE (other.code, other.kind) ="
        " (record.code, record.kind) AND other.release_id <> record.release_id)"
    )
    cursor.execute(
        "CREATE TEMPORARY TABLE changed_string ON COMMIT DROP AS"  # noqa: S608  # constants
        f" SELECT kind, code, id AS record_id, {lonely} AS is_lonely FROM hcpcs_releaserecord AS record"
        f" WHERE release_id = %(release)s AND {_COUNTS} AND NOT ({' AND '.join(unchanged)})",
        {
            "release": beside.release.pk,
            "older": beside.older.pk if beside.older else None,
            "newer": beside.newer.pk if beside.newer else None,
            "excerpts": list(beside.excerpts),
        },
    )
    if not beside.is_only:
        # Without it the planner takes a handful of strings for thousands, or the other way round.
        cursor.execute("ANALYZE changed_string")


def take_over_unchanged(cursor: Any, beside: Neighbours) -> None:
    """What the release changes in meanings that stay: it is the newest to have them, or the oldest, or neither."""
    release = beside.release.pk
    if beside.newer is None and beside.older is not None:
        cursor.execute(
            "INSERT INTO derived_meaning (kind, code, record_id, first_release_id, last_release_id, code_id)"  # noqa: S608
            " SELECT record.kind, record.code, record.id, known.first_release_id, record.release_id, known.id"
            " FROM hcpcs_releaserecord AS record JOIN hcpcs_code AS known USING (kind, code)"
            f" WHERE record.release_id = %s AND known.last_release_id = %s AND {_COUNTS} AND {_UNCHANGED}",
            [release, beside.older.pk],
        )
    elif beside.older is None and beside.newer is not None:
        cursor.execute(
            "UPDATE hcpcs_code AS known SET first_release_id = record.release_id"  # noqa: S608
            " FROM hcpcs_releaserecord AS record WHERE (record.kind, record.code) = (known.kind, known.code)"
            f" AND record.release_id = %s AND known.first_release_id = %s AND {_COUNTS} AND {_UNCHANGED}",
            [release, beside.newer.pk],
        )
