"""The catalogue as a terminology: releases are versions, codes and modifiers are concepts, as of a day."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from django.db.models import Count, QuerySet, Window

from hcpcs.models import Code, Kind, Release, ReleaseRecord
from hcpcs.queries.closest_first import closest_first
from hcpcs.queries.codes import meanings, search_codes
from hcpcs.queries.releases import loaded_releases
from hcpcs.queries.shown_meanings import begun_by, shown_on
from hcpcs.queries.words import words_of

MODIFIER_LENGTH = 2


class Concept(NamedTuple):
    """What is told of a code or modifier. The names are those of the record layout."""

    kind: str
    code: str
    short_description: str
    long_description: str
    added: date | None
    terminated: date | None
    action_effective: date | None
    action_code: str
    pricing_indicators: list[str]
    multiple_pricing_indicator: str
    coverage: str
    betos: str
    types_of_service: list[str]
    cross_references: list[str]
    lab_certifications: list[str]
    cim_references: list[str]
    mcm_references: list[str]
    statute: str
    asc_group: str
    asc_effective: date | None
    processing_note: str
    anesthesia_base_units: int | None

    @property
    def display(self) -> str:
        """CMS's short description; a record without one shows the long one."""
        return self.short_description or self.long_description

    def begun_on(self, day: date) -> bool:
        return self.added is None or self.added <= day

    def ended_on(self, day: date) -> bool:
        return self.terminated is not None and self.terminated < day

    def valid_on(self, day: date) -> bool:
        """Added and termination date both included, as in `Code.valid_on`."""
        return self.begun_on(day) and not self.ended_on(day)

    @property
    def first_day_after(self) -> date | None:
        """The first day on which the concept can no longer be used."""
        return None if self.terminated is None else self.terminated + timedelta(days=1)


@dataclass(frozen=True)
class Version:
    """A loaded release as a version of the terminology."""

    release: Release

    @property
    def name(self) -> str:
        """Year and month in which the release took effect, and the revision: `2025-10.3`."""
        return f"{self.quarter}.{self.release.revision}"

    @property
    def quarter(self) -> str:
        return f"{self.release.in_force_from:%Y-%m}"

    def is_called(self, name: str) -> bool:
        """The month alone stands for its newest revision; `versions` has that first."""
        return name in {self.name, self.quarter}


@dataclass(frozen=True)
class Terminology:
    """All loaded complete releases, newest first; without any, the excerpts."""

    versions: list[Version]
    is_complete: bool
    # Changes with every import.
    fingerprint: str

    @property
    def current(self) -> Version | None:
        return self.versions[0] if self.versions else None

    @property
    def last_updated(self) -> datetime | None:
        return max((version.release.imported_at for version in self.versions), default=None)

    def version(self, name: str) -> Version | None:
        return next((version for version in self.versions if version.is_called(name)), None)


def terminology() -> Terminology:
    """Costs one query."""
    releases = loaded_releases()
    complete = [release for release in releases if release.is_complete]
    told = "|".join(f"{release.pk}:{release.sha256}:{release.imported_at.isoformat()}" for release in releases)
    return Terminology(
        versions=[Version(release) for release in complete or releases],
        is_complete=bool(complete),
        fingerprint=hashlib.sha256(told.encode()).hexdigest()[:16],
    )


def concept_on(code: str, day: date) -> Concept | None:
    """The meaning that `day` shows of exactly this code string, None for an unknown one. Costs one query."""
    known = list(meanings(code, kind=_kind_of(code)).values_list(*Concept._fields))
    concepts = [concept for concept in map(Concept._make, known) if concept.code == code]
    begun = [concept for concept in concepts if concept.begun_on(day)]
    return next(reversed(begun or concepts[:1]), None)


def concept_in(code: str, release: Release) -> Concept | None:
    """What one release says of exactly this code string. Costs one query."""
    found = ReleaseRecord.objects.filter(release=release, kind=_kind_of(code), code=code)
    row = found.values_list(*Concept._fields).first()
    return None if row is None else Concept._make(row)


def all_concepts(day: date) -> list[Concept]:
    """Every code and modifier once, in order of the code. Costs one query."""
    rows = Code.objects.filter(shown_on(day)).order_by("code").values_list(*Concept._fields)
    return [Concept._make(row) for row in rows]


def count_concepts(day: date) -> int:
    return Code.objects.filter(shown_on(day)).count()


@dataclass(frozen=True)
class Expansion:
    total: int
    concepts: list[Concept]


def expansion(*, words: str, day: date, active_only: bool, start: int, size: int | None) -> Expansion:
    """The concepts that had begun by `day`: all, or those with `words` in them; `active_only`, those valid on it.

    Without words in order of the code, with them the closest first. Costs one query, and a second one where `start`
    lies behind the last row.
    """
    found = search_codes(q=words, on=day, status="current" if active_only else "all")
    found = found.filter(shown_on(day)).filter(begun_by(day))
    return _page(closest_first(found, words_of(words)), start, size)


def _page(found: QuerySet[Code], start: int, size: int | None) -> Expansion:
    if size == 0:
        return Expansion(found.count(), [])
    end = None if size is None else start + size
    rows: Iterable[Any] = found.annotate(total=Window(Count("*"))).values_list("total", *Concept._fields)[start:end]
    taken = list(rows)
    total = taken[0][0] if taken else found.count() if start else 0
    return Expansion(total, [Concept._make(row[1:]) for row in taken])


def _kind_of(code: str) -> str:
    return Kind.MODIFIER if len(code) == MODIFIER_LENGTH else Kind.CODE
