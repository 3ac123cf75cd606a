"""The catalogue of codes as a function of the loaded releases, whatever the order they were loaded in.

The records of a code string are walked from the oldest release to the newest. A record is a new meaning when it was
added after the meaning before had ended. Where the releases in between were not loaded, that end may never have been
seen: a string that was in force in one release, and by the next was added only later under another description, is a
new meaning too, and the one before ended the day before. Everything else corrects the meaning before.

A meaning has the values of the newest release that it occurs in. See docs/adr/0003-catalogue-derived-from-releases.md.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from django.db import connection
from django.db.models import ProtectedError

from hcpcs.models import CONTENT_FIELDS, LAYOUT_FIELDS, Code, Release
from hcpcs.services.changed_strings import Neighbours, note_changed_strings, take_over_unchanged

_DERIVE = (Path(__file__).parent / "derive_catalogue.sql").read_text()

_DERIVED_MEANING = """
CREATE TEMPORARY TABLE derived_meaning (
    kind text, code text COLLATE "C", island bigint, record_id bigint, unseen_end date,
    first_release_id bigint, last_release_id bigint, earliest_added date, latest_added date, code_id bigint
) ON COMMIT DROP
"""
# A string with one record has one meaning.
_ONLY_HERE = """
INSERT INTO derived_meaning
SELECT record.kind, record.code, 0, record.id, NULL, record.release_id, record.release_id,
    coalesce(record.added, '-infinity'), coalesce(record.added, '-infinity')
FROM changed_string JOIN hcpcs_releaserecord AS record ON record.id = record_id WHERE is_lonely
"""
_OF_THESE = "JOIN (SELECT kind, code FROM changed_string WHERE NOT is_lonely) AS changed USING (kind, code)"
# A row of the catalogue stays with its meaning: the one that has a record with its added date, else the only other one.
_KEEP_IDS = """
WITH pair AS (
    SELECT meaning.ctid AS place, known.id,
        row_number() OVER (PARTITION BY meaning.ctid ORDER BY known.id) AS of_meaning,
        row_number() OVER (PARTITION BY known.id ORDER BY meaning.island) AS of_known
    FROM derived_meaning AS meaning JOIN hcpcs_code AS known USING (kind, code)
    WHERE meaning.code_id IS NULL AND NOT EXISTS (SELECT FROM derived_meaning AS other WHERE other.code_id = known.id)
    AND ({condition})
)
UPDATE derived_meaning SET code_id = pair.id FROM pair
WHERE derived_meaning.ctid = pair.place AND of_meaning = 1 AND of_known = 1
"""
_SAME_ADDED = "coalesce(known.added, '-infinity') BETWEEN meaning.earliest_added AND meaning.latest_added"


def _value(name: str) -> str:
    return "coalesce(meaning.unseen_end, record.terminated)" if name == "terminated" else f'record."{name}"'


_RECORDS = "derived_meaning AS meaning JOIN hcpcs_releaserecord AS record ON record.id = meaning.record_id"
_VALUES = ", ".join(_value(name) for name in LAYOUT_FIELDS)
_COLUMNS = ", ".join(f'"{name}"' for name in LAYOUT_FIELDS)
_OLD_VALUES = ", ".join(f'known."{name}"' for name in LAYOUT_FIELDS)


class CatalogueError(Exception):
    """The loaded releases contradict what is bound to the catalogue. The message names the codes."""


@dataclass(frozen=True)
class CodeChange:
    """What a release changed in a meaning: field name -> (before, after)."""

    kind: str
    code: str
    fields: dict[str, tuple[Any, Any]]

    @property
    def ends_on(self) -> date | None:
        """The last day of use that the meaning has now and had not before, or had another."""
        return self.fields["terminated"][1] if "terminated" in self.fields else None


@dataclass
class CatalogueChanges:
    added: list[tuple[str, str]] = field(default_factory=list)
    # Those of `added` whose string had another meaning before.
    reused: list[tuple[str, str]] = field(default_factory=list)
    changed: list[CodeChange] = field(default_factory=list)
    removed: list[tuple[str, str]] = field(default_factory=list)
    # Meanings whose last day of use no loaded release gives; see the module's docstring.
    unseen_ends: list[tuple[str, str, date]] = field(default_factory=list)


def derive_catalogue(*, new: Release | None = None) -> CatalogueChanges:
    """Bring `Code` in line with the loaded releases, keeping the ids of meanings. Run inside a transaction.

    `new` says that nothing but this release was added since the last time; None derives everything. The outcome is the
    same. Raises CatalogueError when a meaning that something is bound to would have to go.
    """
    releases = sorted(Release.objects.all(), key=lambda release: release.age_key)
    changes = CatalogueChanges()
    with connection.cursor() as cursor:
        # A release's rows are sorted several times over; PostgreSQL's default of 4 MB would send them to the disk.
        # Compiling the statement would take longer than running it. And 8,846 records are to be fetched by their
        # numbers, also where the planner's idea of a disk makes it read all of forty releases instead.
        cursor.execute("SET LOCAL work_mem = '64MB'; SET LOCAL jit = off; SET LOCAL random_page_cost = 1.1")
        cursor.execute("DROP TABLE IF EXISTS pg_temp.derived_meaning, pg_temp.changed_string")
        cursor.execute(_DERIVED_MEANING)
        beside = Neighbours.of(new, releases) if new is not None else None
        if beside is not None:
            note_changed_strings(cursor, beside)
            cursor.execute(_ONLY_HERE)
        if beside is None or not beside.is_only:
            _derive(cursor, releases, only_changed=beside is not None)
        if beside is not None:
            take_over_unchanged(cursor, beside)
        cursor.execute("ANALYZE derived_meaning")
        _remove(cursor, changes, only_changed=beside is not None)
        _update(cursor, changes)
        _insert(cursor, changes)
        cursor.execute(
            "SELECT kind, code, unseen_end FROM derived_meaning WHERE unseen_end IS NOT NULL ORDER BY 1, 2, 3"
        )
        changes.unseen_ends = cursor.fetchall()
        cursor.execute("DROP TABLE IF EXISTS derived_meaning, changed_string")
    return changes


def _derive(cursor: Any, releases: Sequence[Release], *, only_changed: bool) -> None:
    cursor.execute(
        _DERIVE.format(of_these=_OF_THESE if only_changed else ""),
        {
            "releases": [release.pk for release in releases],
            "in_force": [release.in_force_from for release in releases],
        },
    )
    cursor.execute("ANALYZE derived_meaning")
    for condition in (_SAME_ADDED, "true"):
        cursor.execute(_KEEP_IDS.format(condition=condition))


def _remove(cursor: Any, changes: CatalogueChanges, *, only_changed: bool) -> None:
    """Through the ORM, which knows who is bound to a code without this room knowing them."""
    derived_anew = "JOIN changed_string USING (kind, code)" if only_changed else ""
    cursor.execute(
        f"SELECT known.id FROM hcpcs_code AS known {derived_anew} EXCEPT SELECT code_id FROM derived_meaning"  # noqa: S608
    )
    gone = Code.objects.filter(pk__in=[row[0] for row in cursor.fetchall()]).order_by("kind", "code", "id")
    changes.removed = list(gone.values_list("kind", "code"))
    if not changes.removed:
        return
    try:
        gone.delete()
    except ProtectedError as error:
        names = ", ".join(code for _, code in changes.removed[:10])
        raise CatalogueError(
            f"It would remove meanings of codes from the catalogue, some of which are in use: {names}. "
            "Nothing was changed."
        ) from error


def _update(cursor: Any, changes: CatalogueChanges) -> None:
    differs = f"({_OLD_VALUES}) IS DISTINCT FROM ({_VALUES})"
    cursor.execute(
        f"SELECT {_OLD_VALUES}, {_VALUES}, known.id FROM {_RECORDS}"  # noqa: S608
        " JOIN hcpcs_code AS known ON known.id = meaning.code_id"
        f" WHERE {differs} ORDER BY known.kind, known.code, known.id"
    )
    rows = cursor.fetchall()
    for row in rows:
        before = dict(zip(LAYOUT_FIELDS, row[: len(LAYOUT_FIELDS)], strict=True))
        after = dict(zip(LAYOUT_FIELDS, row[len(LAYOUT_FIELDS) : -1], strict=True))
        fields = {name: (before[name], after[name]) for name in CONTENT_FIELDS if before[name] != after[name]}
        if fields:
            changes.changed.append(CodeChange(after["kind"], after["code"], fields))
    cursor.execute(
        f"UPDATE hcpcs_code AS known SET ({_COLUMNS}) = ROW ({_VALUES})"  # noqa: S608
        f" FROM {_RECORDS} WHERE known.id = meaning.code_id AND known.id = ANY(%s)",
        [[row[-1] for row in rows]],
    )
    # Apart from the values, so that a code that stays as it is keeps its place in every index.
    cursor.execute(
        "UPDATE hcpcs_code AS known SET first_release_id = meaning.first_release_id,"
        " last_release_id = meaning.last_release_id FROM derived_meaning AS meaning WHERE known.id = meaning.code_id"
        " AND (known.first_release_id, known.last_release_id)"
        " IS DISTINCT FROM (meaning.first_release_id, meaning.last_release_id)"
    )


def _insert(cursor: Any, changes: CatalogueChanges) -> None:
    cursor.execute(
        "SELECT kind, code, EXISTS (SELECT FROM hcpcs_code AS known WHERE (known.kind, known.code) ="
        " (meaning.kind, meaning.code)) FROM derived_meaning AS meaning WHERE code_id IS NULL"
        " ORDER BY kind, code, island"
    )
    for kind, code, is_reused in cursor.fetchall():
        changes.added.append((kind, code))
        if is_reused:
            changes.reused.append((kind, code))
    # The words of a whole catalogue are put where the search looks besides its index, and sorted in by the next vacuum;
    # at the usual limit that is done here, twice, and takes half of the statement's time.
    cursor.execute("SET LOCAL gin_pending_list_limit = '64MB'")
    cursor.execute(
        f"INSERT INTO hcpcs_code ({_COLUMNS}, first_release_id, last_release_id)"  # noqa: S608
        f" SELECT {_VALUES}, meaning.first_release_id, meaning.last_release_id FROM {_RECORDS}"
        " WHERE meaning.code_id IS NULL"
    )
    cursor.execute("SET LOCAL gin_pending_list_limit TO DEFAULT")
