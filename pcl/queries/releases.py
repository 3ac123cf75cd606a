"""Releases and what they changed, as pages, files and the API tell it."""

import csv
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from io import StringIO
from typing import Any

from django.db.models import QuerySet
from django.http import QueryDict

from hcpcs.models import Release, ReleaseRecord
from hcpcs.queries.code_history import CodeHistory
from hcpcs.queries.field_values import as_text, label_of
from hcpcs.queries.release_comparison import (
    ChangeCounts,
    Comparison,
    RecordChange,
    ReleaseChangeKind,
    change_counts,
    changed_records,
    comparisons,
    with_both_sides,
)
from hcpcs.queries.releases import loaded_releases
from pcl.queries.codes import code_url
from pcl.queries.keyset import Row
from pcl.queries.parameters import choice_in, text_in

K = ReleaseChangeKind
# (what a record of this kind is called, what exactly is counted).
KIND_WORDS = {
    K.ADDED: ("Added", "stand in this release and not in the one before"),
    K.ENDED: ("Ended", "stand in both; have a termination date in this release and had none in the one before"),
    K.END_MOVED: ("End moved", "stand in both; had a termination date, and now have another one or none"),
    K.REDESCRIBED: ("Re-described", "stand in both; their long description differs in any character"),
    K.REPRICED: ("Re-priced", "stand in both; a pricing indicator or the multiple pricing indicator differs"),
    K.OTHER: (
        "Other fields",
        (
            "stand in both; a field differs that is none of those above and no note of CMS's own maintenance (short "
            "description, coverage, BETOS, type of service, references, payment groups …)"
        ),
    ),
    K.MAINTENANCE: (
        "Maintenance only",
        "stand in both; nothing differs but the action code or the action effective date",
    ),
    K.ABSENT: (
        "Absent",
        (
            "stand in the release before and not in this one. CMS keeps ended codes in its files, so that this is a "
            "question to CMS and no end"
        ),
    ),
}


@dataclass(frozen=True)
class ShownRelease:
    """`comparison` and `counts` are None where no older complete release is loaded."""

    release: Release
    comparison: Comparison | None
    counts: ChangeCounts | None


def shown_releases() -> list[ShownRelease]:
    """Every loaded release, newest first. Costs two queries, and only one once the counts are known."""
    loaded = loaded_releases()
    compared = comparisons(loaded)
    counts = change_counts(compared.values())
    return [ShownRelease(release, compared.get(release.pk), counts.get(release.pk)) for release in loaded]


def shown_release(release_id: int) -> ShownRelease | None:
    loaded = loaded_releases()
    release = next((each for each in loaded if each.pk == release_id), None)
    if release is None:
        return None
    compared = comparisons(loaded).get(release.pk)
    return ShownRelease(release, compared, change_counts([compared])[release.pk] if compared else None)


def release_link(release: Release) -> Row:
    return {"id": release.pk, "label": release.label, "in_force_from": release.in_force_from}


def release_row(shown: ShownRelease, *, site: str) -> Row:
    release, counts = shown.release, shown.counts
    return {
        **release_link(release),
        "year": release.year,
        "quarter": release.quarter,
        "revision": release.revision,
        "is_complete": release.is_complete,
        "file_name": release.file_name,
        "sha256": release.sha256.strip(),
        "source": release.source,
        "imported_at": release.imported_at,
        "codes": release.code_count,
        "modifiers": release.modifier_count,
        "compared_with": release_link(shown.comparison.before) if shown.comparison else None,
        "changes": {str(kind): number for kind, number in counts.of_kind.items()} if counts else None,
        "url": f"{site}/releases/{release.pk}/",
    }


@dataclass(frozen=True)
class AskedChanges:
    kind: ReleaseChangeKind | None
    q: str

    def found(self, comparison: Comparison) -> QuerySet[ReleaseRecord]:
        return changed_records(comparison, kind=self.kind, q=self.q)


def asked_changes(given: QueryDict) -> AskedChanges:
    """Raises BadParameter for a kind that there is not, or a text that cannot be looked for."""
    kind = choice_in(given, "kind", ["all", *K], default="all")
    return AskedChanges(None if kind == "all" else K(kind), text_in(given, "q"))


def changes_in(comparison: Comparison) -> Callable[[QuerySet[ReleaseRecord]], list[Row]]:
    """Makes rows of records: `change` is the RecordChange, `code` and `number` its place in the list."""

    def rows(records: QuerySet[ReleaseRecord]) -> list[Row]:
        return [
            {"code": change.record.code, "number": change.record.pk, "change": change}
            for change in with_both_sides(records, comparison)
        ]

    return rows


def field_changes(fields: dict[str, tuple[Any, Any]]) -> list[Row]:
    """Differences as the API tells them."""
    return [
        {"field": name, "label": label_of(name), "before": _plain(before), "after": _plain(after)}
        for name, (before, after) in fields.items()
    ]


def _plain(value: Any) -> Any:
    return [each for each in value if each] if isinstance(value, list) else as_text(value) or None


def told_changes(comparison: Comparison, *, site: str) -> Callable[[QuerySet[ReleaseRecord]], list[Row]]:
    rows_of = changes_in(comparison)

    def rows(records: QuerySet[ReleaseRecord]) -> list[Row]:
        return [_told(row["change"], site=site) | {"number": row["number"]} for row in rows_of(records)]

    return rows


def _told(change: RecordChange, *, site: str) -> Row:
    record = change.record
    return {
        "code": record.code,
        "kind": record.kind,
        "changes": [str(kind) for kind in change.kinds],
        "long_description": record.long_description,
        "short_description": record.short_description,
        "added": record.added,
        "terminated": record.terminated,
        "differences": field_changes(change.fields),
        "url": code_url(record.code, site=site),
    }


def history_rows(found: CodeHistory) -> list[Row]:
    """The events of all meanings, newest meaning and newest release first."""
    return [
        {
            "release": release_link(event.release),
            "meaning": {"added": each.meaning.added, "terminated": each.meaning.terminated},
            "is_first": event.is_first,
            "is_absent": event.record is None,
            "long_description": event.record.long_description if event.record else None,
            "differences": field_changes(event.changes),
        }
        for each in found.meanings
        for event in each.events
    ]


CSV_COLUMNS = (
    *("code", "kind", "changes", "added", "terminated", "long_description", "long_description_before"),
    *("pricing_indicators", "pricing_indicators_before", "differences"),
)
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


def changes_as_csv(asked: AskedChanges, comparison: Comparison) -> Iterator[bytes]:
    """The rows that the page shows, all of them. Cells that a spreadsheet would take for a formula are made harmless.

    `differences` has every field that differs, as "field: before → after", with "; " between.
    """
    yield _line(CSV_COLUMNS)
    # A release is at most some ten thousand short rows: read at once, so that all are of one instant.
    for row in changes_in(comparison)(asked.found(comparison)):
        yield _line(_cells(row["change"]))


def _cells(change: RecordChange) -> list[str]:
    record, before = change.record, change.before
    earlier = change.fields
    return [
        record.code,
        record.kind,
        " ".join(change.kinds),
        as_text(record.added),
        as_text(record.terminated),
        record.long_description,
        as_text(earlier["long_description"][0]) if "long_description" in earlier else "",
        as_text(record.pricing_indicators),
        as_text(before.pricing_indicators) if before and "pricing_indicators" in earlier else "",
        "; ".join(f"{name}: {as_text(old)} → {as_text(new)}" for name, (old, new) in earlier.items()),
    ]


def _line(cells: tuple[str, ...] | list[str]) -> bytes:
    text = StringIO()
    csv.writer(text, lineterminator="\n").writerow(
        [f"'{cell}" if cell.startswith(_FORMULA) else cell for cell in cells]
    )
    return text.getvalue().encode()
