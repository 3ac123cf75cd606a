"""Releases that somebody asked for, and what the loaded ones are."""

import hashlib
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import QuerySet

from hcpcs.models import ImportState, Release, ReleaseImport, ReleaseImportLine
from hcpcs.models.release_import import AT_WORK

LINES_PER_PAGE = 100


def catalogue_seen() -> str:
    """Changes with every release that is loaded or replaced: what a preview was reckoned against."""
    loaded = Release.objects.order_by("pk").values_list("pk", "sha256", "year", "quarter", "revision")
    return hashlib.sha256(repr(list(loaded)).encode()).hexdigest()


def imports_under_way() -> int:
    """How many are being read or loaded, or wait for a registrar's word."""
    return ReleaseImport.objects.filter(state__in=[*AT_WORK, ImportState.READY]).count()


def recent_imports(limit: int) -> list[ReleaseImport]:
    """Newest first, with the people."""
    return list(ReleaseImport.objects.select_related("asked_by", "confirmed_by")[:limit])


def last_loaded_by() -> dict[int, ReleaseImport]:
    """Release id -> the import that a registrar loaded it with; releases loaded from the command line have none."""
    loaded = ReleaseImport.objects.filter(state=ImportState.LOADED, release__isnull=False, counts__writes=True)
    return {
        row.release_id: row
        for row in loaded.select_related("confirmed_by").order_by("finished_at")
        if row.release_id is not None
    }


def lines_on_page(release_import: ReleaseImport, section: str, page: int) -> QuerySet[ReleaseImportLine]:
    """By number, so that the last page costs what the first does."""
    first = (page - 1) * LINES_PER_PAGE + 1
    numbers = (first, first + LINES_PER_PAGE - 1)
    return release_import.lines.filter(section=section, number__range=numbers).order_by("number")


def with_files_of_old(now: datetime) -> QuerySet[ReleaseImport]:
    """Imports whose file has been kept long enough, unless a job needs it."""
    old = now - timedelta(days=settings.RELEASE_FILE_DAYS)
    at_work = [ImportState.READING, ImportState.CONFIRMED]
    return ReleaseImport.objects.filter(asked_at__lt=old).exclude(file="").exclude(state__in=at_work)
