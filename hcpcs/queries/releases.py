"""Which releases are loaded, and what they say about a code."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, Max, OuterRef

from hcpcs.models import Code, Kind, Release, ReleaseRecord
from hcpcs.queries.codes import as_code
from hcpcs.queries.release_comparison import differences


@dataclass(frozen=True)
class FieldHistory:
    """What a release said of a code that the loaded release before it had not: field name -> (before, after)."""

    release: Release
    record: ReleaseRecord
    changes: dict[str, tuple[Any, Any]]


def loaded_releases() -> list[Release]:
    """Every loaded release, newest first."""
    return sorted(Release.objects.all(), key=lambda release: release.age_key, reverse=True)


def newest_complete_release() -> Release | None:
    return next((release for release in loaded_releases() if release.is_complete), None)


def catalogue_fingerprint() -> str:
    """Another text after every import: of a new release, of one that replaces another, of one taken away.

    The catalogue is a function of the loaded releases, so that what is told of codes stays as it is while this does.
    """
    told = Release.objects.aggregate(Count("pk"), Max("pk"), Max("imported_at"))
    return " ".join(str(value) for value in told.values())


def record_history(code: str, *, kind: str = Kind.CODE) -> list[FieldHistory]:
    """Every release that has the code string, newest first, each with what it changed. The oldest has no changes.

    Goes by the string: for a code that was used again, the history runs through all of its meanings.
    """
    records = sorted(
        ReleaseRecord.objects.filter(kind=kind, code=as_code(code)).select_related("release"),
        key=lambda record: record.release.age_key,
    )
    history = [
        FieldHistory(record.release, record, differences(before, record) if before else {})
        for before, record in zip([None, *records], records, strict=False)
    ]
    return history[::-1]


def absent_from(release: Release) -> list[tuple[str, str]]:
    """(kind, code) of the catalogue's codes that an older release has and this one has not.

    CMS keeps ended codes in its files, so that absence is a question to CMS and no end.
    """
    older = [other.pk for other in Release.objects.all() if other.age_key < release.age_key]
    if not older:
        return []
    there = release.records.filter(kind=OuterRef("kind"), code=OuterRef("code"))
    missing = Code.objects.filter(~Exists(there), first_release__in=older)
    return list(missing.order_by("kind", "code").values_list("kind", "code").distinct())
