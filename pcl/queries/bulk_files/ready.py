"""Which bulk files are ready, and whether it is time for others."""

import hashlib
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Count, Max
from django.utils import timezone

from hcpcs.queries.releases import catalogue_fingerprint
from pcl.models import (
    ExportFailure,
    ExportFile,
    ExportSet,
    ListingChange,
    Organization,
    OrganizationName,
    Publication,
    Requirement,
    RequirementChange,
)
from pcl.queries.bulk_files.nouns import NOUNS

# Making a set may cost a fifth of a processor, no more.
TIMES_AS_LONG = 4
PAUSE_AFTER_FAILURE = timedelta(minutes=10)


def newest_set() -> ExportSet | None:
    return ExportSet.objects.order_by("-generated_at").first()


def newest_files() -> list[ExportFile]:
    """The files of the newest set, noun by noun; none while none was ever made."""
    newest = newest_set()
    if newest is None:
        return []
    files = list(newest.files.order_by("pk"))
    for file in files:
        file.export_set = newest
    return files


def latest_file(noun: str, file_format: str) -> ExportFile | None:
    of_kind = ExportFile.objects.filter(noun=noun, format=file_format).select_related("export_set")
    return of_kind.order_by("-export_set__generated_at").first()


def register_fingerprint() -> str:
    """Another text whenever a bulk file would tell something else, apart from what the day decides."""
    told = [
        catalogue_fingerprint(),
        ListingChange.objects.aggregate(Max("seq")),
        Organization.objects.aggregate(Count("pk"), Max("pk"), Count("merged_into")),
        OrganizationName.objects.aggregate(Count("pk"), Max("pk")),
        Requirement.objects.aggregate(Count("pk"), Max("pk")),
        RequirementChange.objects.aggregate(Count("pk")),
        list(Publication.objects.order_by("pk").values_list("pk", "version", "slug", "title")),
        [(noun.name, noun.schema_version) for noun in NOUNS.values()],
    ]
    return hashlib.sha256(repr(told).encode()).hexdigest()


def is_due(now: datetime) -> bool:
    """Whether a set should be made: something changed and the last one has rested, another day has come, or none is."""
    newest, failure = newest_set(), ExportFailure.objects.order_by("-at").first()
    if failure and (newest is None or failure.at > newest.generated_at) and now - failure.at < PAUSE_AFTER_FAILURE:
        return False
    if newest is None or _day(newest.generated_at) != _day(now):
        return True
    if not all(file.path.exists() for file in newest.files.all()):
        return True
    pause = max(timedelta(seconds=settings.EXPORT_PAUSE_SECONDS), TIMES_AS_LONG * newest.took)
    rested = now - (newest.generated_at + newest.took) >= pause
    return rested and newest.fingerprint != register_fingerprint()


def untold_failures() -> int:
    """1 while the newest attempt to make files failed, for the registrar's home; else 0."""
    newest = newest_set()
    failures = ExportFailure.objects.all()
    return int((failures.filter(at__gt=newest.generated_at) if newest else failures).exists())


def _day(instant: datetime) -> object:
    return timezone.localdate(instant)
