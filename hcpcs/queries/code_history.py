"""What every loaded release said about a code string, meaning by meaning."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from hcpcs.models import Code, Kind, Release, ReleaseRecord
from hcpcs.queries.codes import as_code, meanings
from hcpcs.queries.release_comparison import differences
from hcpcs.queries.releases import loaded_releases


@dataclass(frozen=True)
class HistoryEvent:
    """What one release introduced.

    `record` is None where a complete release no longer has the string. `changes` is field name -> (before, after),
    compared with the loaded release before it that has this meaning; empty for the first one.
    """

    release: Release
    record: ReleaseRecord | None
    is_first: bool = False
    changes: dict[str, tuple[Any, Any]] = field(default_factory=dict)


@dataclass(frozen=True)
class MeaningHistory:
    """`events`, newest first, are of the releases in which something changed; `silent` of the others nothing did."""

    meaning: Code
    events: list[HistoryEvent]
    silent: list[Release]


@dataclass(frozen=True)
class CodeHistory:
    """`meanings` newest first; `releases` are those that have the string, newest first."""

    code: str
    kind: str
    meanings: list[MeaningHistory]
    releases: list[Release]
    records: dict[int, ReleaseRecord]
    """Release id -> what it says of the string."""

    @property
    def newest(self) -> Code:
        return self.meanings[0].meaning


def code_history(code: str, *, kind: str = Kind.CODE) -> CodeHistory | None:
    """None for a string that was never in the catalogue. Costs three queries, however many releases are loaded."""
    known = list(meanings(code, kind=kind).select_related("first_release", "last_release").defer("search"))
    if not known:
        return None
    records = {record.release_id: record for record in records_of(code, kind=kind)}
    loaded = loaded_releases()[::-1]
    having = [release for release in loaded if release.pk in records]
    of_meaning: dict[int, list[ReleaseRecord | Release]] = {meaning.pk: [] for meaning in known}
    place = known[0].pk
    for release in loaded:
        if release.pk in records:
            place = meaning_of_record(records[release.pk], known).pk
            of_meaning[place].append(records[release.pk])
        elif release.is_complete and any(of_meaning.values()):
            of_meaning[place].append(release)
    histories = [_history(meaning, of_meaning[meaning.pk]) for meaning in reversed(known)]
    return CodeHistory(known[-1].code, kind, histories, having[::-1], records)


def records_of(code: str, *, kind: str) -> list[ReleaseRecord]:
    """What each loaded release says of the string, oldest release first. Costs one query."""
    found = ReleaseRecord.objects.filter(kind=kind, code=as_code(code)).select_related("release")
    return sorted(found, key=lambda record: record.release.age_key)


def meaning_of_record(record: ReleaseRecord, known: Sequence[Code]) -> Code:
    """The meaning, of all that the string has had (oldest first), that a release speaks of.

    The one with the record's added date; else the newest that the release can have known.
    """
    age = record.release.age_key
    within = [each for each in known if each.first_release.age_key <= age <= each.last_release.age_key]
    same_day = [each for each in within if each.added == record.added]
    return (same_day or within or [each for each in known if each.first_release.age_key <= age] or known[:1])[-1]


def _history(meaning: Code, told: list[ReleaseRecord | Release]) -> MeaningHistory:
    """`told` is oldest first: a record, or a complete release that has none."""
    events: list[HistoryEvent] = []
    silent: list[Release] = []
    before: ReleaseRecord | None = None
    is_absent = False
    for each in told:
        if isinstance(each, Release):
            if is_absent:
                silent.append(each)
            else:
                events.append(HistoryEvent(each, None))
            is_absent = True
            continue
        changes = differences(before, each) if before else {}
        if before is None or changes or is_absent:
            events.append(HistoryEvent(each.release, each, is_first=before is None, changes=changes))
        else:
            silent.append(each.release)
        before, is_absent = each, False
    return MeaningHistory(meaning, events[::-1], silent[::-1])


@dataclass(frozen=True)
class RecordAsOf:
    """What a release says of a meaning on a day; `covers_day` where the day lies in the release's own period."""

    record: ReleaseRecord
    covers_day: bool

    @property
    def release(self) -> Release:
        return self.record.release


def record_as_of(meaning: Code, *, known: Sequence[Code], on: date) -> RecordAsOf | None:
    """The record in force on date of service `on`: of the newest release that was in force by then and has the meaning.

    Where none of those is loaded, the oldest release after it. `known` are all meanings of the string, oldest first,
    with their releases. None for a meaning without a record. Costs one query.
    """
    records = [
        record
        for record in records_of(meaning.code, kind=meaning.kind)
        if meaning_of_record(record, known).pk == meaning.pk
    ]
    if not records:
        return None
    begun = [record for record in records if record.release.in_force_from <= on]
    shown = (begun or records[:1])[-1]
    return RecordAsOf(shown, covers_day=shown.release.in_force_from <= on < first_day_after(shown.release))


def first_day_after(release: Release) -> date:
    """The first day of the next release's period: a quarter later, after an annual file the next 1 January."""
    if release.quarter in {None, 4}:
        return date(release.year + 1, 1, 1)
    return date(release.year, 3 * (release.quarter or 1) + 1, 1)
